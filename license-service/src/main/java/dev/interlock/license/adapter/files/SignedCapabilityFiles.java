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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests and answers as JSON in a signed {@link Envelope}. Made at start, so that a wrong key is told at once. */
@Singleton
@Context
public final class SignedCapabilityFiles implements CapabilityFiles {
    static final String REQUEST = "application/vnd.interlock.capability-request+json";
    static final String RESPONSE = "application/vnd.interlock.capability-response+json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(366);

    private static final long LARGEST_KEY = 1024;
    private static final Logger LOG = LoggerFactory.getLogger(SignedCapabilityFiles.class);

    private final Map<String, byte[]> configured = new LinkedHashMap<>();
    private final @Nullable Path folder;

    public SignedCapabilityFiles(LicenseSettings settings) {
        var dir = settings.authoritiesDir();
        folder = dir == null || dir.isBlank() ? null : Path.of(dir);
        var lines = settings.authorities();
        for (String line : lines == null ? List.<String>of() : lines) {
            if (!line.isBlank() && !trust(configured, line)) {
                throw notAKey(line.strip());
            }
        }
    }

    /** @return false if it is no key */
    private static boolean trust(Map<String, byte[]> keys, String line) {
        try {
            byte[] key = Base64.getDecoder().decode(line.strip());
            if (Envelope.publicKey(key) == null) {
                return false;
            }
            keys.put(Envelope.keyId(key), key);
            return true;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private Map<String, byte[]> trusted() {
        if (folder == null || !Files.isDirectory(folder)) {
            return configured;
        }
        var keys = new LinkedHashMap<>(configured);
        try (var files = Files.newDirectoryStream(folder, "*.pub")) {
            for (Path file : files) {
                var permissions = Files.getPosixFilePermissions(file);
                if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                        || Files.size(file) > LARGEST_KEY
                        || !trust(keys, Files.readString(file))) {
                    LOG.warn("{} is not trusted: it is no Ed25519 public key, or others may write to it", file);
                }
            }
        } catch (IOException e) {
            LOG.warn("the keys of authorities in {} cannot be read: {}", folder, e.toString());
        }
        return keys;
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
        return switch (Envelope.open(file, RESPONSE, trusted())) {
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
