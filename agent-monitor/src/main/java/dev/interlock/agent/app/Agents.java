package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The agents that are known. */
public interface Agents {
    /** @return false when the id is taken */
    boolean add(Agent agent, String registeredBy);

    Optional<Agent> find(UUID id);

    /** Reads an agent and keeps others from recording or telling about it until the transaction ends. */
    Optional<Agent> lock(UUID id);

    void setStanding(UUID id, Standing standing);

    /**
     * A validation of {@code at} was reported, good or bad; the next is expected within {@code within}. Timers are kept to a
     * twentieth of that, so that most validations leave them alone; an agent is never told as silent too early.
     *
     * @return since when the agent had been silent, if it had
     */
    Optional<Instant> heard(UUID id, Instant at, Duration within);

    /** The first validation is expected before {@code silenceAt}. */
    void expect(UUID id, Instant silenceAt);

    Optional<Instant> heardAt(UUID id);

    /** Agents of which nothing was heard in time. */
    List<UUID> silent(Instant now, int limit);

    /** @return false when it was heard meanwhile */
    boolean fallSilent(UUID id, Instant now);

    /** Agents that have never been on the topic of states; locked. */
    List<UUID> unannounced(int limit);

    void announced(UUID id);

    /** Where a page starts. */
    record Position(String name, UUID id) {}

    /** By name. */
    List<Agent> page(@Nullable UUID licenseServerId, @Nullable Position after, int limit);
}
