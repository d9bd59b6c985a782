package dev.interlock.edge.session;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Speaks OpenID Connect with the provider: authorization code with PKCE, state and nonce. Its methods wait for the network. */
@Singleton
class IdentityProvider {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 10_000;
    private static final Duration METADATA_LIFE = Duration.ofHours(1);
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.PS256);

    private final OidcSettings settings;
    private final Clock clock;
    private @Nullable OIDCProviderMetadata metadata;
    private Instant metadataUntil = Instant.MIN;

    IdentityProvider(OidcSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * What the provider gave.
     *
     * @param idToken checked; null when tokens were renewed, as the one of the sign-in is kept
     */
    record Tokens(
            String accessToken,
            @Nullable String refreshToken,
            @Nullable String idToken) {}

    /** Signing in, or renewing, does not work; the message is for people. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean unreachable;

        Refused(String message, boolean unreachable, @Nullable Throwable cause) {
            super(message, cause);
            this.unreachable = unreachable;
        }

        /** It may work a little later. */
        boolean isUnreachable() {
            return unreachable;
        }
    }

    /** Where to send the browser. */
    URI loginAddress(URI callback, State state, Nonce nonce, CodeVerifier verifier) throws Refused {
        return new AuthenticationRequest.Builder(ResponseType.CODE, new Scope(scopes()), clientId(), callback)
                .endpointURI(metadata().getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /**
     * @param issuer as the provider said in its answer (RFC 9207); null where it said nothing
     * @return tokens of the person for whom the ID token was checked
     */
    Tokens redeem(AuthorizationCode code, URI callback, Nonce nonce, CodeVerifier verifier, @Nullable Issuer issuer)
            throws Refused {
        var provider = metadata();
        if (issuer == null
                ? provider.supportsAuthorizationResponseIssuerParam()
                : !issuer.equals(provider.getIssuer())) {
            throw new Refused("The answer is not of the identity provider that was asked.", false, null);
        }
        var tokens = ask(new AuthorizationCodeGrant(code, callback, verifier));
        var idToken = tokens.getOIDCTokens().getIDToken();
        if (idToken == null) {
            throw new Refused("The identity provider gave no ID token; the scope openid is needed.", false, null);
        }
        try {
            var algorithm =
                    JWSAlgorithm.parse(idToken.getHeader().getAlgorithm().getName());
            if (!ALGORITHMS.contains(algorithm)) {
                throw new BadJOSEException("signed with " + algorithm);
            }
            new IDTokenValidator(
                            provider.getIssuer(),
                            clientId(),
                            algorithm,
                            provider.getJWKSetURI().toURL(),
                            new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, 256 * 1024))
                    .validate(idToken, nonce);
        } catch (BadJOSEException | JOSEException | IOException wrong) {
            throw new Refused(
                    "The identity provider's ID token cannot be trusted: " + wrong.getMessage() + ".", false, wrong);
        }
        return of(tokens, null, idToken.serialize());
    }

    /** New tokens; the refresh token may be a new one. */
    Tokens renew(String refreshToken) throws Refused {
        return of(ask(new RefreshTokenGrant(new RefreshToken(refreshToken))), refreshToken, null);
    }

    private static Tokens of(OIDCTokenResponse response, @Nullable String before, @Nullable String idToken) {
        var refresh = response.getTokens().getRefreshToken();
        return new Tokens(
                response.getTokens().getAccessToken().getValue(),
                refresh == null ? before : refresh.getValue(),
                idToken);
    }

    /**
     * Where to send the browser so that the provider ends its session, too (OpenID Connect RP-Initiated Logout 1.0); empty where the
     * provider has no such place.
     *
     * @param back where it then sends the browser
     */
    Optional<URI> logoutAddress(@Nullable String idToken, URI back) throws Refused {
        var endpoint = metadata().getEndSessionEndpointURI();
        if (endpoint == null) {
            return Optional.empty();
        }
        try {
            var hint = idToken == null ? null : SignedJWT.parse(idToken);
            return Optional.of(new LogoutRequest(endpoint, hint, null, clientId(), back, null, null).toURI());
        } catch (java.text.ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private OIDCTokenResponse ask(AuthorizationGrant grant) throws Refused {
        try {
            var request = request(grant).toHTTPRequest();
            request.setConnectTimeout(CONNECT_MILLIS);
            request.setReadTimeout(READ_MILLIS);
            var response = OIDCTokenResponseParser.parse(request.send());
            if (!response.indicatesSuccess()) {
                throw refused(response.toErrorResponse().getErrorObject());
            }
            return (OIDCTokenResponse) response.toSuccessResponse();
        } catch (IOException unreachable) {
            throw new Refused(
                    "The identity provider does not answer: " + unreachable.getMessage() + ".", true, unreachable);
        } catch (ParseException strange) {
            throw new Refused("The identity provider's answer cannot be understood.", false, strange);
        }
    }

    static Refused refused(ErrorObject error) {
        var said = error.getDescription() == null
                ? error.getCode()
                : error.getDescription() + " (" + error.getCode() + ")";
        return new Refused(
                "The identity provider refused: " + said + ".",
                OAuth2Error.SERVER_ERROR.equals(error) || OAuth2Error.TEMPORARILY_UNAVAILABLE.equals(error),
                null);
    }

    private TokenRequest request(AuthorizationGrant grant) throws Refused {
        var endpoint = metadata().getTokenEndpointURI();
        var secret = secret();
        if (secret == null) {
            return new TokenRequest.Builder(endpoint, clientId(), grant).build();
        }
        var methods = metadata().getTokenEndpointAuthMethods();
        boolean post = methods != null
                && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        return new TokenRequest.Builder(
                        endpoint,
                        post
                                ? new ClientSecretPost(clientId(), new Secret(secret))
                                : new ClientSecretBasic(clientId(), new Secret(secret)),
                        grant)
                .build();
    }

    private @Nullable String secret() throws Refused {
        var file = settings.clientSecretFile();
        if (file == null) {
            return settings.clientSecret();
        }
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw new Refused(
                    "The edge cannot read its client secret; its operator finds why in its log.", false, unreadable);
        }
    }

    private String[] scopes() {
        return settings.scopes().toArray(String[]::new);
    }

    private ClientID clientId() {
        return new ClientID(settings.clientId());
    }

    private synchronized OIDCProviderMetadata metadata() throws Refused {
        var now = clock.instant();
        if (metadata == null || now.isAfter(metadataUntil)) {
            try {
                metadata = OIDCProviderMetadata.resolve(
                        new Issuer(String.valueOf(settings.issuer())), CONNECT_MILLIS, READ_MILLIS);
                metadataUntil = now.plus(METADATA_LIFE);
            } catch (GeneralException | IOException unreachable) {
                if (metadata == null) {
                    throw new Refused(
                            "The identity provider at " + settings.issuer() + " cannot be asked: "
                                    + unreachable.getMessage() + ".",
                            true,
                            unreachable);
                }
            }
        }
        return metadata;
    }
}
