package dev.interlock.edge.session;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.Problems;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a command that another site makes a browser send: the browser adds the session's cookie by itself, so the cookie alone proves
 * nothing. Browsers say truly where a request comes from ({@code Sec-Fetch-Site}, {@code Origin}); pages cannot change that.
 */
@ServerFilter({"/api/**", "/session", "/session/**"})
class SameOrigin implements Ordered {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final PublicAddress address;
    private final Sessions sessions;

    SameOrigin(PublicAddress address, Sessions sessions) {
        this.address = address;
        this.sessions = sessions;
    }

    @Override
    public int getOrder() {
        return ServerFilterPhase.SECURITY.before() - 100;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> check(HttpRequest<?> request) {
        var headers = request.getHeaders();
        // no browser adds a token by itself
        if (SAFE.contains(request.getMethodName()) || headers.contains(HttpHeaders.AUTHORIZATION)) {
            return null;
        }
        var site = headers.get("Sec-Fetch-Site");
        var origin = headers.get(HttpHeaders.ORIGIN);
        boolean ours;
        if (site != null) {
            ours = site.equals("same-origin");
        } else if (origin != null) {
            ours = origin.toLowerCase(Locale.ROOT)
                    .equals(address.of(request).toString().toLowerCase(Locale.ROOT));
        } else {
            // a program: it has no cookie that it did not put there itself, but then it can say where it comes from
            ours = !sessions.isShown(request);
        }
        if (ours) {
            return null;
        }
        return Problems.answer(
                request,
                Problem.forbidden(
                        "other-origin",
                        "The request comes from another site",
                        "With the cookie of a session, commands are taken only from the console's own page at "
                                + address.of(request) + ".",
                        "Use the console under that address; programs send Authorization: Bearer <token> instead of the"
                                + " cookie."));
    }
}
