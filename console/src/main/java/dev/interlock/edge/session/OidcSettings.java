package dev.interlock.edge.session;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The enterprise's OpenID provider. Without an issuer people paste tokens.
 *
 * @param issuer as in its discovery document, below which {@code /.well-known/openid-configuration} is
 * @param clientId under which the edge is known there, with the redirect address {@code <public-url>/session/callback}
 * @param clientSecret from the environment; a file is better
 * @param clientSecretFile readable by its owner only; none of both for a public client, which PKCE protects
 * @param scopes with {@code offline_access} where the provider gives refresh tokens only for it
 * @param renewBefore a token's end it is renewed, where the provider gave a refresh token
 */
@ConfigurationProperties("interlock.edge.oidc")
record OidcSettings(
        @Nullable URI issuer,
        @Bindable(defaultValue = "interlock-console") String clientId,
        @Nullable String clientSecret,
        @Nullable Path clientSecretFile,
        @Bindable(defaultValue = "openid,profile") List<String> scopes,
        @Bindable(defaultValue = "60s") Duration renewBefore) {

    boolean isConfigured() {
        return issuer != null;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "OIDC at " + issuer + " as " + clientId;
    }
}
