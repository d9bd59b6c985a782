package dev.interlock.platform.credentials;

/**
 * Finds secrets by name. Looked for, in this order: files {@code <name>.key} (with {@code <name>.passphrase} if encrypted) and
 * {@code <name>.password} in {@code interlock.credentials.dir}, which nobody but the owner may read (0600 or 0400), then the
 * environment variable {@code INTERLOCK_CREDENTIAL_<NAME>} (upper case, other characters as {@code _}): a text that begins with
 * {@code -----BEGIN} is a key, any other a password. A key goes before a password.
 */
public interface Credentials {

    /**
     * @param name letters, digits, {@code . _ -}; as in {@code ums-prod}
     * @throws CredentialException when there is none, or it may be read by others, or cannot be read; its message says what to do
     *     and holds no secret
     */
    Credential resolve(String name);
}
