package dev.interlock.agent.adapter.http;

import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.AgentVersion;
import dev.interlock.agent.domain.FailureMeaning;
import dev.interlock.agent.domain.GracePeriod;
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
 * @param failure while validations fail: its first reason and what it mostly means
 * @param versionUnsupported null while the version is fine or unknown (L4)
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
        @Nullable Instant graceEndsAt,
        @Nullable ValidationFailureView failure,
        @Nullable String versionUnsupported) {

    /** In the agent's or license server's words, and in ours. */
    @Introspected
    record ValidationFailureView(String reason, String meaning, String next, String clause) {
        static ValidationFailureView of(String reason) {
            var meaning = FailureMeaning.of(reason);
            return new ValidationFailureView(reason, meaning.meaning(), meaning.next(), meaning.clause());
        }
    }

    static AgentView of(Agent agent, Instant now, String minimumVersion) {
        return switch (agent.standing()) {
            case Standing.NeverLicensed() -> view(agent, "never-licensed", null, null, minimumVersion);
            case Standing.Licensed(var latest) -> view(agent, "licensed", latest.at(), null, minimumVersion);
            case Standing.Failing(var period) ->
                view(agent, state(period, now), period.lastLicensed().at(), period, minimumVersion);
        };
    }

    static String state(Agent agent, Instant now) {
        return switch (agent.standing()) {
            case Standing.NeverLicensed() -> "never-licensed";
            case Standing.Licensed(var _) -> "licensed";
            case Standing.Failing(var period) -> state(period, now);
        };
    }

    private static String state(GracePeriod period, Instant now) {
        return now.isBefore(period.endsAt()) ? "in-grace" : "expired";
    }

    private static AgentView view(
            Agent agent,
            String state,
            @Nullable Instant licensedAt,
            @Nullable GracePeriod period,
            String minimumVersion) {
        @Nullable String version = agent.version();
        boolean old = version != null && AgentVersion.olderThan(version, minimumVersion);
        return new AgentView(
                agent.id(),
                agent.name(),
                agent.licenseServerId(),
                agent.hostId(),
                version,
                agent.registeredAt(),
                state,
                licensedAt,
                period == null ? null : period.startedAt(),
                period == null ? null : period.endsAt(),
                period == null
                        ? null
                        : ValidationFailureView.of(
                                String.valueOf(period.firstFailure().reason())),
                old ? "Older than " + minimumVersion + ", which license servers need: update the agent (L4)." : null);
    }
}
