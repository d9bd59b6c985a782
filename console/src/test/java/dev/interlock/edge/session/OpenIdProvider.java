package dev.interlock.edge.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationErrorResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.SubjectType;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A small OpenID provider that is as strict as the standards: a code counts once, for its redirect address, and only with the verifier
 * of its challenge (RFC 7636); a refresh token counts once; a session is ended only for who shows its ID token, and the browser sent back
 * only to where it was registered. Everybody who comes to its login page is already known as {@code olga}.
 */
final class OpenIdProvider implements AutoCloseable {

    static final String CLIENT = "interlock-console";
    static final String SECRET = "only-the-edge-knows-this-secret-of-its-own";

    private final HttpServer server;
    private final RSAKey key;
    private final Map<String, AuthenticationRequest> codes = new ConcurrentHashMap<>();
    private final boolean endsSessions;
    /** The people whose sessions were ended. */
    final Queue<String> ended = new ConcurrentLinkedQueue<>();
    /** Where browsers may be sent back to after that. */
    final Set<URI> registered = ConcurrentHashMap.newKeySet();

    private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
    final AtomicInteger renewals = new AtomicInteger();
    volatile Duration validity = Duration.ofMinutes(5);
    volatile String subject = "olga";
    volatile @Nullable ErrorObject refusal;
    volatile @Nullable String wrongNonce;

    OpenIdProvider() throws IOException, JOSEException {
        this(true);
    }

    /** @param endsSessions many providers do not */
    OpenIdProvider(boolean endsSessions) throws IOException, JOSEException {
        this.endsSessions = endsSessions;
        key = new RSAKeyGenerator(2048).keyID("k1").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/.well-known/openid-configuration", exchange -> json(exchange, 200, metadata()));
        server.createContext("/jwks", exchange -> json(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.createContext("/end-session", this::endSession);
        server.start();
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** As an administrator who locks somebody out. */
    void revokeAll() {
        refreshTokens.clear();
    }

    private String metadata() {
        var metadata =
                new OIDCProviderMetadata(new Issuer(issuer()), List.of(SubjectType.PUBLIC), issuer().resolve("/jwks"));
        metadata.setAuthorizationEndpointURI(issuer().resolve("/authorize"));
        metadata.setTokenEndpointURI(issuer().resolve("/token"));
        metadata.setSupportsAuthorizationResponseIssuerParam(true);
        if (endsSessions) {
            metadata.setEndSessionEndpointURI(issuer().resolve("/end-session"));
        }
        metadata.applyDefaults();
        return metadata.toJSONObject().toJSONString();
    }

    private void authorize(HttpExchange exchange) throws IOException {
        try {
            var request = AuthenticationRequest.parse(exchange.getRequestURI());
            if (!request.getClientID().getValue().equals(CLIENT)
                    || request.getState() == null
                    || request.getNonce() == null
                    || !CodeChallengeMethod.S256.equals(request.getCodeChallengeMethod())) {
                json(exchange, 400, "{}");
                return;
            }
            URI back;
            if (refusal != null) {
                back = new AuthenticationErrorResponse(
                                request.getRedirectionURI(), refusal, request.getState(), new Issuer(issuer()), null)
                        .toURI();
            } else {
                var code = new AuthorizationCode();
                codes.put(code.getValue(), request);
                back = new AuthenticationSuccessResponse(
                                request.getRedirectionURI(),
                                code,
                                null,
                                null,
                                request.getState(),
                                null,
                                new Issuer(issuer()),
                                null)
                        .toURI();
            }
            exchange.getResponseHeaders().set("Location", back.toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        } catch (ParseException e) {
            json(exchange, 400, "{}");
        }
    }

    private void endSession(HttpExchange exchange) throws IOException {
        try {
            var request = LogoutRequest.parse(exchange.getRequestURI());
            var back = request.getPostLogoutRedirectionURI();
            if (!(request.getIDTokenHint() instanceof SignedJWT hint)
                    || !hint.verify(new RSASSAVerifier(key.toRSAPublicKey()))
                    || !hint.getJWTClaimsSet().getAudience().equals(List.of(CLIENT))
                    || !new ClientID(CLIENT).equals(request.getClientID())
                    || back == null
                    || !registered.contains(back)) {
                json(exchange, 400, "{}");
                return;
            }
            ended.add(hint.getJWTClaimsSet().getSubject());
            exchange.getResponseHeaders().set("Location", back.toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        } catch (ParseException | JOSEException | java.text.ParseException e) {
            json(exchange, 400, "{}");
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        try {
            var http = new HTTPRequest(HTTPRequest.Method.POST, issuer().resolve("/token"));
            http.setHeader("Content-Type", "application/x-www-form-urlencoded");
            http.setAuthorization(exchange.getRequestHeaders().getFirst("Authorization"));
            http.setBody(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            answer(exchange, answer(TokenRequest.parse(http)));
        } catch (ParseException | JOSEException e) {
            answer(exchange, new TokenErrorResponse(OAuth2Error.INVALID_REQUEST).toHTTPResponse());
        }
    }

    private HTTPResponse answer(TokenRequest request) throws JOSEException {
        if (!(request.getClientAuthentication() instanceof ClientSecretBasic basic)
                || !basic.getClientID().getValue().equals(CLIENT)
                || !basic.getClientSecret().getValue().equals(SECRET)) {
            return new TokenErrorResponse(OAuth2Error.INVALID_CLIENT).toHTTPResponse();
        }
        String nonce = null;
        if (request.getAuthorizationGrant() instanceof AuthorizationCodeGrant grant) {
            var begun = codes.remove(grant.getAuthorizationCode().getValue());
            if (begun == null
                    || !begun.getRedirectionURI().equals(grant.getRedirectionURI())
                    || grant.getCodeVerifier() == null
                    || !CodeChallenge.compute(CodeChallengeMethod.S256, grant.getCodeVerifier())
                            .equals(begun.getCodeChallenge())) {
                return new TokenErrorResponse(OAuth2Error.INVALID_GRANT).toHTTPResponse();
            }
            nonce = wrongNonce == null ? begun.getNonce().getValue() : wrongNonce;
        } else if (request.getAuthorizationGrant() instanceof RefreshTokenGrant grant) {
            if (!refreshTokens.remove(grant.getRefreshToken().getValue())) {
                return new TokenErrorResponse(OAuth2Error.INVALID_GRANT).toHTTPResponse();
            }
            renewals.incrementAndGet();
        }
        var refresh = new RefreshToken();
        refreshTokens.add(refresh.getValue());
        var idToken = signed(CLIENT, Duration.ofMinutes(5), nonce);
        var access = new BearerAccessToken(signed("interlock", validity, null).serialize());
        return new OIDCTokenResponse(new OIDCTokens(idToken, access, refresh)).toHTTPResponse();
    }

    private SignedJWT signed(String audience, Duration life, @Nullable String nonce) throws JOSEException {
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer().toString())
                .subject(subject)
                .audience(audience)
                .jwtID(UUID.randomUUID().toString())
                .claim("nonce", nonce)
                .claim("roles", List.of("viewer", "operator"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .build();
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), claims);
        jwt.sign(new RSASSASigner(key));
        return jwt;
    }

    private static void answer(HttpExchange exchange, HTTPResponse response) throws IOException {
        json(exchange, response.getStatusCode(), response.getBody());
    }

    private static void json(HttpExchange exchange, int status, String json) throws IOException {
        var bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
