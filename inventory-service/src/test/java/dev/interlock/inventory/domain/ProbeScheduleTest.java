package dev.interlock.inventory.domain;

import static dev.interlock.inventory.domain.Estate.MINUTE;
import static dev.interlock.inventory.domain.Estate.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.domain.ProbeOutcome.Failed;
import dev.interlock.inventory.domain.ProbeOutcome.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProbeScheduleTest {

    private final ProbeSchedule schedule =
            new ProbeSchedule(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(4));

    @Test
    void waitsTwiceAsLongAfterEachFailureUpToALimit() {
        var host = Estate.pinned();
        var waits = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            host = host.observe(new Failed(Reason.TIMED_OUT, "no answer"), NOON, MINUTE)
                    .host();
            waits.add(Duration.between(NOON, Objects.requireNonNull(schedule.next(host, NOON)))
                    .toSeconds());
        }
        assertThat(waits).containsExactly(30L, 60L, 120L, 240L, 240L, 240L);
    }

    @Test
    void comesBackToAHostThatAnswersWithinTheIntervalAndNotMuchEarlier() {
        var host = Estate.pinned()
                .observe(Estate.read(Estate.keeper("1.4.0")), NOON, MINUTE)
                .host();

        assertThat(Objects.requireNonNull(schedule.next(host, NOON)))
                .isBetween(NOON.plusSeconds(270), NOON.plusSeconds(300));
    }

    @Test
    void leavesAHostAloneWhoseKeyWaitsForAPersonsWord() {
        var unknown = Estate.unpinned()
                .observe(new ProbeOutcome.KeyUnknown(Estate.KEY), NOON, MINUTE)
                .host();
        var changed = Estate.pinned()
                .observe(new ProbeOutcome.KeyChanged(Estate.OTHER_KEY), NOON, MINUTE)
                .host();

        assertThat(schedule.next(unknown, NOON)).isNull();
        assertThat(schedule.next(changed, NOON)).isNull();
        assertThat(schedule.next(changed.retire(), NOON)).isNull();
    }
}
