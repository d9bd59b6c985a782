package dev.interlock.siem.mapping;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.interlock.siem.InterlockEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code events.json}: every event type, mapped on purpose. The table in docs/siem.md is written from it. */
public final class EventTable {

    private static final class Loaded {
        static final EventTable TABLE = load();
    }

    private final List<Row> rows;
    private final Map<String, List<Row>> byType;

    private EventTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
        var grouped = new LinkedHashMap<String, List<Row>>();
        for (var row : rows) {
            grouped.merge(row.type(), List.of(row), (before, one) -> {
                var both = new java.util.ArrayList<>(before);
                both.addAll(one);
                return List.copyOf(both);
            });
        }
        byType = grouped;
    }

    public static EventTable get() {
        return Loaded.TABLE;
    }

    private static EventTable load() {
        try (var in = EventTable.class.getResourceAsStream("events.json")) {
            return new EventTable(JsonMapper.builder()
                    .build()
                    .readValue(Objects.requireNonNull(in, "events.json"), new TypeReference<List<Row>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException("events.json", e);
        }
    }

    /** In the order of the file. */
    public List<Row> rows() {
        return rows;
    }

    /** The first row that fits, or what is made of a type that is not in the table. */
    public Row row(InterlockEvent event) {
        for (var row : byType.getOrDefault(event.shortType(), List.of())) {
            if (row.matches(event)) {
                return row;
            }
        }
        return unknown(event.shortType());
    }

    private static Row unknown(String type) {
        return new Row(
                type,
                Map.of(),
                OcsfClass.BASE_EVENT,
                "Other",
                "Unknown to this plugin",
                Severity.INFORMATIONAL,
                null,
                null,
                Sentence.of("Interlock published an event of the type " + type.replaceAll("[\\[\\]{}]", "_")
                        + ", which is newer than this plugin; its data is passed on as it is."),
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
