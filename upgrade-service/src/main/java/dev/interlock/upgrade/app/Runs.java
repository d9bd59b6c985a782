package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Command;
import dev.interlock.upgrade.domain.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The runs there are. Rows are the truth: an instance that carries a run only remembers them. */
public interface Runs {
    /** @return false if the deployment has an active run already */
    boolean add(Run queued, String startedBy, Instant at, @Nullable String traceparent);

    Optional<StoredRun> find(UUID id);

    /**
     * Reads the run, and nobody else moves it until the transaction ends.
     *
     * @param known what the caller remembers; used instead of reading again if its version is still the row's
     */
    Optional<StoredRun> lock(UUID id, @Nullable StoredRun known);

    /**
     * Stores a decision with all that belongs to it.
     *
     * @return the run as it is stored now
     */
    StoredRun save(StoredRun before, Run after, List<Command> commands, String instance, Instant at);

    /** What came of an attempt, for people to read. */
    void attemptEnded(UUID runId, Ended ended);

    record Ended(String stepId, int attempt, Instant at, StepOutcome outcome) {}

    Optional<UUID> activeOf(UUID deploymentId);

    Optional<Run.Status> statusOf(UUID id);

    // ---- leases, by the database's clock

    /** Runs that somebody should carry on and nobody does. */
    List<UUID> abandoned();

    /**
     * Takes a run.
     *
     * @param mostAtOnce a queued run is only taken if fewer are going on
     * @return the epoch under which it is carried from now on; empty if somebody else has it, or there is no room
     */
    OptionalLong acquire(UUID id, String instance, Duration lease, int mostAtOnce);

    /** @return the run's version, or empty if the lease is lost */
    OptionalLong renew(UUID id, long epoch, Duration lease);

    /** Lets go, so that somebody else may take it at once. */
    void release(UUID id, long epoch);

    // ---- for readers

    /**
     * Newest first.
     *
     * @param active whether it has not ended
     */
    List<StoredRun> list(
            @Nullable UUID deploymentId,
            @Nullable String status,
            @Nullable Boolean active,
            @Nullable Instant beforeTime,
            @Nullable UUID beforeId,
            int limit);

    /** Newest first: those that have not ended, and those that failed and that no other run of the deployment followed. */
    List<StoredRun> present();

    List<Attempt> attempts(UUID runId);

    /** What a host's own tools said during an attempt; empty if there was none. */
    Optional<String> output(UUID runId, String stepId, int attempt);

    List<Event> events(UUID runId, long after, int limit);

    /**
     * @param lastEvent number of the newest line in its story
     * @param epoch of the instance that carries it
     */
    record StoredRun(
            Run run,
            String startedBy,
            Instant queuedAt,
            @Nullable String traceparent,
            long version,
            long lastEvent,
            long epoch,
            @Nullable String owner) {}

    record Attempt(
            String stepId,
            int attempt,
            Instant begunAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable String reason,
            String phases,
            String carriedBy,
            int takenUp) {}

    /** @param data JSON */
    record Event(long seq, String type, String data, Instant at) {}
}
