package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.AgentVersion;
import dev.interlock.agent.domain.Standing;
import dev.interlock.contracts.AgentEvent.AgentRegistered;
import dev.interlock.contracts.AgentEvent.AgentVersionUnsupported;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes an agent known. */
@Singleton
public class RegisterAgent {
    private final Agents agents;
    private final Outbox outbox;
    private final AnnounceAgent announce;
    private final AgentSettings settings;
    private final Clock clock;

    RegisterAgent(Agents agents, Outbox outbox, AnnounceAgent announce, AgentSettings settings, Clock clock) {
        this.agents = agents;
        this.outbox = outbox;
        this.announce = announce;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * @param id by which sessions name the agent; the caller makes one when there is none yet
     * @return empty when the id is taken
     */
    @Transactional
    public Optional<Agent> handle(
            UUID id, String name, UUID licenseServerId, @Nullable UUID hostId, @Nullable String version, String by) {
        var agent =
                new Agent(id, name, licenseServerId, hostId, version, clock.instant(), new Standing.NeverLicensed());
        if (!agents.add(agent, by)) {
            return Optional.empty();
        }
        outbox.add(new AgentRegistered(id, name, licenseServerId, hostId, version, by));
        if (version != null && AgentVersion.olderThan(version, settings.minimumVersion())) {
            outbox.add(new AgentVersionUnsupported(id, licenseServerId, version, settings.minimumVersion()));
        }
        announce.state(agent, false);
        agents.expect(id, agent.registeredAt().plus(settings.silentAfter()));
        return Optional.of(agent);
    }
}
