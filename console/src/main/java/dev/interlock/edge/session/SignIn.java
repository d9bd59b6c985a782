package dev.interlock.edge.session;

import com.nimbusds.jwt.JWTParser;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Makes a session of a token that the services would take; checks it exactly as they do. */
@Singleton
class SignIn {

    private final TokenValidator<HttpRequest<?>> tokens;
    private final SessionSettings settings;
    private final Clock clock;

    SignIn(TokenValidator<HttpRequest<?>> tokens, SessionSettings settings, Clock clock) {
        this.tokens = tokens;
        this.settings = settings;
        this.clock = clock;
    }

    /** Empty for a token that does not count. */
    Mono<Session> with(HttpRequest<?> request, String token) {
        return session(request, new IdentityProvider.Tokens(token, null, null));
    }

    /** Of what an identity provider gave; with a refresh token the session outlives the access token. */
    Mono<Session> with(HttpRequest<?> request, IdentityProvider.Tokens tokens) {
        return session(request, tokens);
    }

    /** The same session with new tokens, for the same person only. */
    Mono<Session> again(Session session, IdentityProvider.Tokens tokens) {
        return Mono.from(this.tokens.validateToken(tokens.accessToken(), null))
                .filter(who -> who.getName().equals(session.subject()))
                .map(who -> new Session(
                        session.id(),
                        tokens.accessToken(),
                        session.subject(),
                        Set.copyOf(who.getRoles()),
                        session.expiresAt(),
                        expiry(tokens.accessToken()),
                        tokens.refreshToken(),
                        session.idToken()));
    }

    private Mono<Session> session(HttpRequest<?> request, IdentityProvider.Tokens given) {
        var token = given.accessToken();
        var refresh = given.refreshToken();
        return Mono.from(tokens.validateToken(token, request)).map(who -> {
            var ends = expiry(token);
            var longest = clock.instant().plus(settings.longest());
            return new Session(
                    UUID.randomUUID().toString(),
                    token,
                    who.getName(),
                    Set.copyOf(who.getRoles()),
                    refresh == null && ends.isBefore(longest) ? ends : longest,
                    ends,
                    refresh,
                    given.idToken());
        });
    }

    /** Of a token that was verified, so it has one. */
    static Instant expiry(String token) {
        try {
            return JWTParser.parse(token).getJWTClaimsSet().getExpirationTime().toInstant();
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
