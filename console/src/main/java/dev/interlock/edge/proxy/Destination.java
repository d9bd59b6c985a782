package dev.interlock.edge.proxy;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request to the edge goes: {@code /api/inventory/v1/hosts?x} is {@code /api/v1/hosts?x} of inventory-service, and
 * {@code /api/inventory/openapi} its {@code /openapi}.
 *
 * @param path of the service, as it came: escapes are kept
 */
record Destination(Domain domain, String path, @Nullable String query) {

    private static final String API = "/api/";

    static Optional<Destination> of(URI asked) {
        var path = asked.getRawPath();
        if (path == null || !path.startsWith(API)) {
            return Optional.empty();
        }
        int slash = path.indexOf('/', API.length());
        var word = slash < 0 ? path.substring(API.length()) : path.substring(API.length(), slash);
        var rest = slash < 0 ? "" : path.substring(slash);
        if (climbs(rest)) {
            return Optional.empty();
        }
        return Domain.of(word).map(domain -> new Destination(domain, within(rest), asked.getRawQuery()));
    }

    private static String within(String rest) {
        return rest.equals("/openapi") || rest.startsWith("/openapi/") ? rest : "/api" + rest;
    }

    /** Whether it has a segment that a server could read as "one folder up", and so leave the API. */
    private static boolean climbs(String path) {
        var plain = path.toLowerCase(Locale.ROOT)
                .replace("%2e", ".")
                .replace("%2f", "/")
                .replace("%5c", "/");
        return plain.indexOf('\\') >= 0
                || Arrays.stream(plain.split("/", -1))
                        .anyMatch(segment -> segment.equals(".")
                                || segment.equals("..")
                                || segment.startsWith("..;")
                                || segment.startsWith(".;"));
    }

    URI at(URI service) {
        return URI.create(
                service.getScheme() + "://" + service.getRawAuthority() + path + (query == null ? "" : "?" + query));
    }

    /** What the service calls {@code location} as the edge's callers see it; another place stays as it is. */
    static String seenFromOutside(Domain domain, URI service, String location) {
        var own = service.getScheme() + "://" + service.getRawAuthority();
        var path = location.startsWith(own + "/") ? location.substring(own.length()) : location;
        var outside = API + domain.word();
        if (path.startsWith(API)) {
            return outside + path.substring("/api".length());
        }
        return path.equals("/openapi") || path.startsWith("/openapi/") ? outside + path : location;
    }
}
