package dev.interlock.agent.adapter.http;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.Standing;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * @param state {@code never-licensed}, {@code licensed}, {@code in-grace} or {@code expired}
 * @param lastLicensedAt of the latest successful validation
 * @param graceStartedAt the first failed validation since then
 * @param graceEndsAt seven days later
 */
@Introspected
record AgentView(
        UUID agentId,
        String name,
        UUID licenseServerId,
        @Nullable UUID hostId,
        @Nullable String version,
        Instant registeredAt,
        String state,
        @Nullable Instant lastLicensedAt,
        @Nullable Instant graceStartedAt,
        @Nullable Instant graceEndsAt) {
    static AgentView of(Agent agent, Instant now) {
        return switch (agent.standing()) {
            case Standing.NeverLicensed() -> view(agent, "never-licensed", null, null, null);
            case Standing.Licensed(var latest) -> view(agent, "licensed", latest.at(), null, null);
            case Standing.Failing(var period) ->
                view(
                        agent,
                        now.isBefore(period.endsAt()) ? "in-grace" : "expired",
                        period.lastLicensed().at(),
                        period.startedAt(),
                        period.endsAt());
        };
    }

    private static AgentView view(
            Agent agent, String state, @Nullable Instant licensedAt, @Nullable Instant start, @Nullable Instant end) {
        return new AgentView(
                agent.id(),
                agent.name(),
                agent.licenseServerId(),
                agent.hostId(),
                agent.version(),
                agent.registeredAt(),
                state,
                licensedAt,
                start,
                end);
    }
}
