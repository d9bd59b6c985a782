package dev.interlock.inventory.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A public host key as OpenSSH writes it, without comment: {@code ssh-ed25519 AAAA…}. */
public record HostKey(String line) {

    private static final List<String> TYPES =
            List.of("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa");

    /** Reads {@code type base64 [comment]}; empty if that is no key. A line of ssh-keyscan or known_hosts may lead with the address. */
    public static Optional<HostKey> of(String text) {
        var words = Arrays.asList(text.strip().split("\\s+"));
        if (words.size() > 2 && !TYPES.contains(words.get(0)) && TYPES.contains(words.get(1))) {
            words = words.subList(1, words.size());
        }
        if (words.size() < 2 || !TYPES.contains(words.get(0)) || text.lines().count() > 1) {
            return Optional.empty();
        }
        try {
            var blob = Base64.getDecoder().decode(words.get(1));
            var type = words.get(0).getBytes(StandardCharsets.US_ASCII);
            var starts = new byte[] {0, 0, 0, (byte) type.length};
            boolean right = blob.length >= 4 + type.length + 8
                    && Arrays.equals(blob, 0, 4, starts, 0, 4)
                    && Arrays.equals(blob, 4, 4 + type.length, type, 0, type.length);
            return right
                    ? Optional.of(
                            new HostKey(words.get(0) + " " + Base64.getEncoder().encodeToString(blob)))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** As {@code ssh-keygen -l} shows it: {@code SHA256:…}. */
    public String fingerprint() {
        try {
            var blob = Base64.getDecoder().decode(line.substring(line.indexOf(' ') + 1));
            var digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return line;
    }
}
