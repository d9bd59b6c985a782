package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How far the clocks of a deployment's members are apart at most (G5): those of {@code ahead} and {@code behind}.
 *
 * @param apart {@code ahead}'s clock minus {@code behind}'s, with its error bound
 */
public record ClockSpread(Reading ahead, Reading behind, ClockReading apart) {

    /** A quartz clock without NTP runs wrong by less: what an old reading still tells. */
    private static final double DRIFT = 200e-6;

    /** One member's clock against ours, as of {@code at}. */
    public record Reading(UUID hostId, String name, ClockReading clock, Instant at) {

        /** The older the reading, the less it tells of now. */
        private ClockReading asOf(Instant now) {
            long age = Math.max(0, Duration.between(at, now).toMillis());
            return new ClockReading(clock.offsetMillis(), clock.errorMillis() + (long) Math.ceil(age * DRIFT));
        }
    }

    /** The pair that is certainly furthest apart; empty for fewer than two readings. */
    public static Optional<ClockSpread> certain(List<Reading> readings, Instant now) {
        return pairs(readings, now)
                .max(Comparator.comparingLong(
                        pair -> pair.apart().offsetMillis() - pair.apart().errorMillis()));
    }

    /** The pair that may be furthest apart: if it is certainly within a limit, all are. */
    public static Optional<ClockSpread> possible(List<Reading> readings, Instant now) {
        return pairs(readings, now)
                .max(Comparator.comparingLong(
                        pair -> pair.apart().offsetMillis() + pair.apart().errorMillis()));
    }

    /** Every two, the one ahead first. */
    private static Stream<ClockSpread> pairs(List<Reading> readings, Instant now) {
        return readings.stream()
                .flatMap(ahead -> readings.stream()
                        .filter(behind -> !behind.hostId().equals(ahead.hostId())
                                && behind.clock().offsetMillis()
                                        <= ahead.clock().offsetMillis())
                        .map(behind -> new ClockSpread(ahead, behind, apart(ahead.asOf(now), behind.asOf(now)))));
    }

    private static ClockReading apart(ClockReading ahead, ClockReading behind) {
        return new ClockReading(
                ahead.offsetMillis() - behind.offsetMillis(), ahead.errorMillis() + behind.errorMillis());
    }
}
