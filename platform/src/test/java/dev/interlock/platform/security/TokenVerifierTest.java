package dev.interlock.platform.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenVerifierTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static ECKey ec;
    private static RSAKey rsa;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    }

    @Test
    void acceptsBothAlgorithmsWithKeysGivenInlineOrAsAFile(@TempDir Path dir) throws Exception {
        var file = Files.writeString(dir.resolve("jwks.json"), jwks(ec, rsa));
        for (String given : List.of(jwks(ec, rsa), file.toString())) {
            var verifier = verifier(given, null, null, null, "roles");
            assertThat(requireNonNull(verifier.verify(sign(ec, claims().build())))
                            .getName())
                    .isEqualTo("ada");
            assertThat(requireNonNull(verifier.verify(sign(rsa, claims().build())))
                            .getRoles())
                    .containsExactly("operator");
        }
    }

    @Test
    void takesAccessTokensThatSaySoAndNoTokensForSomethingElse() throws Exception {
        var verifier = verifier(jwks(ec), null, null, null, "roles");
        assertThat(verifier.verify(sign(ec, "at+jwt", claims().build()))).isNotNull(); // RFC 9068
        assertThat(verifier.verify(sign(ec, "JWT", claims().build()))).isNotNull();
        assertThat(verifier.verify(sign(ec, "logout+jwt", claims().build()))).isNull();
    }

    @Test
    void takesNoTokenOutOfItsTime() throws Exception {
        var verifier = verifier(jwks(ec), null, null, null, "roles");
        assertThat(verifier.verify(sign(
                        ec,
                        claims().expirationTime(Date.from(NOW.minusSeconds(31))).build())))
                .isNull();
        assertThat(verifier.verify(sign(
                        ec,
                        claims().notBeforeTime(Date.from(NOW.plusSeconds(31))).build())))
                .isNull();
        assertThat(verifier.verify(sign(ec, claims().expirationTime(null).build())))
                .isNull();
        assertThat(verifier.verify(sign(
                        ec,
                        claims().expirationTime(Date.from(NOW.minusSeconds(20))).build())))
                .isNotNull();
    }

    @Test
    void takesNoTokenOfAnotherIssuerOrAudienceOrWithoutSubject() throws Exception {
        var verifier = verifier(jwks(ec), null, "https://id.example", "interlock", "roles");
        var good = claims().issuer("https://id.example").audience("interlock");
        assertThat(verifier.verify(sign(ec, good.build()))).isNotNull();
        assertThat(verifier.verify(sign(
                        ec,
                        new JWTClaimsSet.Builder(good.build())
                                .issuer("https://evil")
                                .build())))
                .isNull();
        assertThat(verifier.verify(sign(
                        ec,
                        new JWTClaimsSet.Builder(good.build()).audience("other").build())))
                .isNull();
        assertThat(verifier.verify(sign(
                        ec, new JWTClaimsSet.Builder(good.build()).subject(null).build())))
                .isNull();
        assertThat(verifier.verify(sign(ec, claims().build()))).isNull();
    }

    @Test
    void takesNoTokenThatUsesAPublicKeyAsASharedSecret() throws Exception {
        var verifier = verifier(jwks(rsa), null, null, null, "roles");
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), claims().build());
        token.sign(new MACSigner(rsa.toRSAPublicKey().getEncoded()));
        assertThat(verifier.verify(token.serialize())).isNull();
    }

    @Test
    void findsTheRolesWhereTheIssuerPutsThem() throws Exception {
        var verifier = verifier(jwks(ec), null, null, null, "realm_access.roles");
        var token = sign(
                ec,
                claims().claim("realm_access", Map.of("roles", List.of("admin", "offline_access")))
                        .build());
        assertThat(requireNonNull(verifier.verify(token)).getRoles()).containsExactly("admin");
    }

    @Test
    void fetchesTheIssuersKeysAgainWhenATokenNamesANewOne() throws Exception {
        var served = new AtomicReference<>(jwks(ec));
        var issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/jwks", exchange -> {
            var body = served.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        issuer.start();
        try {
            var url = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks");
            var verifier = verifier(null, url, null, null, "roles");
            assertThat(verifier.verify(sign(ec, claims().build()))).isNotNull();
            served.set(jwks(ec, rsa));
            assertThat(verifier.verify(sign(rsa, claims().build()))).isNotNull();
        } finally {
            issuer.stop(0);
        }
    }

    @Test
    void aTokenThatWasVerifiedBeforeStillEndsInItsTime() throws Exception {
        var now = new AtomicReference<>(NOW);
        var verifier = new TokenVerifier(settings(jwks(ec), null, null, null, "roles"), clock(now));
        var token = sign(ec, claims().notBeforeTime(Date.from(NOW)).build());
        assertThat(verifier.verify(token)).isNotNull();
        now.set(NOW.plusSeconds(600 + 29));
        assertThat(verifier.verify(token)).as("within the skew").isNotNull();
        now.set(NOW.plusSeconds(600 + 31));
        assertThat(verifier.verify(token)).as("over").isNull();
        now.set(NOW.minusSeconds(31));
        assertThat(verifier.verify(token)).as("set back before its begin").isNull();
        now.set(NOW);
        assertThat(verifier.verify(token)).isNotNull();
    }

    @Test
    void aSignatureIsComputedOnceAsLongAsTheKeysAreTheSame() throws Exception {
        var served = new AtomicReference<>(new JWKSet(ec.toPublicJWK()));
        var asked = new AtomicInteger();
        var verifier = new TokenVerifier(
                settings(null, null, null, null, "roles"), clock(new AtomicReference<>(NOW)), (selector, context) -> {
                    asked.incrementAndGet();
                    return selector.select(served.get());
                });
        var token = sign(ec, claims().build());
        assertThat(verifier.verify(token)).isNotNull();
        assertThat(asked.getAndSet(0)).as("once to know, once to compute").isEqualTo(2);
        assertThat(requireNonNull(verifier.verify(token)).getName()).isEqualTo("ada");
        assertThat(asked.getAndSet(0)).as("nothing was computed").isEqualTo(1);

        served.set(new JWKSet(List.of(ec.toPublicJWK(), rsa.toPublicJWK())));
        assertThat(verifier.verify(token)).isNotNull();
        assertThat(asked.getAndSet(0))
                .as("another key is no matter of this token")
                .isEqualTo(1);

        served.set(new JWKSet(rsa.toPublicJWK()));
        assertThat(verifier.verify(token)).as("its key was taken away").isNull();
        served.set(new JWKSet(
                new ECKeyGenerator(Curve.P_256).keyID("ec").generate().toPublicJWK()));
        assertThat(verifier.verify(token))
                .as("its key was replaced under the same name")
                .isNull();
        served.set(new JWKSet(ec.toPublicJWK()));
        assertThat(verifier.verify(token)).isNotNull();
    }

    @Test
    void whatResemblesAVerifiedTokenIsNone() throws Exception {
        var verifier = verifier(jwks(ec), null, null, null, "roles");
        var token = sign(ec, claims().build());
        var parts = token.split("\\.", -1);
        assertThat(verifier.verify(token)).isNotNull();
        var other = sign(ec, claims().subject("eve").build()).split("\\.", -1);
        assertThat(verifier.verify(parts[0] + "." + other[1] + "." + parts[2])).isNull();
        assertThat(verifier.verify(parts[0] + "." + parts[1] + "." + other[2])).isNull();
        assertThat(verifier.verify(parts[0] + "." + parts[1] + ".")).isNull();
    }

    @Test
    void remembersNoMoreThanItsMostAndTheLatest() {
        var tokens = new VerifiedTokens(3);
        var verified = new VerifiedTokens.Verified(new JWSHeader(JWSAlgorithm.ES256), List.of(), claims().build());
        for (int i = 0; i < 3; i++) {
            tokens.put("token " + i, verified);
        }
        assertThat(tokens.get("token 0")).isSameAs(verified);
        tokens.put("token 3", verified);
        assertThat(tokens.size()).isEqualTo(3);
        assertThat(tokens.get("token 1")).as("used the longest ago").isNull();
        assertThat(tokens.get("token 0")).isSameAs(verified);
    }

    @Test
    void acceptsNothingWithoutKeysAndSaysWhenTheyCannotBeRead() throws Exception {
        assertThat(verifier(null, null, null, null, "roles").verify(sign(ec, claims().build())))
                .isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier("/no/such/file", null, null, null, "roles"))
                .withMessageContaining("interlock.security.jwks");
    }

    private static TokenVerifier verifier(
            @Nullable String jwks,
            @Nullable URI url,
            @Nullable String issuer,
            @Nullable String audience,
            String rolesClaim) {
        return new TokenVerifier(settings(jwks, url, issuer, audience, rolesClaim), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static SecuritySettings settings(
            @Nullable String jwks,
            @Nullable URI url,
            @Nullable String issuer,
            @Nullable String audience,
            String rolesClaim) {
        return new SecuritySettings(jwks, url, issuer, audience, rolesClaim, Duration.ofSeconds(30));
    }

    private static Clock clock(AtomicReference<Instant> now) {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("ada")
                .claim("roles", List.of("operator"))
                .expirationTime(Date.from(NOW.plusSeconds(600)));
    }

    private static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString();
    }

    private static String sign(JWK key, JWTClaimsSet claims) throws JOSEException {
        return sign(key, null, claims);
    }

    private static String sign(JWK key, @Nullable String type, JWTClaimsSet claims) throws JOSEException {
        JWSSigner signer = key instanceof ECKey k ? new ECDSASigner(k) : new RSASSASigner((RSAKey) key);
        var algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
        var token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .keyID(key.getKeyID())
                        .type(type == null ? null : new JOSEObjectType(type))
                        .build(),
                claims);
        token.sign(signer);
        return token.serialize();
    }
}
