package dev.interlock.license.adapter.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.license.app.CapabilityFiles;
import dev.interlock.license.app.LicenseSettings;
import dev.interlock.license.app.ServerIdentities.Identity;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CapabilityResponse.Right;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.Rejection;
import io.micronaut.context.annotation.Context;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Requests and answers as JSON in a signed {@link Envelope}. Made at start, so that a wrong key is told at once. */
@Singleton
@Context
public final class SignedCapabilityFiles implements CapabilityFiles {
    static final String REQUEST = "application/vnd.interlock.capability-request+json";
    static final String RESPONSE = "application/vnd.interlock.capability-response+json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(366);

    private final Map<String, byte[]> trusted = new LinkedHashMap<>();

    public SignedCapabilityFiles(LicenseSettings settings) {
        var configured = settings.authorities();
        for (String line : configured == null ? List.<String>of() : configured) {
            var text = line.strip();
            if (text.isEmpty()) {
                continue;
            }
            byte[] key;
            try {
                key = Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw notAKey(text);
            }
            if (Envelope.publicKey(key) == null) {
                throw notAKey(text);
            }
            trusted.put(Envelope.keyId(key), key);
        }
    }

    private static IllegalArgumentException notAKey(String text) {
        return new IllegalArgumentException("interlock.license.authorities: \"" + text
                + "\" is no Ed25519 public key; use the line that `interlock authority init` printed");
    }

    @Override
    public RequestFile request(
            Identity identity, LicenseServer server, UUID id, ActivationCode code, int total, Instant madeAt) {
        byte[] key = identity.keys().getPublic().getEncoded();
        var body = JSON.createObjectNode();
        body.put("messageType", "Capability request");
        body.put("version", 1);
        body.put("vendor", "INTERLOCK");
        body.put("requestId", id.toString());
        body.put("sequence", identity.sequence());
        body.put("messageTime", madeAt.toString());
        body.put("identityName", "Ed25519 " + Envelope.keyId(key));
        body.put("identityKey", Base64.getEncoder().encodeToString(key));
        body.put("serverName", server.name());
        body.put("hostUUID", server.id().toString());
        body.put("requestHostIDType", "VM UUID");
        body.put("requestHostID", identity.machineId());
        body.put("sourceIds", identity.machineId() + "/VmUuid");
        body.put("isServer", true);
        body.putArray("desiredRights")
                .addObject()
                .put("activationID", code.value())
                .put("count", total);
        try {
            var file = Envelope.sign(REQUEST, JSON.writeValueAsBytes(body), identity.keys());
            return new RequestFile(
                    file,
                    String.join(
                            "\n",
                            shown(body).entrySet().stream()
                                    .map(line -> line.getKey() + "=" + line.getValue())
                                    .toList()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public Reading read(byte[] file) {
        if (file.length == 0) {
            return new Reading.Unreadable(Rejection.unreadable("The file is empty."));
        }
        return switch (Envelope.open(file, RESPONSE, trusted)) {
            case Envelope.Opened.Signed(var payload, var keyId) -> response(payload, keyId);
            case Envelope.Opened.Altered() -> new Reading.Unreadable(Rejection.altered());
            case Envelope.Opened.Truncated() -> new Reading.Unreadable(Rejection.truncated());
            case Envelope.Opened.Untrusted(var keyId) -> new Reading.Unreadable(Rejection.untrusted(keyId));
            case Envelope.Opened.Foreign() ->
                new Reading.Unreadable(Rejection.unreadable("It is no answer that an Interlock authority signed."));
        };
    }

    private static Reading response(byte[] payload, String keyId) {
        try {
            var body = JSON.readTree(payload);
            if (body.path("version").asInt() != 1) {
                return new Reading.Unreadable(Rejection.unreadable(
                        "It has version " + body.path("version") + "; this service reads version 1."));
            }
            var rights = new ArrayList<Right>();
            for (JsonNode right : body.path("rights")) {
                rights.add(new Right(
                        right.path("activationID").asText(), right.path("count").asInt(-1)));
            }
            var lifetime = body.path("lifetime");
            return new Reading.Understood(new CapabilityResponse(
                    UUID.fromString(body.path("requestId").asText()),
                    keyId,
                    body.path("requestHostID").asText(),
                    body.path("hostUUID").asText(),
                    Instant.parse(body.path("responseTime").asText()),
                    lifetime.isMissingNode() || lifetime.isNull() ? null : lifetime(lifetime.asLong()),
                    rights,
                    shown(body)));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return new Reading.Unreadable(Rejection.unreadable("It is signed, but what it says cannot be understood."));
        }
    }

    private static Duration lifetime(long seconds) {
        if (seconds < 0 || seconds > LONGEST_LIFETIME.toSeconds()) {
            throw new IllegalArgumentException("a lifetime of " + seconds + " s");
        }
        return Duration.ofSeconds(seconds);
    }

    /** In the words of the vendor's tool: {@code RequestHostID}, {@code DesiredRights=(ActivationID=code:count)}. */
    private static Map<String, String> shown(JsonNode body) {
        var lines = new LinkedHashMap<String, String>();
        body.fields().forEachRemaining(field -> {
            var name = field.getKey().substring(0, 1).toUpperCase(Locale.ROOT)
                    + field.getKey().substring(1);
            var value = field.getValue();
            if (value.isArray()) {
                var all = new StringBuilder();
                for (JsonNode right : value) {
                    all.append("(ActivationID=")
                            .append(right.path("activationID").asText())
                            .append(':')
                            .append(right.path("count").asText())
                            .append(')');
                }
                lines.put(name, all.toString());
            } else {
                lines.put(name, value.asText());
            }
        });
        return lines;
    }
}
