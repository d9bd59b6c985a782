package dev.interlock.platform.time;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** The clock of the service. A test replaces it with another bean of type {@link Clock}. */
@Factory
final class ClockFactory {

    private static final Duration MICROSECOND = Duration.ofNanos(1000);

    /** UTC, in microseconds as PostgreSQL keeps them, so that a stored instant equals the one it was made from. */
    @Bean
    @Singleton
    @Secondary
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), MICROSECOND);
    }
}
