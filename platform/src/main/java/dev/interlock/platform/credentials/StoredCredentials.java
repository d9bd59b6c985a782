package dev.interlock.platform.credentials;

import io.micronaut.context.annotation.Bean;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Credentials from files that only their owner may read, or from the environment. Read anew each time: a changed file counts at once. */
@Singleton
@Bean(typed = Credentials.class)
final class StoredCredentials implements Credentials {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final long MAX_BYTES = 64 * 1024;
    private static final Set<PosixFilePermission> OWNER_MAY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** The environment cannot change while we run, so its version is always this; an operator clears a failed password. */
    private static final String FROM_ENVIRONMENT = "environment";

    private record Stored(String text, String version) {}

    private final @Nullable Path dir;
    private final UnaryOperator<@Nullable String> environment;

    @Inject
    StoredCredentials(CredentialSettings settings) {
        this(settings.dir() == null || settings.dir().isBlank() ? null : Path.of(settings.dir()), System::getenv);
    }

    StoredCredentials(@Nullable Path dir, UnaryOperator<@Nullable String> environment) {
        this.dir = dir;
        this.environment = environment;
    }

    @Override
    public Credential resolve(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new CredentialException(
                    name,
                    "\"" + name + "\" is not a name for a credential.",
                    "Use letters, digits, dot, underscore and hyphen, as in ums-prod.");
        }
        var key = read(name, ".key");
        if (key != null) {
            var passphrase = read(name, ".passphrase");
            return passphrase == null
                    ? new Credential.PrivateKey(name, key.version(), new Secret(key.text()), null)
                    : new Credential.PrivateKey(
                            name,
                            key.version() + "+" + passphrase.version(),
                            new Secret(key.text()),
                            new Secret(withoutLineEnd(passphrase.text())));
        }
        var password = read(name, ".password");
        if (password != null) {
            return password(name, password.version(), withoutLineEnd(password.text()));
        }
        var variable = "INTERLOCK_CREDENTIAL_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        var value = environment.apply(variable);
        if (value != null && !value.isBlank()) {
            return value.stripLeading().startsWith("-----BEGIN")
                    ? new Credential.PrivateKey(name, FROM_ENVIRONMENT, new Secret(value.strip() + "\n"), null)
                    : password(name, FROM_ENVIRONMENT, value);
        }
        var folder = dir == null
                ? "the credentials folder (none is configured, see interlock.credentials.dir)"
                : dir.toString();
        throw new CredentialException(
                name,
                "There is no credential " + name + ".",
                "Put a private key into " + name + ".key or a password into " + name + ".password in " + folder
                        + ", mode 0600, or set " + variable + ".");
    }

    private static Credential password(String name, String version, String value) {
        if (value.isEmpty()) {
            throw new CredentialException(
                    name, "The password of credential " + name + " is empty.", "Write the password into its file.");
        }
        return new Credential.Password(name, version, new Secret(value));
    }

    private @Nullable Stored read(String name, String suffix) {
        if (dir == null) {
            return null;
        }
        var file = dir.resolve(name + suffix);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            var version = checked(name, file);
            return new Stored(Files.readString(file, StandardCharsets.UTF_8), version);
        } catch (IOException unreadable) {
            throw new CredentialException(
                    name,
                    "The file " + file + " cannot be read.",
                    "Make it a text file that belongs to the user who runs the service, mode 0600.");
        }
    }

    private static String checked(String name, Path file) throws IOException {
        var attributes = Files.readAttributes(file, PosixFileAttributes.class);
        if (!attributes.isRegularFile() || attributes.size() > MAX_BYTES) {
            throw new CredentialException(
                    name, file + " is not a small regular file.", "Put nothing but the secret into it.");
        }
        var permissions = attributes.permissions();
        if (!OWNER_MAY.containsAll(permissions)) {
            throw new CredentialException(
                    name,
                    "Others may read " + file + ": its mode is " + PosixFilePermissions.toString(permissions) + ".",
                    "Run chmod 600 " + file + ", and replace the secret if others may have seen it.");
        }
        return attributes.lastModifiedTime().toInstant() + "/" + attributes.size() + "/" + attributes.fileKey();
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }
}
