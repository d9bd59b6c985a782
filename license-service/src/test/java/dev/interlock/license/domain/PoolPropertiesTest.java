package dev.interlock.license.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.Activation.CodeInvalid;
import dev.interlock.license.domain.Activation.CountExceeded;
import dev.interlock.license.domain.Activation.LicensesInUse;
import dev.interlock.license.domain.Activation.PoolHasExpired;
import dev.interlock.license.domain.Activation.ServerUnknown;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random histories of activations: seats are neither made nor lost. */
class PoolPropertiesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Property(tries = 2000)
    void seatsAreConserved(
            @ForAll @IntRange(min = 1, max = 40) int seats,
            @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 60) Integer> totals) {
        var pool =
                new Pool(new ActivationCode("P"), seats, "session", NOW.plusSeconds(1), Map.of(), NOW.minusSeconds(1));
        for (int i = 0; i < totals.size(); i++) {
            var server = new ServerId(new UUID(0, i % 3));
            int total = totals.get(i);
            int before = pool.on(server).total();
            int free = pool.available();
            switch (pool.activate(server, total, NOW)) {
                case Activated(var after, var now, var change) -> {
                    assertThat(now).isEqualTo(total);
                    assertThat(after.on(server).total()).isEqualTo(total);
                    assertThat(change).isEqualTo(total - before);
                    assertThat(after.available()).isEqualTo(free - change).isNotNegative();
                    pool = after;
                }
                case CountExceeded(var requested, var available, var all) -> {
                    assertThat(available).isEqualTo(free + before).isLessThan(requested);
                    assertThat(all).isEqualTo(seats);
                    assertThat(pool.activate(server, available, NOW)).isInstanceOf(Activated.class);
                }
                case PoolHasExpired _,
                        LicensesInUse _,
                        CodeInvalid _,
                        ServerUnknown _,
                        Activation.ServerRetired _,
                        Activation.AllottedElsewhere _ -> throw new AssertionError("not in this history");
            }
        }
    }

    @Property
    void aLevelIsToldOnceOnTheWayDown(
            @ForAll @IntRange(min = 1, max = 200) int total, @ForAll @IntRange(min = 1, max = 99) int lowPercent) {
        int told = 0;
        var level = Level.AMPLE;
        for (int inUse = 1; inUse <= total; inUse++) {
            var next = Level.of(total, inUse, lowPercent).toldAfter(level);
            told += next == level ? 0 : 1;
            level = next;
        }
        assertThat(level).isEqualTo(Level.EXHAUSTED);
        assertThat(told).isBetween(1, 2);
        // one comes and goes at the limit: nothing more is told, unless one free licence is ample already
        var oneFree = Level.of(total, total - 1, lowPercent);
        assertThat(oneFree.toldAfter(Level.EXHAUSTED))
                .isEqualTo(oneFree == Level.AMPLE ? Level.AMPLE : Level.EXHAUSTED);
    }
}
