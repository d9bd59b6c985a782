package dev.interlock.platform.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Accepts tokens signed with ES256 or RS256 by a trusted key, in their time, of the right issuer and audience, with a subject. Every
 * other token is no token.
 */
@Singleton
final class TokenVerifier implements TokenValidator<HttpRequest<?>> {

    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final int MAX_LENGTH = 16 * 1024;
    private static final int FETCH_MILLIS = 3_000;
    private static final Set<String> ROLES =
            Set.of(Roles.VIEWER, Roles.OPERATOR, Roles.APPROVER, Roles.ADMIN, Roles.SERVICE);

    private final @Nullable DefaultJWTProcessor<SecurityContext> processor;
    private final boolean fetches;
    private final List<String> rolesClaim;

    TokenVerifier(SecuritySettings settings, Clock clock) {
        this.rolesClaim = List.of(settings.rolesClaim().split("\\."));
        this.fetches = settings.jwksUrl() != null;
        var keys = keys(settings);
        if (keys == null) {
            LOG.warn("no token will be accepted: set interlock.security.jwks or interlock.security.jwks-url");
            this.processor = null;
            return;
        }
        this.processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
        var exact = settings.issuer() == null
                ? null
                : new JWTClaimsSet.Builder().issuer(settings.issuer()).build();
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(settings.audience(), exact, Set.of("sub", "exp")) {
            @Override
            protected Date currentTime() {
                return Date.from(clock.instant());
            }
        };
        claims.setMaxClockSkew((int) settings.clockSkew().toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    @Override
    public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
        var verified = Mono.<Authentication>fromCallable(() -> verify(token));
        return fetches ? verified.subscribeOn(Schedulers.boundedElastic()) : verified;
    }

    /** Returns null for a token that does not count. */
    @Nullable
    Authentication verify(String token) {
        if (processor == null || token.length() > MAX_LENGTH) {
            return null;
        }
        try {
            var claims = processor.process(SignedJWT.parse(token), null);
            var name = claims.getSubject();
            if (name == null || name.isBlank() || name.length() > 255 || name.equals(Actor.SYSTEM.name())) {
                return null;
            }
            return Authentication.build(name, roles(claims.getClaims()));
        } catch (KeySourceException unreachable) {
            LOG.warn("the issuer's keys cannot be had: {}", unreachable.getMessage());
            return null;
        } catch (ParseException | BadJOSEException | JOSEException refused) {
            LOG.debug("a token was refused: {}", refused.getMessage());
            return null;
        }
    }

    private Collection<String> roles(Map<String, Object> claims) {
        Object at = claims;
        for (String step : rolesClaim) {
            at = at instanceof Map<?, ?> map ? map.get(step) : null;
        }
        var roles = new TreeSet<String>();
        if (at instanceof Collection<?> list) {
            list.forEach(role -> roles.add(String.valueOf(role)));
        } else if (at instanceof String text) {
            roles.addAll(List.of(text.split("[ ,]+")));
        }
        roles.retainAll(ROLES);
        return roles;
    }

    private static @Nullable JWKSource<SecurityContext> keys(SecuritySettings settings) {
        var fixed = settings.jwks() == null || settings.jwks().isBlank() ? null : fixed(settings.jwks());
        var url = settings.jwksUrl();
        if (url == null) {
            return fixed;
        }
        JWKSource<SecurityContext> fetched;
        try {
            fetched = JWKSourceBuilder.<SecurityContext>create(
                            url.toURL(), new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, 256 * 1024))
                    .retrying(true)
                    .outageTolerant(true)
                    .build();
        } catch (MalformedURLException wrong) {
            throw new IllegalArgumentException("interlock.security.jwks-url is no URL: " + url, wrong);
        }
        if (fixed == null) {
            return fetched;
        }
        return (selector, context) -> {
            var found = fixed.get(selector, context);
            return found.isEmpty() ? fetched.get(selector, context) : found;
        };
    }

    private static JWKSource<SecurityContext> fixed(String jwks) {
        try {
            var json = jwks.stripLeading().startsWith("{") ? jwks : Files.readString(Path.of(jwks.strip()));
            var set = JWKSet.parse(json).toPublicJWKSet();
            if (set.isEmpty()) {
                throw new IllegalArgumentException("interlock.security.jwks has no public key");
            }
            return new ImmutableJWKSet<>(set);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "interlock.security.jwks is neither JSON nor a file that can be read: " + jwks, unreadable);
        } catch (ParseException wrong) {
            throw new IllegalArgumentException("interlock.security.jwks is no JSON Web Key Set", wrong);
        }
    }
}
