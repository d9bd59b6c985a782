package dev.interlock.platform.security;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens count. Without {@code jwks} and {@code jwksUrl} no token does.
 *
 * @param jwks public keys as a JSON Web Key Set: the JSON itself, or the path of its file (read at start)
 * @param jwksUrl where an OIDC issuer publishes its keys; cached, fetched anew when a token names an unknown one
 * @param issuer must equal the token's {@code iss}; unchecked if absent
 * @param audience must be in the token's {@code aud}; unchecked if absent
 * @param rolesClaim where the roles stand, with dots into objects: {@code realm_access.roles}
 * @param clockSkew by how much the issuer's clock may differ
 */
@ConfigurationProperties("interlock.security")
public record SecuritySettings(
        @Nullable String jwks,
        @Nullable URI jwksUrl,
        @Nullable String issuer,
        @Nullable String audience,
        @Bindable(defaultValue = "roles") String rolesClaim,
        @Bindable(defaultValue = "30s") Duration clockSkew) {}
