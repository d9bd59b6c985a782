package dev.interlock.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/**
 * Requests and answers: JSON in a DSSE v1 envelope with one Ed25519 signature; docs/offline-activation.md has the format. Written
 * anew here, not shared with license-service, so that the two prove each other's reading of that page.
 */
final class AuthorityFiles {

    /** Larger ones are not read. */
    static final int LARGEST = 64 * 1024;

    private static final String REQUEST = "application/vnd.interlock.capability-request+json";
    private static final String RESPONSE = "application/vnd.interlock.capability-response+json";

    private AuthorityFiles() {}

    /**
     * Opens a request. Who asks is the key in it; whether that key is the one that always asks for this host is for the ledger to
     * say.
     */
    static JsonNode request(byte[] file) {
        if (file.length > LARGEST) {
            throw unreadable("it has more than " + LARGEST + " bytes");
        }
        var text = new String(file, StandardCharsets.UTF_8);
        if (!text.startsWith("{\"payloadType\":\"")) {
            throw unreadable("it is not a request.bin of Interlock");
        }
        try {
            JsonNode envelope = Api.JSON.readTree(file);
            String type = envelope.path("payloadType").asText();
            byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
            byte[] signature =
                    Base64.getDecoder().decode(envelope.at("/signatures/0/sig").asText());
            String keyId = envelope.at("/signatures/0/keyid").asText();
            if (!type.equals(REQUEST)) {
                throw unreadable(
                        type.equals(RESPONSE) ? "it is an answer, not a request" : "it is not a request of Interlock");
            }
            JsonNode body = Api.JSON.readTree(payload);
            byte[] key = Base64.getDecoder().decode(body.path("identityKey").asText());
            if (!Arrays.equals(file, envelope(type, payload, keyId, signature))
                    || !keyId.equals(keyId(key))
                    || !verifies(type, payload, signature, key)) {
                throw unreadable("its signature does not fit: it was damaged on the way, or changed");
            }
            if (body.path("version").asInt() != 1
                    || body.path("desiredRights").size() != 1
                    || body.at("/desiredRights/0/count").asInt(-1) < 0) {
                throw unreadable("this program is too old for it");
            }
            return body;
        } catch (JsonProcessingException e) {
            throw unreadable(text.endsWith("}\n") ? "it was damaged on the way" : "it is cut off before its end");
        } catch (IllegalArgumentException e) {
            throw unreadable("it was damaged on the way");
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to be read", e);
        }
    }

    static byte[] response(ObjectNode body, KeyPair keys) {
        try {
            byte[] payload = Api.JSON.writeValueAsBytes(body);
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(signed(RESPONSE, payload));
            return envelope(RESPONSE, payload, keyId(keys.getPublic().getEncoded()), signature.sign());
        } catch (JsonProcessingException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The first half of the SHA-256 of the key's X.509 form, in hex. */
    static String keyId(byte[] publicKey) {
        return sha256(publicKey).substring(0, 32);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean verifies(String type, byte[] payload, byte[] sig, byte[] key) {
        try {
            PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key));
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(publicKey);
            signature.update(signed(type, payload));
            return signature.verify(sig);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] signed(String type, byte[] payload) {
        byte[] head =
                ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static byte[] envelope(String type, byte[] payload, String keyId, byte[] sig) {
        Base64.Encoder base64 = Base64.getEncoder();
        return ("{\"payloadType\":\"" + type + "\",\"payload\":\"" + base64.encodeToString(payload)
                        + "\",\"signatures\":[{\"keyid\":\"" + keyId + "\",\"sig\":\"" + base64.encodeToString(sig)
                        + "\"}]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Failure unreadable(String why) {
        return new Failure(
                Failure.REFUSED,
                "This request cannot be answered: " + why
                        + ".\n  next: Download the request again and compare its SHA-256, or generate a new one.");
    }
}
