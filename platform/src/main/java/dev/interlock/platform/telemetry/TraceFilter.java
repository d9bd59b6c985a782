package dev.interlock.platform.telemetry;

import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;

/** Continues the caller's trace, or begins one, before anything else happens; the answer names it in {@code trace-id}. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class TraceFilter implements Ordered {

    private static final String ATTRIBUTE = "interlock.trace";

    @RequestFilter
    void begin(HttpRequest<?> request, MutablePropagatedContext context) {
        var trace = TraceContext.continuing(request.getHeaders().get("traceparent"));
        request.setAttribute(ATTRIBUTE, trace);
        context.add(trace);
    }

    @ResponseFilter
    void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(ATTRIBUTE, TraceContext.class)
                .ifPresent(trace -> response.header("trace-id", trace.traceId()));
    }

    @Override
    public int getOrder() {
        return ServerFilterPhase.FIRST.before();
    }
}
