package dev.interlock.license.adapter.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payload with one Ed25519 signature, as DSSE v1 (github.com/secure-systems-lab/dsse) defines it: the signature is over
 * {@code DSSEv1 <length> <type> <length> <payload>}. There is exactly one way to write each envelope, so a file that differs in
 * one bit from the one that was signed is refused, also where JSON would not care.
 */
final class Envelope {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String BEGINNING = "{\"payloadType\":\"";

    private Envelope() {}

    static byte[] sign(String type, byte[] payload, KeyPair keys) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(signed(type, payload));
            return write(type, payload, keyId(keys.getPublic().getEncoded()), signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot sign with Ed25519", impossible);
        }
    }

    /**
     * @param trusted public keys in X.509 form, by {@link #keyId}
     */
    static Opened open(byte[] file, String type, Map<String, byte[]> trusted) {
        var text = new String(file, StandardCharsets.UTF_8);
        if (!text.startsWith(BEGINNING)) {
            // a file of ours with a damaged beginning still ends like one
            return text.endsWith("\"}]}\n") ? new Opened.Altered() : new Opened.Foreign();
        }
        JsonNode json;
        try {
            json = JSON.readTree(file);
        } catch (JsonProcessingException e) {
            return text.endsWith("}\n") ? new Opened.Altered() : new Opened.Truncated();
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to be read", e);
        }
        try {
            byte[] payload = Base64.getDecoder().decode(json.path("payload").asText());
            var signature = json.path("signatures").path(0);
            byte[] sig = Base64.getDecoder().decode(signature.path("sig").asText());
            var keyId = signature.path("keyid").asText();
            var key = trusted.get(keyId);
            if (!Arrays.equals(write(json.path("payloadType").asText(), payload, keyId, sig), file)) {
                return text.endsWith("\n") ? new Opened.Altered() : new Opened.Truncated();
            }
            if (!json.path("payloadType").asText().equals(type)) {
                return new Opened.Foreign();
            }
            if (key == null) {
                return new Opened.Untrusted(keyId);
            }
            return verifies(type, payload, sig, key) ? new Opened.Signed(payload, keyId) : new Opened.Altered();
        } catch (IllegalArgumentException notBase64) {
            return new Opened.Altered();
        }
    }

    /** The first half of the SHA-256 of the key's X.509 form, in hex. */
    static String keyId(byte[] publicKey) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(publicKey), 0, 16);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** @return null if it is no Ed25519 key in X.509 form */
    static @Nullable PublicKey publicKey(byte[] x509) {
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static boolean verifies(String type, byte[] payload, byte[] sig, byte[] key) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(publicKey(key));
            signature.update(signed(type, payload));
            return signature.verify(sig);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] signed(String type, byte[] payload) {
        var head = ("DSSEv1 " + type.getBytes(StandardCharsets.UTF_8).length + " " + type + " " + payload.length + " ")
                .getBytes(StandardCharsets.UTF_8);
        var all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static byte[] write(String type, byte[] payload, String keyId, byte[] sig) {
        var base64 = Base64.getEncoder();
        return (BEGINNING + type + "\",\"payload\":\"" + base64.encodeToString(payload)
                        + "\",\"signatures\":[{\"keyid\":\"" + keyId + "\",\"sig\":\"" + base64.encodeToString(sig)
                        + "\"}]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What came out of it. */
    sealed interface Opened {
        @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
        record Signed(byte[] payload, String keyId) implements Opened {}

        record Altered() implements Opened {}

        record Truncated() implements Opened {}

        record Untrusted(String keyId) implements Opened {}

        /** Not such an envelope at all. */
        record Foreign() implements Opened {}
    }
}
