package dev.interlock.upgrade.adapter.trace;

import io.micronaut.context.annotation.ConfigurationProperties;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ed25519 key with which this service signs traces: kept in a file that only its owner may read, made there at the first start.
 * All instances of one installation want the same; each key that ever signed stays known by {@code GET /api/v1/trace-keys}.
 */
@Singleton
public final class TraceKey {
    private static final Logger LOG = LoggerFactory.getLogger(TraceKey.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final KeyPair pair;

    /** @param keyFile PEM with the private and the public key; null or empty: a key that lives as long as this process */
    @ConfigurationProperties("interlock.upgrade.trace")
    record Settings(@Nullable String keyFile) {}

    TraceKey(Settings settings) {
        String file = settings.keyFile();
        if (file == null || file.isBlank()) {
            LOG.warn("traces are signed with a key that ends with this process: set interlock.upgrade.trace.key-file");
            pair = generate();
        } else {
            pair = in(Path.of(file));
        }
    }

    /** SHA-256 of the public key. */
    public String id() {
        return id(publicKey());
    }

    static String id(String publicKey) {
        try {
            return "SHA256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(Base64.getDecoder().decode(publicKey)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** In Base64, X.509 form. */
    public String publicKey() {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    /** In Base64. */
    public String sign(String text) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    private static KeyPair in(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            if (!Files.getPosixFilePermissions(file).stream().allMatch(OWNER_ONLY::contains)) {
                throw new IllegalStateException("The trace key " + file
                        + " may be read by others. Make it its owner's alone: chmod 600 " + file);
            }
            return parse(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException("The trace key " + file + " cannot be used: " + e, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "The trace key " + file + " is damaged (" + e.getMessage()
                            + "). Restore it from your backup, or remove it to have a new one made: old traces stay valid.",
                    e);
        }
    }

    /** Another instance may do the same now: the first key that has its name stays. */
    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path part = Files.createTempFile(
                folder, file.getFileName().toString(), ".part", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(part, pem(generate()), StandardCharsets.US_ASCII);
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException theOthers) {
            LOG.debug("another instance made {}", file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String pem(KeyPair pair) {
        var mime = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN PRIVATE KEY-----\n"
                + mime.encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n-----BEGIN PUBLIC KEY-----\n"
                + mime.encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static KeyPair parse(String pem) throws GeneralSecurityException {
        var keys = KeyFactory.getInstance("Ed25519");
        return new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(section(pem, "PUBLIC KEY"))),
                keys.generatePrivate(new PKCS8EncodedKeySpec(section(pem, "PRIVATE KEY"))));
    }

    private static byte[] section(String pem, String name) {
        String begin = "-----BEGIN " + name + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + name + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }
}
