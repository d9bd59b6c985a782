package dev.interlock.edge.session;

import com.nimbusds.jwt.JWTClaimsSet;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sign-out on its way to the identity provider. The session's cookie is gone by then: what the provider wants to see is in one of its
 * own, so that it never reaches JavaScript, and nobody can be signed out by a link.
 */
@Singleton
class SignOut {

    private static final String COOKIE = "interlock-logout";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SealedCookies cookies;
    private final Clock clock;

    SignOut(SealedCookies cookies, Clock clock) {
        this.cookies = cookies;
        this.clock = clock;
    }

    /** @param idToken null where it did not fit into the session's cookies */
    record Begun(@Nullable String idToken) {}

    List<Cookie> begin(HttpRequest<?> request, Session session) {
        var claims = new JWTClaimsSet.Builder()
                .claim("id", session.idToken())
                .expirationTime(Date.from(clock.instant().plus(PATIENCE)))
                .build();
        try {
            return cookies.seal(request, COOKIE, SameSite.Strict, claims);
        } catch (SealedCookies.TooLong tooLong) {
            throw new IllegalStateException("it fitted into the session's cookies with more beside it", tooLong);
        }
    }

    Optional<Begun> begun(HttpRequest<?> request) {
        return cookies.open(request, COOKIE).map(claims -> {
            var id = claims.getClaim("id");
            return new Begun(id == null ? null : id.toString());
        });
    }

    List<Cookie> end(HttpRequest<?> request) {
        return cookies.clear(request, COOKIE, SameSite.Strict);
    }
}
