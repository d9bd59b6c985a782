package dev.interlock.edge.session;

import io.micronaut.context.annotation.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AES-256 key that seals the cookies. Whoever has it can read the tokens in them. */
@Context
class CookieKey {

    private static final Logger LOG = LoggerFactory.getLogger(CookieKey.class);
    private static final int BYTES = 32;

    private final SecretKey key;

    CookieKey(SessionSettings settings) {
        byte[] bytes;
        if (settings.keyFile() == null) {
            LOG.warn("interlock.edge.session.key-file is not set: sessions end when this process does");
            bytes = random();
        } else {
            bytes = kept(settings.keyFile());
        }
        this.key = new SecretKeySpec(bytes, "AES");
    }

    SecretKey get() {
        return key;
    }

    private static byte[] kept(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            requirePrivate(file);
            var bytes = Base64.getUrlDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (bytes.length != BYTES) {
                throw new IllegalArgumentException("it has " + bytes.length + " bytes");
            }
            return bytes;
        } catch (IllegalArgumentException damaged) {
            throw new IllegalStateException(
                    "The key of the sessions in " + file + " is damaged (" + damaged.getMessage()
                            + "). Remove the file to have a new one made; everybody has to sign in again then.",
                    damaged);
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "The key of the sessions in " + file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /** Two instances that start at once end with the same key: the second finds the first one's file. */
    private static void make(Path file) throws IOException {
        var part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    part,
                    Base64.getUrlEncoder().withoutPadding().encodeToString(random()) + "\n",
                    StandardCharsets.US_ASCII);
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException anotherWasFaster) {
            LOG.debug("{} was made by another instance", file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        var others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        if (!others.isEmpty()) {
            throw new IllegalStateException(
                    "The key of the sessions in " + file + " may be read by others. Do: chmod 600 " + file);
        }
    }

    private static byte[] random() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
