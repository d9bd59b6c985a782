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
    private static final Set<String> NOT_OUTWARD =
            Set.of("set-cookie", "location", "content-location", "trace-id", "server", "date");

    private PassedHeaders() {}

    static void inward(
            HttpRequest<?> from, MutableHttpHeaders to, Domain domain, PublicAddress address, boolean stream) {
        var left = leftOut(from.getHeaders(), NOT_INWARD);
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

    static void outward(HttpHeaders from, MutableHttpHeaders to, Domain domain, URI service) {
        var left = leftOut(from, NOT_OUTWARD);
        from.forEach((name, values) -> {
            if (!left.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> to.add(name, value));
            }
        });
        for (var name : List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION)) {
            var location = from.get(name);
            if (location != null) {
                to.set(name, Destination.seenFromOutside(domain, service, location));
            }
        }
    }

    /** With those that {@code Connection} names. */
    private static Set<String> leftOut(HttpHeaders headers, Set<String> always) {
        var left = new HashSet<>(HOP_BY_HOP);
        left.addAll(always);
        for (var connection : headers.getAll(HttpHeaders.CONNECTION)) {
            for (var name : connection.split(",", -1)) {
                left.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return left;
    }
}
