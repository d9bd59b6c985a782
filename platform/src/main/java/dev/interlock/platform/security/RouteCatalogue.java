package dev.interlock.platform.security;

import io.micronaut.context.ApplicationContext;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * All routes that a running service answers, for the test that each service has:
 *
 * <pre>{@code
 * RouteCatalogue.of(context).stream().filter(not(RouteCatalogue::isAnonymous)).forEach(route ->
 *         assertThat(client.send(route.method(), route.path())).isEqualTo(401));
 * }</pre>
 */
public record RouteCatalogue(String method, String path) implements Comparable<RouteCatalogue> {

    private static final Set<String> ANONYMOUS = Set.of("/health/liveness", "/health/readiness");

    /** Each method and path once; path variables are filled with {@code 1}. */
    public static List<RouteCatalogue> of(ApplicationContext service) {
        var all = new TreeSet<RouteCatalogue>();
        service.getBean(Router.class).uriRoutes().forEach((UriRouteInfo<?, ?> route) -> {
            var path = route.getUriMatchTemplate().toPathString().replaceAll("\\{[^/}]*}", "1");
            all.add(new RouteCatalogue(route.getHttpMethodName(), path));
            if (path.equals("/health/1")) {
                ANONYMOUS.forEach(probe -> all.add(new RouteCatalogue(route.getHttpMethodName(), probe)));
            }
        });
        return List.copyOf(all);
    }

    /** Whether it may be answered without a token: only liveness and readiness. */
    public boolean isAnonymous() {
        return ANONYMOUS.contains(path);
    }

    @Override
    public int compareTo(RouteCatalogue other) {
        int byPath = path.compareTo(other.path);
        return byPath != 0 ? byPath : method.compareTo(other.method);
    }
}
