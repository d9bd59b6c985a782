package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The plans there are. */
public interface Plans {
    void add(StoredPlan plan);

    Optional<StoredPlan> find(UUID id);

    /** The same, and nobody else decides about it until the transaction ends. */
    Optional<StoredPlan> lock(UUID id);

    void decide(UUID id, Status status, String by, Instant at, @Nullable String comment);

    void drifted(UUID id, List<String> differences);

    /** Newest first. */
    List<StoredPlan> list(
            @Nullable UUID deploymentId,
            @Nullable String status,
            @Nullable Instant beforeTime,
            @Nullable UUID beforeId,
            int limit);

    /** Newest first: those that nobody has decided on, and those that are approved and were never started. */
    List<StoredPlan> undone(int limit);

    enum Status {
        PLANNED,
        APPROVED,
        REJECTED,
        DRIFTED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param canonical the plan as it was hashed
     * @param runId the run that carries it out, if there is one
     */
    record StoredPlan(
            UUID id,
            Plan plan,
            String canonical,
            String hash,
            Status status,
            String plannedBy,
            Instant plannedAt,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            @Nullable String comment,
            List<String> differences,
            @Nullable UUID runId,
            long version) {}
}
