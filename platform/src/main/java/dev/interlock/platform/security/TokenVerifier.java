package dev.interlock.platform.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
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
import jakarta.inject.Inject;
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
    private static final int REMEMBERED = 1_000;
    private static final Set<String> ROLES =
            Set.of(Roles.VIEWER, Roles.OPERATOR, Roles.APPROVER, Roles.ADMIN, Roles.SERVICE);

    private final @Nullable JWKSource<SecurityContext> keys;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final VerifiedTokens verified = new VerifiedTokens(REMEMBERED);
    private final boolean fetches;
    private final List<String> rolesClaim;

    @Inject
    TokenVerifier(SecuritySettings settings, Clock clock) {
        this(settings, clock, keys(settings));
    }

    TokenVerifier(SecuritySettings settings, Clock clock, @Nullable JWKSource<SecurityContext> keys) {
        this.rolesClaim = List.of(settings.rolesClaim().split("\\."));
        this.fetches = settings.jwksUrl() != null;
        this.keys = keys;
        if (keys == null) {
            LOG.warn("no token will be accepted: set interlock.security.jwks or interlock.security.jwks-url");
            return;
        }
        // access tokens say what they are by RFC 9068, or say nothing, or JWT as most did before it
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
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
        var authentication = Mono.<Authentication>fromCallable(() -> verify(token));
        return fetches ? authentication.subscribeOn(Schedulers.boundedElastic()) : authentication;
    }

    /** Returns null for a token that does not count. */
    @Nullable
    Authentication verify(String token) {
        if (keys == null || token.length() > MAX_LENGTH) {
            return null;
        }
        try {
            var claims = claims(token, keys);
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

    /**
     * The claims of a token that counts now. A signature is computed once, and again when the keys that may have made it are others
     * than then: a key that is taken away takes its tokens with it. Time, issuer and audience are looked at every time.
     */
    private JWTClaimsSet claims(String token, JWKSource<SecurityContext> source)
            throws ParseException, BadJOSEException, JOSEException {
        var before = verified.get(token);
        if (before != null && before.keys().equals(candidates(before.header(), source))) {
            processor.getJWTClaimsSetVerifier().verify(before.claims(), null);
            return before.claims();
        }
        var parsed = SignedJWT.parse(token);
        var candidates = candidates(parsed.getHeader(), source);
        var claims = processor.process(parsed, null);
        verified.put(token, new VerifiedTokens.Verified(parsed.getHeader(), candidates, claims));
        return claims;
    }

    private static List<JWK> candidates(JWSHeader header, JWKSource<SecurityContext> source) throws KeySourceException {
        var matcher = JWKMatcher.forJWSHeader(header);
        return matcher == null ? List.of() : source.get(new JWKSelector(matcher), null);
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
