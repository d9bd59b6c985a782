package dev.interlock.platform.security;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens whose signature was found right of late. They are known by their hash, so that no token lies about in memory, and
 * wrong ones never get in, so that nobody can push the right ones out with them.
 */
final class VerifiedTokens {
    private final Map<ByteBuffer, Verified> byHash;

    VerifiedTokens(int most) {
        byHash = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verified> eldest) {
                return size() > most;
            }
        };
    }

    /** @param keys all those that could have made the signature, as they were when it was found right */
    record Verified(JWSHeader header, List<JWK> keys, JWTClaimsSet claims) {}

    @Nullable
    Verified get(String token) {
        var hash = hash(token);
        synchronized (byHash) {
            return byHash.get(hash);
        }
    }

    void put(String token, Verified verified) {
        var hash = hash(token);
        synchronized (byHash) {
            byHash.put(hash, verified);
        }
    }

    int size() {
        synchronized (byHash) {
            return byHash.size();
        }
    }

    private static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
