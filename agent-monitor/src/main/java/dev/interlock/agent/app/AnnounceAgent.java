package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.Standing;
import dev.interlock.contracts.AgentState;
import dev.interlock.platform.outbox.Outbox;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Puts where an agent stands now on the topic that keeps the last word of each. */
@Singleton
class AnnounceAgent {
    private final Outbox outbox;

    AnnounceAgent(Outbox outbox) {
        this.outbox = outbox;
    }

    /** @param expired whether it has been told that the present grace period is over */
    void state(Agent agent, boolean expired) {
        switch (agent.standing()) {
            case Standing.NeverLicensed() -> state(agent, null, null, false);
            case Standing.Licensed(var latest) -> state(agent, latest.at(), null, false);
            case Standing.Failing(var period) ->
                state(agent, period.lastLicensed().at(), period, expired);
        }
    }

    private void state(Agent agent, @Nullable Instant lastSuccessAt, @Nullable GracePeriod period, boolean expired) {
        outbox.state(new AgentState(
                agent.id(),
                agent.name(),
                agent.licenseServerId(),
                agent.hostId(),
                agent.version(),
                lastSuccessAt != null,
                lastSuccessAt,
                period == null ? null : period.startedAt(),
                period == null ? null : period.endsAt(),
                expired));
    }
}
