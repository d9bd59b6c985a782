package dev.interlock.agent.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One incident for all agents that cannot validate with one license server: raised once, again only when it becomes worse, cleared
 * when the server licenses again. Pure.
 */
public final class OutageStory {
    private OutageStory() {}

    /** How the agents of one license server stand. {@code latestSuccess} is of any of them. */
    public record Agents(
            int all,
            int inGrace,
            int expired,
            @Nullable Instant firstFailure,
            @Nullable Instant latestSuccess) {
        public int failing() {
            return inGrace + expired;
        }

        public @Nullable Instant firstEnd() {
            return firstFailure == null ? null : firstFailure.plus(GracePeriod.LENGTH);
        }
    }

    /**
     * The incident so far.
     *
     * @param seenAt when failing agents were first noticed
     * @param raisedAt null while it may be a blip
     */
    public record Outage(
            UUID alertId,
            Instant seenAt,
            @Nullable Instant raisedAt,
            @Nullable Severity severity) {}

    /** Critical from a day before the first agent is refused. */
    public enum Severity {
        WARNING("warning"),
        CRITICAL("critical");

        private final String wireName;

        Severity(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** What to do now. */
    public sealed interface Step {
        /** Nothing to tell; {@code outage} is kept, null forgets it. */
        record Quiet(@Nullable Outage outage) implements Step {}

        /** Raise it, or raise it again with another severity. */
        record Raise(Outage outage) implements Step {}

        record Clear(Outage outage) implements Step {}
    }

    /** @param gather failing agents for this long are an outage; shorter is a blip of which nobody is told */
    public static Step next(@Nullable Outage before, Agents agents, Duration gather, UUID newId, Instant now) {
        if (over(before, agents)) {
            return before == null || before.raisedAt() == null ? new Step.Quiet(null) : new Step.Clear(before);
        }
        var outage = before == null ? new Outage(newId, now, null, null) : before;
        if (outage.raisedAt() == null && now.isBefore(outage.seenAt().plus(gather))) {
            return new Step.Quiet(outage);
        }
        var firstEnd = agents.firstEnd();
        var severity = agents.expired() > 0 || (firstEnd != null && !now.isBefore(firstEnd.minus(Duration.ofDays(1))))
                ? Severity.CRITICAL
                : Severity.WARNING;
        if (outage.raisedAt() != null && (severity == outage.severity() || outage.severity() == Severity.CRITICAL)) {
            return new Step.Quiet(outage);
        }
        return new Step.Raise(new Outage(
                outage.alertId(), outage.seenAt(), outage.raisedAt() == null ? now : outage.raisedAt(), severity));
    }

    /**
     * None fails; or only agents whose grace is over are left, while others have been licensed since: those were switched off, or
     * their users have not come back.
     */
    private static boolean over(@Nullable Outage before, Agents agents) {
        if (agents.failing() == 0) {
            return true;
        }
        if (agents.inGrace() > 0) {
            return false;
        }
        var since = before == null ? agents.firstFailure() : before.seenAt();
        return since != null
                && agents.latestSuccess() != null
                && agents.latestSuccess().isAfter(since);
    }
}
