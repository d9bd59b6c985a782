package dev.interlock.license;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Signs whatever a test wants it to sign; it keeps no book. The one that does is {@code interlock authority}. */
public final class TestAuthority {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESPONSE = "application/vnd.interlock.capability-response+json";

    private final KeyPair keys;

    public TestAuthority() {
        try {
            keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    public String keyId() {
        try {
            var sha =
                    MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
            return HexFormat.of().formatHex(sha, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a request's file says. */
    public static JsonNode contents(byte[] request) {
        try {
            return JSON.readTree(Base64.getDecoder()
                    .decode(JSON.readTree(request).path("payload").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The right answer to a request, with a lifetime of a day. */
    public byte[] answer(byte[] request, Instant now) {
        return answer(request, now, body -> {});
    }

    public byte[] answer(byte[] request, Instant now, Consumer<ObjectNode> change) {
        var asked = contents(request);
        var body = JSON.createObjectNode();
        body.put("messageType", "Capability response").put("version", 1);
        body.put("requestId", asked.path("requestId").asText());
        body.put("sequence", asked.path("sequence").asLong());
        body.put("serverIDType", "String").put("serverID", "test authority");
        body.put("lifetime", 86_400);
        body.put("responseTime", now.toString());
        body.put("requestHostIDType", "VM UUID");
        body.put("requestHostID", asked.path("requestHostID").asText());
        body.put("hostUUID", asked.path("hostUUID").asText());
        body.set("rights", asked.path("desiredRights").deepCopy());
        change.accept(body);
        return sign(body);
    }

    private byte[] sign(ObjectNode body) {
        try {
            byte[] payload = JSON.writeValueAsBytes(body);
            byte[] head = ("DSSEv1 " + RESPONSE.length() + " " + RESPONSE + " " + payload.length + " ")
                    .getBytes(StandardCharsets.UTF_8);
            byte[] all = Arrays.copyOf(head, head.length + payload.length);
            System.arraycopy(payload, 0, all, head.length, payload.length);
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(all);
            var base64 = Base64.getEncoder();
            return ("{\"payloadType\":\"" + RESPONSE + "\",\"payload\":\"" + base64.encodeToString(payload)
                            + "\",\"signatures\":[{\"keyid\":\"" + keyId() + "\",\"sig\":\""
                            + base64.encodeToString(signature.sign()) + "\"}]}\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
