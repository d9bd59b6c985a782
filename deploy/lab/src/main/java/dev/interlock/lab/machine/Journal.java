package dev.interlock.lab.machine;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What journalctl shows. */
public final class Journal {
    private static final int KEPT = 500;
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** One line. */
    public record Entry(Instant at, @Nullable String unit, String identifier, int pid, String host, String message) {
        public String text() {
            return SHORT.format(at) + " " + host + " " + identifier + "[" + pid + "]: " + message;
        }
    }

    private final Machine machine;
    private final Deque<Entry> entries = new ArrayDeque<>();

    Journal(Machine machine) {
        this.machine = machine;
    }

    public synchronized void add(@Nullable String unit, String identifier, int pid, String message) {
        entries.add(new Entry(machine.now(), unit, identifier, pid, machine.name(), message));
        if (entries.size() > KEPT) {
            entries.removeFirst();
        }
    }

    public synchronized List<Entry> entries(@Nullable String unit) {
        return entries.stream()
                .filter(e -> unit == null || unit.equals(e.unit()))
                .toList();
    }
}
