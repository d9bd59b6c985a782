package dev.interlock.agent.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time in which an agent goes on working though it cannot validate: {@link #LENGTH} from the first failed validation
 * (L33). {@code reset} is the success that ended the outage (L35), null while there is none; it may come after
 * {@link #endsAt}, then the period had expired before.
 *
 * @param lastLicensed the success before the outage, without which there is no grace (L34)
 */
public record GracePeriod(
        Validation lastLicensed,
        Validation firstFailure,
        @Nullable Validation reset) {
    public static final Duration LENGTH = Duration.ofDays(7);

    public Instant startedAt() {
        return firstFailure.at();
    }

    public Instant endsAt() {
        return startedAt().plus(LENGTH);
    }

    public State state(Instant now) {
        if (reset != null && reset.at().isBefore(endsAt())) {
            return State.ENDED;
        }
        return now.isBefore(endsAt()) ? State.OPEN : State.EXPIRED;
    }

    /** Open: running. Ended: a success came in time. Expired: none did. */
    public enum State {
        OPEN("open"),
        ENDED("ended"),
        EXPIRED("expired");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }
}
