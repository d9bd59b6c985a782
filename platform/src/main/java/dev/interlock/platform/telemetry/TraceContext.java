package dev.interlock.platform.telemetry;

import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.core.propagation.ThreadPropagatedContextElement;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Where we are in a W3C trace ({@code traceparent}). Taken from a request or begun by it, carried to the outbox and out again
 * with the event; on each log line as {@code trace} and {@code span}.
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits
 */
public record TraceContext(String traceId, String spanId, boolean sampled)
        implements ThreadPropagatedContextElement<Map<String, String>> {

    private static final Pattern TRACEPARENT =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The trace of this thread, if any. */
    public static Optional<TraceContext> current() {
        return PropagatedContext.getOrEmpty().find(TraceContext.class);
    }

    /** The header value for what this thread sends out; null if there is no trace. */
    public static @Nullable String currentTraceparent() {
        return current().map(TraceContext::traceparent).orElse(null);
    }

    /** A new trace. */
    public static TraceContext begin() {
        return new TraceContext(random(16), random(8), true);
    }

    /** Continues the trace of an incoming header or event in a new span; a missing or malformed one begins a new trace. */
    public static TraceContext continuing(@Nullable String traceparent) {
        var match = traceparent == null ? null : TRACEPARENT.matcher(traceparent.strip());
        if (match == null || !match.matches()) {
            return begin();
        }
        String version = match.group(1);
        boolean versionZeroWithMore = version.equals("00") && match.group(5) != null;
        if (version.equals("ff")
                || versionZeroWithMore
                || match.group(2).equals(NO_TRACE)
                || match.group(3).equals(NO_SPAN)) {
            return begin();
        }
        boolean sampled = (Integer.parseInt(match.group(4), 16) & 1) == 1;
        return new TraceContext(match.group(2), random(8), sampled);
    }

    /** Runs with this as the current trace. */
    public <T extends @Nullable Object> T call(Supplier<T> work) {
        try (var ignored = PropagatedContext.getOrEmpty().plus(this).propagate()) {
            return work.get();
        }
    }

    /** Runs with this as the current trace. */
    public void run(Runnable work) {
        try (var ignored = PropagatedContext.getOrEmpty().plus(this).propagate()) {
            work.run();
        }
    }

    /** The header's value: {@code 00-<trace>-<span>-01}. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }

    @Override
    public Map<String, String> updateThreadContext() {
        var before = MDC.getCopyOfContextMap();
        MDC.put("trace", traceId);
        MDC.put("span", spanId);
        return before == null ? Map.of() : before;
    }

    @Override
    public void restoreThreadContext(@Nullable Map<String, String> before) {
        MDC.setContextMap(before == null ? Map.of() : before);
    }

    private static String random(int bytes) {
        var id = new byte[bytes];
        do {
            RANDOM.nextBytes(id);
        } while (allZero(id));
        return HexFormat.of().formatHex(id);
    }

    private static boolean allZero(byte[] id) {
        for (byte b : id) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
