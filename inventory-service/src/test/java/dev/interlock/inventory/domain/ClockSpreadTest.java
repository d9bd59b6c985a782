package dev.interlock.inventory.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.domain.ClockSpread.Reading;
import dev.interlock.testkit.Clause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClockSpreadTest {

    private static final Instant NOON = Estate.NOON;

    private static Reading reading(String name, long offset, long error) {
        return new Reading(UUID.randomUUID(), name, new ClockReading(offset, error), NOON);
    }

    private static boolean beyond(Instant now, Reading... readings) {
        return ClockSpread.certain(List.of(readings), now)
                .map(spread -> spread.apart().certainlyBeyond(Estate.MINUTE))
                .orElse(false);
    }

    private static boolean within(Instant now, Reading... readings) {
        return ClockSpread.possible(List.of(readings), now)
                .map(spread -> spread.apart().certainlyWithin(Estate.MINUTE))
                .orElse(true);
    }

    @Test
    @Clause("G5")
    void twoClocksThatAreEachWithinAMinuteOfOursMayBeFurtherApart() {
        var ahead = reading("ums-1", 40_000, 10);
        var behind = reading("ums-2", -40_000, 10);

        assertThat(beyond(NOON, ahead, behind, reading("ums-3", 0, 10))).isTrue();
        var spread = ClockSpread.certain(List.of(behind, ahead), NOON).orElseThrow();
        assertThat(spread.ahead()).isEqualTo(ahead);
        assertThat(spread.behind()).isEqualTo(behind);
        assertThat(spread.apart()).isEqualTo(new ClockReading(80_000, 20));
    }

    @Test
    @Clause("G5")
    void theErrorBoundsOfBothCountEachWay() {
        assertThat(beyond(NOON, reading("a", 60_021, 10), reading("b", 0, 10))).isTrue();
        assertThat(beyond(NOON, reading("a", 60_020, 10), reading("b", 0, 10))).isFalse();
        assertThat(within(NOON, reading("a", 59_981, 10), reading("b", 0, 10))).isFalse();
        assertThat(within(NOON, reading("a", 59_980, 10), reading("b", 0, 10))).isTrue();
    }

    @Test
    void anOldReadingTellsLess() {
        var later = NOON.plus(Duration.ofHours(1));

        assertThat(within(NOON, reading("a", 59_000, 0), reading("b", 0, 0))).isTrue();
        assertThat(within(later, reading("a", 59_000, 0), reading("b", 0, 0)))
                .as("either may have drifted by 720 ms")
                .isFalse();
        assertThat(beyond(later, reading("a", 61_000, 0), reading("b", 0, 0))).isFalse();
    }

    @Test
    void oneClockAloneIsNotApart() {
        assertThat(ClockSpread.certain(List.of(reading("a", 99_000, 0)), NOON)).isEmpty();
        assertThat(within(NOON, reading("a", 99_000, 0))).isTrue();
    }

    /** True offsets, readings within their bounds: what is said is true, and what is far beyond is said. */
    @Test
    @Clause("G5")
    void neverSaysWhatIsNotSoAndNeverMissesWhatIsCertain() {
        var random = new Random(5);
        int said = 0;
        for (int round = 0; round < 20_000; round++) {
            var truth = new ArrayList<Long>();
            var readings = new ArrayList<Reading>();
            for (int i = 0, n = 2 + random.nextInt(5); i < n; i++) {
                long offset = random.nextLong(-50_000, 50_000);
                long error = random.nextLong(0, 8_000);
                truth.add(offset);
                readings.add(reading("ums-" + i, offset + random.nextLong(-error, error + 1), error));
            }
            long apart = truth.stream().max(Long::compare).orElseThrow()
                    - truth.stream().min(Long::compare).orElseThrow();
            boolean beyond = beyond(NOON, readings.toArray(Reading[]::new));
            boolean within = within(NOON, readings.toArray(Reading[]::new));
            if (beyond) {
                said++;
                assertThat(apart).isGreaterThan(60_000);
            }
            if (within) {
                assertThat(apart).isLessThanOrEqualTo(60_000);
            }
            if (apart > 60_000 + 4 * 8_000) {
                assertThat(beyond).isTrue();
            }
            assertThat(beyond && within).isFalse();
        }
        System.out.println("clock spreads judged: 20000, of which certainly too wide: " + said);
        assertThat(said).isBetween(1_000, 19_000);
    }
}
