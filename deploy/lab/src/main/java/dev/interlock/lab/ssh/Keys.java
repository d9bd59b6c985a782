package dev.interlock.lab.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.util.Arrays;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/** ed25519 keys, each derived from the lab's seed and a purpose, so that a lab with the same seed has the same keys. */
public final class Keys {
    private Keys() {}

    public static KeyPair derive(String seed, String purpose) {
        try {
            byte[] secret = MessageDigest.getInstance("SHA-256")
                    .digest((seed + "/" + purpose).getBytes(StandardCharsets.UTF_8));
            EdDSASupport<?, ?> support = SecurityUtils.getEdDSASupport()
                    .orElseThrow(
                            () -> new IllegalStateException("No ed25519 provider on the class path (Bouncy Castle)."));
            PrivateKey key = support.generateEDDSAPrivateKey(secret);
            return new KeyPair(support.recoverEDDSAPublicKey(key), key);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code ssh-ed25519 AAAA…}. */
    public static String publicText(KeyPair pair) {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    /** Writes a private key in OpenSSH's format, readable by its owner only. */
    public static void write(KeyPair pair, Path file) throws IOException {
        var out = new ByteArrayOutputStream();
        try {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "interlock lab", null, out);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        write(out.toByteArray(), file);
    }

    /** Writes a password, readable by its owner only. A file with just this password stays as it is. */
    public static void writeSecret(String secret, Path file) throws IOException {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            write(bytes, file);
        }
    }

    private static void write(byte[] bytes, Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, bytes);
    }
}
