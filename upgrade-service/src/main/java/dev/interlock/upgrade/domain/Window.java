package dev.interlock.upgrade.domain;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A maintenance window (K4). {@code zone} is kept to show the window as its people speak of it. */
public record Window(Instant start, Instant end, String zone) {
    private static final DateTimeFormatter WORDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

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

    /** In its own zone, with how long it really is: when clocks change, people reckon wrong by an hour. */
    public String words() {
        ZoneId in;
        try {
            in = ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            in = ZoneOffset.UTC;
        }
        return "from " + WORDS.format(start.atZone(in)) + " to " + WORDS.format(end.atZone(in)) + " " + zone + ", "
                + Interlock.inWords(Duration.between(start, end));
    }
}
