package dev.interlock.agent.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where an agent stands with its license server. */
public sealed interface Standing {
    /** No session was ever licensed: without the server it is refused at once (L34, L38). */
    record NeverLicensed() implements Standing {}

    /** The latest validation succeeded: an outage from now on is covered for {@link GracePeriod#LENGTH}. */
    record Licensed(Validation latest) implements Standing {}

    /** Validations fail since the period's start. */
    record Failing(GracePeriod period) implements Standing {}

    /**
     * From the two validations that decide it: the latest success, and the first failure after that. All else is history or
     * repetition.
     */
    static Standing of(@Nullable Validation latestSuccess, @Nullable Validation firstFailureSince) {
        if (latestSuccess == null) {
            return new NeverLicensed();
        }
        return firstFailureSince == null
                ? new Licensed(latestSuccess)
                : new Failing(new GracePeriod(latestSuccess, firstFailureSince, null));
    }

    /** Until when users of the agent can work if its server is away from {@code now} on; null if they are refused now (L38). */
    default @Nullable Instant coveredUntil(Instant now) {
        return switch (this) {
            case NeverLicensed() -> null;
            case Licensed(var _) -> now.plus(GracePeriod.LENGTH);
            case Failing(var period) -> now.isBefore(period.endsAt()) ? period.endsAt() : null;
        };
    }
}
