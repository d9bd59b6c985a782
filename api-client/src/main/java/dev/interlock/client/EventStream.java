package dev.interlock.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code text/event-stream} (WHATWG): events end with an empty line, lines that begin with a colon are heartbeats. */
public final class EventStream implements AutoCloseable {

    /** @param id null if the event has none; what the next connection sends as {@code Last-Event-ID} */
    public record Event(@Nullable String id, String name, String data) {

        /** The data; missing if it is not JSON. */
        public JsonNode json() {
            try {
                return Json.MAPPER.readTree(data);
            } catch (IOException e) {
                return Json.MISSING;
            }
        }
    }

    private final InputStream stream;
    private final BufferedReader lines;
    private final Runnable alive;

    EventStream(InputStream stream, Runnable alive) {
        this.stream = stream;
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        this.alive = alive;
    }

    /** The next event, or null when the stream has ended; one that was cut off in the middle is dropped. */
    public @Nullable Event next() throws IOException {
        String id = null;
        String name = "message";
        StringBuilder data = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            alive.run();
            if (line.isEmpty()) {
                if (data != null) {
                    return new Event(id, name, data.toString());
                }
                name = "message";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> {
                    if (data == null) {
                        data = new StringBuilder(value);
                    } else {
                        data.append('\n').append(value);
                    }
                }
                default -> {}
            }
        }
        return null;
    }

    /** Also ends a {@link #next()} that waits in another thread. */
    @Override
    public void close() throws IOException {
        stream.close();
    }
}
