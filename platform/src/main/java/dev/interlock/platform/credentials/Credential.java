package dev.interlock.platform.credentials;

import org.jspecify.annotations.Nullable;

/** What proves who we are to a host or a product. Safe to log: its secrets show as a mask. */
public sealed interface Credential {

    /** The name by which everything else refers to it. */
    String name();

    /**
     * Changes whenever the stored secret changes; tells nothing about the secret. A password that failed is not tried again
     * until this differs (L43).
     */
    String version();

    /**
     * A private key in PEM or OpenSSH form.
     *
     * @param passphrase null if the key is not encrypted
     */
    record PrivateKey(
            String name,
            String version,
            Secret pem,
            @Nullable Secret passphrase) implements Credential {}

    record Password(String name, String version, Secret password) implements Credential {}
}
