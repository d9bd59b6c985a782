package dev.interlock.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A public host key as {@code ssh-keygen -l} shows it. */
final class HostKeyFingerprint {

    static String of(String key) {
        String[] words = key.strip().split("\\s+");
        try {
            byte[] blob = Base64.getDecoder().decode(words.length > 1 ? words[1] : "");
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return words[0] + " SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("Not a public host key, which looks like 'ssh-ed25519 AAAA…'.");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private HostKeyFingerprint() {}
}
