package dev.interlock.platform.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Host keys in OpenSSH's one-line form, {@code ssh-ed25519 AAAA… comment}. */
public final class HostKeys {

    /** What Interlock can pin, best first. */
    public static final List<String> TYPES =
            List.of("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa");

    private HostKeys() {}

    /**
     * Checks a key that a person or a file gave and brings it into the form {@code type base64}, without comment.
     *
     * @return empty if it is no public key of a type of {@link #TYPES}
     */
    public static Optional<String> normalise(String line) {
        var parts = line.strip().split("\\s+");
        if (parts.length < 2 || !TYPES.contains(parts[0])) {
            return Optional.empty();
        }
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(parts[1]);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        return startsWithType(blob, parts[0])
                ? Optional.of(parts[0] + " " + Base64.getEncoder().encodeToString(blob))
                : Optional.empty();
    }

    /** As {@code ssh-keygen -l} shows it: {@code SHA256:…}; "unreadable" for what is no key. */
    public static String fingerprint(String line) {
        var parts = line.strip().split("\\s+");
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(parts[parts.length > 1 ? 1 : 0]));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (IllegalArgumentException notBase64) {
            return "unreadable";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static boolean startsWithType(byte[] blob, String type) {
        if (blob.length < 4 + type.length() + 8) {
            return false;
        }
        int length = ((blob[0] & 0xff) << 24) | ((blob[1] & 0xff) << 16) | ((blob[2] & 0xff) << 8) | (blob[3] & 0xff);
        if (length != type.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (blob[4 + i] != type.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
