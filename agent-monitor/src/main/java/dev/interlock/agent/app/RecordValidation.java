package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.Recording;
import dev.interlock.agent.domain.Standing;
import dev.interlock.agent.domain.Validation;
import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.AgentEvent.AgentHeard;
import dev.interlock.contracts.AgentEvent.AgentValidated;
import dev.interlock.contracts.AgentEvent.AgentValidationFailed;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;

/** Takes a report of a validation, whenever and however often it arrives, and tells what follows from it. */
@Singleton
public class RecordValidation {
    private final Agents agents;
    private final Validations validations;
    private final RegisterAgent register;
    private final TellGrace grace;
    private final Outbox outbox;
    private final AgentSettings settings;
    private final Clock clock;

    RecordValidation(
            Agents agents,
            Validations validations,
            RegisterAgent register,
            TellGrace grace,
            Outbox outbox,
            AgentSettings settings,
            Clock clock) {
        this.agents = agents;
        this.validations = validations;
        this.register = register;
        this.grace = grace;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    @Transactional
    public Recording handle(UUID agentId, Validation validation) {
        if (validation.at().isAfter(clock.instant().plus(settings.clockTolerance()))) {
            return new Recording.InFuture();
        }
        return agents.lock(agentId).map(agent -> record(agent, validation)).orElseGet(Recording.AgentUnknown::new);
    }

    /** From a session; an agent that nobody has registered is registered by it, so that its grace is watched too. */
    @Transactional
    public Recording fromSession(UUID agentId, UUID licenseServerId, Validation validation) {
        if (agents.find(agentId).isEmpty()) {
            // Empty when another session has just done so, which serves as well.
            var _ = register.handle(agentId, "agent " + agentId, licenseServerId, null, null, "license-service");
        }
        return record(agents.lock(agentId).orElseThrow(), validation);
    }

    private Recording record(Agent agent, Validation validation) {
        var now = clock.instant();
        if (!validations.add(agent.id(), validation, now)) {
            var existing = validations.find(agent.id(), validation.id()).orElseThrow();
            return existing.equals(validation) ? new Recording.RecordedBefore(agent) : new Recording.IdTaken(existing);
        }
        var standing = validations.standing(agent.id());
        if (!standing.equals(agent.standing())) {
            agents.setStanding(agent.id(), standing);
        }
        outbox.add(event(agent, validation));
        agents.heard(agent.id(), validation.at(), settings.silentAfter())
                .ifPresent(since ->
                        outbox.add(new AgentHeard(agent.id(), agent.licenseServerId(), since, validation.at())));
        grace.tell(agent, standing, now);
        return new Recording.Recorded(agent.withStanding(standing));
    }

    private static AgentEvent event(Agent before, Validation validation) {
        boolean neverLicensed = before.standing() instanceof Standing.NeverLicensed;
        if (validation.succeeded()) {
            return new AgentValidated(
                    before.id(),
                    before.licenseServerId(),
                    validation.id(),
                    validation.source().wireName(),
                    neverLicensed,
                    validation.at());
        }
        return new AgentValidationFailed(
                before.id(),
                before.licenseServerId(),
                validation.id(),
                validation.source().wireName(),
                Objects.requireNonNull(validation.reason()),
                neverLicensed,
                validation.at());
    }
}
