package dev.interlock.contracts;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What agent-monitor tells the world. Keyed by agent id; alerts by the id of what they are about. */
public sealed interface AgentEvent extends Event {

    @Override
    default Channel channel() {
        return Channel.AGENT_EVENTS;
    }

    /** About one agent; keyed by its id. */
    sealed interface AboutAgent extends AgentEvent {
        UUID agentId();

        UUID licenseServerId();

        @Override
        default String key() {
            return agentId().toString();
        }
    }

    /** About one grace period of an agent: 7 days from the first failed validation (L33–L35). */
    sealed interface AboutGrace extends AboutAgent {
        UUID gracePeriodId();

        Instant startedAt();
    }

    /**
     * @param hostId of the machine in the inventory, null if unknown
     * @param version null until the agent has told it
     */
    record AgentRegistered(
            UUID agentId,
            String name,
            UUID licenseServerId,
            @Nullable UUID hostId,
            @Nullable String version,
            String registeredBy)
            implements AboutAgent {}

    /**
     * A license was validated; an open grace period ends (L35).
     *
     * @param validationId given by the reporter: the same one is counted once
     * @param source where this was learnt
     * @param first whether it is the agent's first success, after which it is entitled to grace (L34)
     */
    record AgentValidated(
            UUID agentId,
            UUID licenseServerId,
            String validationId,

            @OneOf({"api", "session", "log", "command"}) String source,

            boolean first,
            Instant at)
            implements AboutAgent {}

    /**
     * A validation failed, for whatever cause (L34).
     *
     * @param refused whether users are refused at once: never validated before, so no grace (L34, L38)
     */
    record AgentValidationFailed(
            UUID agentId,
            UUID licenseServerId,
            String validationId,

            @OneOf({"api", "session", "log", "command"}) String source,

            String reason,
            boolean refused,
            Instant at)
            implements AboutAgent {}

    /**
     * The first failed validation after a success: users notice nothing until {@code endsAt} (L33, L36).
     *
     * @param startedAt the time of the first failure
     * @param endsAt 7 days after {@code startedAt}
     * @param firstFailure its reason
     */
    record GracePeriodStarted(
            UUID gracePeriodId,
            UUID agentId,
            UUID licenseServerId,
            Instant startedAt,
            Instant endsAt,
            String firstFailure)
            implements AboutGrace {}

    /**
     * Little of the grace period is left: somebody acts now (L36).
     *
     * @param remainingSeconds until {@code endsAt}, when this was told
     * @param noticeHours which notice it is: due this long before {@code endsAt} (72, 24, 4, 1 unless set otherwise)
     */
    record GracePeriodEnding(
            UUID gracePeriodId,
            UUID agentId,
            UUID licenseServerId,
            Instant startedAt,
            Instant endsAt,
            long remainingSeconds,
            String firstFailure,
            @Nullable Integer noticeHours)
            implements AboutGrace {}

    /** A successful validation reset it (L35). */
    record GracePeriodEnded(
            UUID gracePeriodId,
            UUID agentId,
            UUID licenseServerId,
            Instant startedAt,
            Instant endedAt,
            String validationId)
            implements AboutGrace {}

    /** It ran out: users of this agent are refused until a validation succeeds (L33). */
    record GracePeriodExpired(
            UUID gracePeriodId,
            UUID agentId,
            UUID licenseServerId,
            Instant startedAt,
            Instant expiredAt,
            String firstFailure)
            implements AboutGrace {}

    /**
     * No validation, good or bad, for longer than expected.
     *
     * @param lastHeardAt null if never
     * @param expectedEverySeconds what was expected
     */
    record AgentSilent(
            UUID agentId, UUID licenseServerId, @Nullable Instant lastHeardAt, long expectedEverySeconds, Instant at)
            implements AboutAgent {}

    /** A silent agent was heard again. */
    record AgentHeard(UUID agentId, UUID licenseServerId, Instant silentSince, Instant at) implements AboutAgent {}

    /** Older than the license server accepts (L4: 2.11). */
    record AgentVersionUnsupported(UUID agentId, UUID licenseServerId, String version, String minimumVersion)
            implements AboutAgent {}

    /**
     * Something needs a person. Told again with the same {@code alertId} when it has become worse.
     *
     * @param alertId the same in {@link AlertCleared}
     * @param rule the stable name of what raised it, for example {@code grace-ending}
     * @param subjectKind what {@code subjectId} names
     * @param next what to do, in one sentence
     * @param clause of REQUIREMENTS, for example {@code L36}; null if none applies
     * @param agentsInGrace how many agents the incident has put in grace; null if it is not about that
     */
    record AlertRaised(
            UUID alertId,
            String rule,

            @OneOf({"info", "warning", "critical"}) String severity,

            @OneOf({"agent", "license-server", "pool", "host", "deployment"})
            String subjectKind,

            String subjectId,
            String summary,
            String next,
            @Nullable String clause,
            Instant raisedAt,
            @Nullable Integer agentsInGrace)
            implements AgentEvent {
        @Override
        public String key() {
            return subjectId;
        }
    }

    /** What an alert was about is right again, or a person closed it. */
    record AlertCleared(
            UUID alertId,
            String rule,

            @OneOf({"agent", "license-server", "pool", "host", "deployment"})
            String subjectKind,

            String subjectId,
            String reason,
            Instant raisedAt,
            Instant clearedAt)
            implements AgentEvent {
        @Override
        public String key() {
            return subjectId;
        }
    }

    /** Written by a newer service than this code knows: skipped. Never published. */
    record Unknown(String type) implements AgentEvent {
        @Override
        public String key() {
            throw new IllegalStateException("an unknown event has no key: " + type);
        }
    }
}
