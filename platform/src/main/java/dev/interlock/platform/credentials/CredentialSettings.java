package dev.interlock.platform.credentials;

import io.micronaut.context.annotation.ConfigurationProperties;
import org.jspecify.annotations.Nullable;

/**
 * Where secrets lie.
 *
 * @param dir folder of {@code <name>.key}, {@code <name>.passphrase} and {@code <name>.password}; null = environment only
 */
@ConfigurationProperties("interlock.credentials")
public record CredentialSettings(@Nullable String dir) {}
