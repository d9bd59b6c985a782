package dev.interlock.edge.session;

import io.micronaut.context.annotation.Property;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Under which address browsers know the edge. Behind a proxy that ends TLS it has to be told ({@code interlock.edge.public-url});
 * otherwise it is what the request says.
 */
@Singleton
public class PublicAddress {

    private final @Nullable URI configured;

    PublicAddress(@Nullable @Property(name = "interlock.edge.public-url") URI configured) {
        if (configured != null && (configured.getHost() == null || configured.getScheme() == null)) {
            throw new IllegalArgumentException(
                    "interlock.edge.public-url wants an address such as https://interlock.example.com, not "
                            + configured);
        }
        this.configured = configured;
    }

    /** Scheme, host and port, without a path. */
    public URI of(HttpRequest<?> request) {
        if (configured != null) {
            return URI.create(configured.getScheme() + "://" + configured.getRawAuthority());
        }
        var host = request.getHeaders().get(HttpHeaders.HOST);
        try {
            return URI.create((request.isSecure() ? "https://" : "http://") + (host == null ? "localhost" : host));
        } catch (IllegalArgumentException noHost) {
            return URI.create("http://localhost");
        }
    }

    public boolean isBehindProxy() {
        return configured != null;
    }

    boolean isSecure(HttpRequest<?> request) {
        return "https".equals(of(request).getScheme());
    }
}
