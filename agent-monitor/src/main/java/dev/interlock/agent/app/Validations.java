package dev.interlock.agent.app;

import dev.interlock.agent.domain.Standing;
import dev.interlock.agent.domain.Validation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What agents reported. */
public interface Validations {
    /** @return false when the agent has a validation with this id already */
    boolean add(UUID agentId, Validation validation, Instant recordedAt);

    Optional<Validation> find(UUID agentId, String id);

    /** The standing that follows from all of an agent's validations, by two look-ups in the index. */
    Standing standing(UUID agentId);

    /** In order of time. */
    List<Validation> all(UUID agentId);
}
