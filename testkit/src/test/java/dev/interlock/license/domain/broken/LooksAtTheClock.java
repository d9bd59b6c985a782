package dev.interlock.license.domain.broken;

import java.time.Clock;
import java.time.Instant;

/** Breaks: the domain takes the time as an argument. */
record LooksAtTheClock(Clock clock) {
    Instant time() {
        return clock.instant();
    }
}
