package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.GraceStory.Opening;
import dev.interlock.agent.domain.GraceStory.Told;
import dev.interlock.agent.domain.Validation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What has been told of agents' grace periods. */
public interface GraceLedger {
    /** The period that is open or expired, if any. */
    Optional<Told> told(UUID agentId);

    void open(UUID id, Agent agent, Opening opening, Validation firstFailure);

    /** Writes how far the story of an agent's present period has come. */
    void write(UUID agentId, Told told, @Nullable Instant wakeAt);

    /** @param endedAt null when it had expired before the success */
    void close(UUID agentId, @Nullable Instant endedAt);

    /** Agents of whom something is to be told now. */
    List<UUID> due(Instant now, int limit);

    /** One told period; {@code firstFailure} is the reason of the failure that began it. */
    record Entry(
            UUID id,
            UUID agentId,
            String agentName,
            UUID licenseServerId,
            Instant startedAt,
            Instant endsAt,
            @Nullable Instant endedAt,
            GracePeriod.State state,
            String firstFailure) {}

    /** Where a page starts. */
    record Position(Instant endsAt, UUID id) {}

    /** Which periods a list shows; null means any. */
    record Filter(
            GracePeriod.@Nullable State state,
            @Nullable UUID agentId,
            @Nullable UUID licenseServerId) {}

    /** By their end, soonest first. */
    List<Entry> page(Filter filter, @Nullable Position after, int limit);
}
