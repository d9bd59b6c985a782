package dev.interlock.testkit;

import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A service's clock in tests that ask for it: runs like the system's, and jumps when told to. */
@Singleton
@Requires(property = MovableClock.WANTED)
public class MovableClock extends Clock {
    /** The property with which a test asks for it. */
    public static final String WANTED = "test.movable-clock";

    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    public void move(Duration by) {
        var _ = offset.updateAndGet(before -> before.plus(by));
    }

    public void moveTo(Instant instant) {
        move(Duration.between(instant(), instant));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(offset.get()).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
