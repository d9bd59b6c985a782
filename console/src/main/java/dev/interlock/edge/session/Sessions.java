package dev.interlock.edge.session;

import com.nimbusds.jwt.JWTClaimsSet;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The sessions that browsers carry. The edge itself remembers none. */
@Singleton
public class Sessions {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final String COOKIE = "interlock-session";

    private final SealedCookies cookies;
    private final Renewals renewals;
    private final Clock clock;

    Sessions(SealedCookies cookies, Renewals renewals, Clock clock) {
        this.cookies = cookies;
        this.renewals = renewals;
        this.clock = clock;
    }

    /**
     * @param renewed to be set with the answer, when the session is not what the browser showed
     */
    public record Current(Session session, List<Cookie> renewed) {}

    /** Empty where nobody is signed in, or no longer. */
    public Mono<Current> current(HttpRequest<?> request) {
        var shown = open(request);
        if (shown.filter(renewals::isDue).isPresent()) {
            return renewals.renew(shown.get())
                    .filter(this::isAlive)
                    .map(session -> new Current(session, again(request, session)));
        }
        return Mono.justOrEmpty(shown.filter(this::isAlive)).map(session -> new Current(session, List.of()));
    }

    private boolean isAlive(Session session) {
        return clock.instant().isBefore(session.tokenExpiresAt());
    }

    private List<Cookie> again(HttpRequest<?> request, Session session) {
        try {
            return begin(request, session);
        } catch (SealedCookies.TooLong tooLong) {
            LOG.warn("{} is renewed, but does not fit into cookies any more", session);
            return List.of();
        }
    }

    /** Whether the browser carries something that is or was a session. */
    public boolean isShown(HttpRequest<?> request) {
        return cookies.isShown(request, COOKIE);
    }

    List<Cookie> begin(HttpRequest<?> request, Session session) throws SealedCookies.TooLong {
        try {
            return seal(request, session);
        } catch (SealedCookies.TooLong tooLong) {
            if (session.idToken() == null) {
                throw tooLong;
            }
            return seal(request, session.withoutIdToken()); // signing out can do without
        }
    }

    private List<Cookie> seal(HttpRequest<?> request, Session session) throws SealedCookies.TooLong {
        var claims = new JWTClaimsSet.Builder()
                .jwtID(session.id())
                .subject(session.subject())
                .expirationTime(Date.from(session.expiresAt()))
                .claim("roles", List.copyOf(session.rolesInOrder()))
                .claim("token", session.token())
                .claim("until", session.tokenExpiresAt().getEpochSecond());
        if (session.refresh() != null) {
            claims.claim("refresh", session.refresh());
        }
        if (session.idToken() != null) {
            claims.claim("id", session.idToken());
        }
        return cookies.seal(request, COOKIE, SameSite.Strict, claims.build());
    }

    /** Cookies that end it, for the answer. */
    public List<Cookie> end(HttpRequest<?> request) {
        return cookies.clear(request, COOKIE, SameSite.Strict);
    }

    /** As the browser shows it, also when its token is over. */
    Optional<Session> open(HttpRequest<?> request) {
        return cookies.open(request, COOKIE).flatMap(claims -> {
            try {
                return Optional.of(new Session(
                        Objects.requireNonNull(claims.getJWTID()),
                        Objects.requireNonNull(claims.getStringClaim("token")),
                        Objects.requireNonNull(claims.getSubject()),
                        Set.copyOf(claims.getStringListClaim("roles")),
                        claims.getExpirationTime().toInstant(),
                        Instant.ofEpochSecond(claims.getLongClaim("until")),
                        claims.getStringClaim("refresh"),
                        claims.getStringClaim("id")));
            } catch (ParseException | NullPointerException ofAnotherVersion) {
                return Optional.empty();
            }
        });
    }
}
