package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.time.Instant;

/** A maintenance window (K4). {@code zone} is kept to show the window as its people speak of it. */
public record Window(Instant start, Instant end, String zone) {
    public Window {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("a maintenance window must end after its start");
        }
    }

    public boolean contains(Instant at) {
        return !at.isBefore(start) && at.isBefore(end);
    }

    /** What is left of it; negative or zero when it is over. */
    public Duration left(Instant at) {
        return Duration.between(at, end);
    }
}
