package dev.interlock.inventory.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ClockReadingTest {

    private static final Instant SENT = Instant.parse("2026-03-01T12:00:00Z");

    @Property
    @Clause("G5")
    void theTrueOffsetLiesWithinTheErrorBoundWhateverTheDelays(
            @ForAll @LongRange(min = -3_600_000, max = 3_600_000) long offset,
            @ForAll @IntRange(max = 5_000) int there,
            @ForAll @IntRange(max = 60_000) int work,
            @ForAll @IntRange(max = 5_000) int back,
            @ForAll boolean wholeSeconds) {
        var first = SENT.plusMillis(there + offset);
        var last = first.plusMillis(work);
        var answered = SENT.plusMillis((long) there + work + back);

        var reading = wholeSeconds
                ? ClockReading.between(
                        SENT,
                        Instant.ofEpochSecond(first.getEpochSecond()),
                        Instant.ofEpochSecond(last.getEpochSecond()),
                        answered,
                        Duration.ofSeconds(1))
                : ClockReading.between(SENT, first, last, answered, Duration.ZERO);

        assertThat(Math.abs(offset - reading.offsetMillis())).isLessThanOrEqualTo(reading.errorMillis());
        int roundTrip = there + back;
        assertThat(reading.errorMillis())
                .as("half the round trip, however long the host worked")
                .isLessThanOrEqualTo(roundTrip / 2 + (wholeSeconds ? 1001 : 1) + 1);
    }
}
