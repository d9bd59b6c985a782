package dev.interlock.agent.domain;

import dev.interlock.agent.domain.Validation.Outcome;
import dev.interlock.agent.domain.Validation.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Validations by the hour. */
final class Histories {
    static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

    private Histories() {}

    static Instant at(int hour) {
        return BEGIN.plus(Duration.ofHours(hour));
    }

    static Validation succeeded(int hour) {
        return new Validation(id("s", hour), at(hour), Outcome.SUCCEEDED, null, Source.API);
    }

    static Validation failed(int hour) {
        return new Validation(id("f", hour), at(hour), Outcome.FAILED, "unreachable", Source.API);
    }

    private static String id(String kind, int hour) {
        return String.format(Locale.ROOT, "%s-%05d", kind, hour);
    }
}
