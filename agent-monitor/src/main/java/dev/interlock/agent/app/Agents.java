package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.Standing;
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

    /** Where a page starts. */
    record Position(String name, UUID id) {}

    /** By name. */
    List<Agent> page(@Nullable UUID licenseServerId, @Nullable Position after, int limit);
}
