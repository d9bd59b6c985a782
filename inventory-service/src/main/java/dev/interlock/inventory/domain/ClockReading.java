package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a host's clock is from ours.
 *
 * @param offsetMillis the host's clock minus ours; positive is ahead
 * @param errorMillis the true offset is at most this far from {@code offsetMillis}
 */
public record ClockReading(long offsetMillis, long errorMillis) {

    public ClockReading {
        if (errorMillis < 0) {
            throw new IllegalArgumentException("an error bound is not negative");
        }
    }

    /**
     * The offset from two looks at the host's clock between two looks at ours. The host's first look came after our first, so
     * the offset is at most {@code first - sent}; its last came before our last, so it is at least {@code last - answered}. The
     * bound is half the round trip: how long the host worked between its looks does not widen it.
     *
     * @param resolution the host's looks may lie so far before the true time; a second where its {@code date} knows no
     *     fractions
     */
    public static ClockReading between(
            Instant sent, Instant hostFirst, Instant hostLast, Instant answered, Duration resolution) {
        long atMost = Duration.between(sent, hostFirst.plus(resolution)).toNanos();
        long atLeast = Duration.between(answered, hostLast).toNanos();
        if (atLeast > atMost) {
            // the host's clock was set between its two looks: what is known is the span
            long swap = atMost;
            atMost = atLeast;
            atLeast = swap;
        }
        double middle = (atMost + (double) atLeast) / 2;
        long offset = Math.round(middle / 1e6);
        long error = (long) Math.ceil((atMost - atLeast) / 2e6 + Math.abs(offset - middle / 1e6));
        return new ClockReading(offset, error);
    }

    /** Certainly further away than the limit (G5). */
    public boolean certainlyBeyond(Duration limit) {
        return Math.abs(offsetMillis) - errorMillis > limit.toMillis();
    }

    /** Certainly within the limit (G5). Between the two nothing is certain, and nothing is said. */
    public boolean certainlyWithin(Duration limit) {
        return Math.abs(offsetMillis) + errorMillis <= limit.toMillis();
    }
}
