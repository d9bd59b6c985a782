package dev.interlock.standalone;

import dev.interlock.embedded.EmbeddedException;
import dev.interlock.embedded.Folders;
import dev.interlock.embedded.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** What lies where in an installation's data folder. Secrets are readable by their owner only. */
record Home(Path folder) {

    static Home at(Path folder) {
        return new Home(folder.toAbsolutePath().normalize());
    }

    /** Held by the supervisor for as long as it lives. */
    Path lock() {
        return folder.resolve("lock");
    }

    Path state() {
        return folder.resolve("state.json");
    }

    /** PostgreSQL's and Kafka's own folders. */
    Path data() {
        return folder.resolve("data");
    }

    Path logs() {
        return folder.resolve("logs");
    }

    Path log(String part) {
        return logs().resolve(part + ".log");
    }

    /** {@code <name>.key}, {@code <name>.password}: how Interlock logs in at hosts. */
    Path credentials() {
        return folder.resolve("credentials");
    }

    Path lab() {
        return folder.resolve("lab");
    }

    /** What a child process is told, passwords included. */
    Path orders(String part) {
        return keys().resolve(part + ".json");
    }

    Path jwks() {
        return keys().resolve("jwks.json");
    }

    Path tokenFile(String name) {
        return folder.resolve(name + ".token");
    }

    /** With it upgrade-service signs traces; kept as long as the data. */
    Path traceKey() {
        return keys().resolve("trace.key");
    }

    /** How the worker that feeds a SIEM was started last. */
    Path siemWorker() {
        return keys().resolve("siem.properties");
    }

    /** With it the console's edge seals sessions: kept, so that a restart signs nobody out. */
    Path sessionKey() {
        return keys().resolve("session.key");
    }

    private Path keys() {
        return folder.resolve("keys");
    }

    void create() {
        try {
            Files.createDirectories(folder);
            Files.createDirectories(data());
            Files.createDirectories(logs());
            Folders.createPrivate(keys());
            Folders.createPrivate(credentials());
        } catch (IOException e) {
            throw new StandaloneException("The data folder " + folder + " cannot be made: " + e.getMessage()
                    + ". Choose another one with --data DIR.");
        }
    }

    boolean isNew() {
        return !Files.exists(data().resolve("postgres/PG_VERSION"));
    }

    SigningKey signingKey() {
        Folders.createPrivate(keys());
        return SigningKey.in(keys().resolve("signing.pem"));
    }

    /** Made at the first start. */
    String postgresPassword() {
        var file = keys().resolve("postgres.password");
        try {
            if (!Files.exists(file)) {
                var random = new byte[24];
                new SecureRandom().nextBytes(random);
                writePrivate(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            var password = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (password.isEmpty()) {
                throw new EmbeddedException("The password file " + file + " is empty. Restore it from your backup.");
            }
            return password;
        } catch (IOException e) {
            throw new UncheckedIOException("The password file " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    static void writePrivate(Path file, String text) {
        try {
            var part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, text + "\n", StandardCharsets.UTF_8);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
