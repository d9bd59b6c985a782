package dev.interlock.edge.proxy;

import dev.interlock.edge.session.PublicAddress;
import dev.interlock.platform.telemetry.TraceContext;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpHeaders;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers go through, which stay, and which the edge sets. */
final class PassedHeaders {

    /** RFC 9110, 7.6.1: of one connection only. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** The edge's own business, or set anew. The cookie is the session: no service ever sees it. */
    private static final Set<String> NOT_INWARD = Set.of(
            "host",
            "cookie",
            "content-length",
            "expect",
            "origin",
            "referer",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-prefix",
            "x-real-ip",
            "traceparent");

    /** Set by the edge, or not for a service to say on the origin that all four share. */
    private static final Set<String> NOT_OUTWARD = Set.of("set-cookie", "trace-id", "server", "date");

    /** Addresses, told as the edge's callers see them. */
    private static final Set<String> PLACES = Set.of("location", "content-location");

    private PassedHeaders() {}

    static void inward(
            HttpRequest<?> from, MutableHttpHeaders to, Domain domain, PublicAddress address, boolean stream) {
        var left = new HashSet<>(HOP_BY_HOP);
        left.addAll(NOT_INWARD);
        left.addAll(named(from.getHeaders().getAll(HttpHeaders.CONNECTION)));
        from.getHeaders().forEach((name, values) -> {
            var key = name.toLowerCase(Locale.ROOT);
            // compressed events would wait in the compressor
            if (left.contains(key) || key.startsWith("sec-") || (stream && key.equals("accept-encoding"))) {
                return;
            }
            values.forEach(value -> to.add(name, value));
        });
        var trace = TraceContext.currentTraceparent();
        if (trace != null) {
            to.set("traceparent", trace);
        }
        var peer = from.getRemoteAddress().getAddress();
        var before = address.isBehindProxy() ? from.getHeaders().get("X-Forwarded-For") : null;
        var caller = peer == null ? "unknown" : peer.getHostAddress();
        to.set("X-Forwarded-For", before == null ? caller : before + ", " + caller);
        var outside = address.of(from);
        to.set("X-Forwarded-Proto", outside.getScheme());
        to.set("X-Forwarded-Host", outside.getRawAuthority());
        to.set("X-Forwarded-Prefix", "/api/" + domain.word());
    }

    static void outward(Map<String, List<String>> from, MutableHttpHeaders to, Domain domain, URI service) {
        var left = new HashSet<>(HOP_BY_HOP);
        from.forEach((name, values) -> {
            if (name.equalsIgnoreCase(HttpHeaders.CONNECTION)) {
                left.addAll(named(values));
            }
        });
        from.forEach((name, values) -> {
            var key = name.toLowerCase(Locale.ROOT);
            if (PLACES.contains(key)) {
                to.set(name, Destination.seenFromOutside(domain, service, values.getFirst()));
            } else if (!left.contains(key) && !NOT_OUTWARD.contains(key)) {
                values.forEach(value -> to.add(name, value));
            }
        });
    }

    /** Further headers that are of one connection only, as {@code Connection} names them. */
    private static Set<String> named(List<String> connection) {
        var names = new HashSet<String>();
        for (var each : connection) {
            for (var name : each.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
