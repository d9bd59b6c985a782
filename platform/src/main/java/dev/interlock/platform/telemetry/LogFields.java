package dev.interlock.platform.telemetry;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts run, step and host on every log line of a block:
 *
 * <pre>{@code
 * try (var fields = LogFields.with("run", runId).and("host", name)) { … }
 * }</pre>
 *
 * Of this thread only. Closing puts back what stood there before.
 */
public final class LogFields implements AutoCloseable {

    private record Before(String name, @Nullable String value) {}

    private final Deque<Before> before = new ArrayDeque<>();

    private LogFields() {}

    public static LogFields with(String name, Object value) {
        return new LogFields().and(name, value);
    }

    public LogFields and(String name, Object value) {
        before.push(new Before(name, MDC.get(name)));
        MDC.put(name, value.toString());
        return this;
    }

    @Override
    public void close() {
        while (!before.isEmpty()) {
            var field = before.pop();
            if (field.value() == null) {
                MDC.remove(field.name());
            } else {
                MDC.put(field.name(), field.value());
            }
        }
    }
}
