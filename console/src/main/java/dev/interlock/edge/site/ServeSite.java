package dev.interlock.edge.site;

import dev.interlock.edge.site.Site.File;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.Problems;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is no API: the page for every path that a browser asks for by itself, and the documentation. A filter, because a
 * route for every path would take those away from the routes that there are.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
class ServeSite implements Ordered {

    private static final String DOCUMENTATION = "/docs";
    private static final Set<String> ELSEWHERE = Set.of("/api", "/session", "/health", "/prometheus");

    private static final String INDEX = "index.html";

    private final Site site;

    ServeSite(Site site) {
        this.site = site;
    }

    @Override
    public int getOrder() {
        return ServerFilterPhase.SECURITY.before();
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> serve(HttpRequest<?> request) {
        var path = request.getPath();
        if (!(request.getMethodName().equals("GET") || request.getMethodName().equals("HEAD")) || isElsewhere(path)) {
            return null;
        }
        if (path.equals(DOCUMENTATION)) {
            return HttpResponse.redirect(URI.create(DOCUMENTATION + "/"));
        }
        return path.startsWith(DOCUMENTATION + "/")
                ? documentation(request, path.substring(DOCUMENTATION.length() + 1))
                : console(request, path.substring(1));
    }

    private static boolean isElsewhere(String path) {
        int slash = path.indexOf('/', 1);
        return ELSEWHERE.contains(slash < 0 ? path : path.substring(0, slash));
    }

    private HttpResponse<?> console(HttpRequest<?> request, String path) {
        var file = site.find(Site.PAGE, path);
        if (file.isPresent()) {
            return answer(request, file.get());
        }
        return path.isEmpty() || wantsPage(request) ? page(request) : absent(request);
    }

    private HttpResponse<?> documentation(HttpRequest<?> request, String path) {
        Optional<File> file;
        if (path.isEmpty() || path.endsWith("/")) {
            file = site.find(Site.DOCUMENTATION, path + INDEX);
        } else {
            file = site.find(Site.DOCUMENTATION, path).or(() -> site.find(Site.DOCUMENTATION, path + ".html"));
            if (file.isEmpty()
                    && site.find(Site.DOCUMENTATION, path + "/" + INDEX).isPresent()) {
                return HttpResponse.redirect(URI.create(request.getPath() + "/"));
            }
        }
        if (file.isPresent()) {
            return answer(request, file.get());
        }
        return site.find(Site.DOCUMENTATION, "404.html")
                .filter(found -> wantsPage(request))
                .<HttpResponse<?>>map(found -> HttpResponse.notFound(found.plain())
                        .contentType(found.type())
                        .header(HttpHeaders.CACHE_CONTROL, "no-cache"))
                .orElseGet(() -> absent(request));
    }

    private HttpResponse<?> page(HttpRequest<?> request) {
        return site.find(Site.PAGE, INDEX)
                .<HttpResponse<?>>map(index -> answer(request, index))
                .orElseGet(() -> PlainPage.noConsole(site.whyNoPage().orElse("the build left none.")));
    }

    private static boolean wantsPage(HttpRequest<?> request) {
        return request.accept().stream().anyMatch(type -> type.getName().equals(MediaType.TEXT_HTML));
    }

    private static HttpResponse<?> absent(HttpRequest<?> request) {
        return Problems.answer(
                request,
                Problem.of("no-such-path", 404, "There is no such path")
                        .detail("Nothing is served at " + request.getPath() + ".")
                        .next("The console is at /, the APIs are below /api/."));
    }

    private static HttpResponse<?> answer(HttpRequest<?> request, File file) {
        var caching = file.isLasting() ? "public, max-age=31536000, immutable" : "no-cache";
        var etag = "\"" + file.etag() + "\"";
        // whether compressed or not: both mean the same content (RFC 9110, 13.1.2 compares weakly)
        var known = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        if (known != null && (known.contains(etag) || known.strip().equals("*"))) {
            return HttpResponse.notModified()
                    .header(HttpHeaders.ETAG, "W/" + etag)
                    .header(HttpHeaders.CACHE_CONTROL, caching)
                    .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        byte[] body = file.plain();
        String encoding = null;
        if (file.brotli() != null && accepts(request, "br")) {
            body = file.brotli();
            encoding = "br";
        } else if (file.gzip() != null && accepts(request, "gzip")) {
            body = file.gzip();
            encoding = "gzip";
        }
        var answer = HttpResponse.ok(body)
                .contentType(file.type())
                .header(HttpHeaders.ETAG, "W/" + etag)
                .header(HttpHeaders.CACHE_CONTROL, caching)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        return encoding == null ? answer : answer.header(HttpHeaders.CONTENT_ENCODING, encoding);
    }

    private static boolean accepts(HttpRequest<?> request, String encoding) {
        for (var header : request.getHeaders().getAll(HttpHeaders.ACCEPT_ENCODING)) {
            for (var each : header.toLowerCase(Locale.ROOT).split(",", -1)) {
                var parts = each.split(";", -1);
                if (parts[0].strip().equals(encoding)) {
                    return parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0*)?");
                }
            }
        }
        return false;
    }
}
