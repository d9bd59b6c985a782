package dev.interlock.inventory.domain;

import org.jspecify.annotations.Nullable;

/**
 * What differs from probe to probe without anybody having done anything: shown, but no change that is announced.
 *
 * @param freeDiskBytes in the file system of {@code /var}
 * @param availableMemoryBytes what new programs could have
 */
public record Gauges(
        ClockReading clock,
        @Nullable Long freeDiskBytes,
        @Nullable Long availableMemoryBytes) {

    private static final long NOTABLE_CLOCK_MILLIS = 5_000;

    /** Whether a reader of published state should be told: a clock that moved by 5 s, a tenth of the disk. */
    public boolean notablyDiffersFrom(Gauges before) {
        return Math.abs(clock.offsetMillis() - before.clock.offsetMillis())
                        > NOTABLE_CLOCK_MILLIS + clock.errorMillis() + before.clock.errorMillis()
                || moved(freeDiskBytes, before.freeDiskBytes);
    }

    private static boolean moved(@Nullable Long now, @Nullable Long before) {
        if (now == null || before == null) {
            return now != null || before != null;
        }
        return Math.abs(now - before) * 10 > Math.max(before, 1);
    }
}
