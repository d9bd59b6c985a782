package dev.interlock.lab.product;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * request.bin and response.bin. What is shown of them is seed 001's; the form of the files is the lab's own: eight bytes of
 * magic, the length of the text, the text, a MAC over all of it.
 */
final class PcoipMessages {
    static final Duration LIFETIME = Duration.ofDays(1);
    private static final byte[] REQUEST = "\0FNEREQ\1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESPONSE = "\0FNERSP\1".getBytes(StandardCharsets.US_ASCII);
    private static final SecretKeySpec VENDOR =
            new SecretKeySpec("the lab's vendor".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");
    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("MMM d, yyyy h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

    private PcoipMessages() {}

    record Request(String hostId, String hostUuid, Instant at, String code, int count) {
        byte[] bytes() {
            var text = new LinkedHashMap<String, String>();
            text.put("hostId", hostId);
            text.put("hostUuid", hostUuid);
            text.put("at", at.toString());
            text.put("code", code);
            text.put("count", String.valueOf(count));
            return seal(REQUEST, text);
        }

        static @Nullable Request read(byte[] file) {
            Map<String, String> text = open(REQUEST, file);
            return text == null
                    ? null
                    : new Request(
                            text.getOrDefault("hostId", ""),
                            text.getOrDefault("hostUuid", ""),
                            Instant.parse(text.getOrDefault("at", "")),
                            text.getOrDefault("code", ""),
                            Integer.parseInt(text.getOrDefault("count", "")));
        }

        List<String> shown() {
            return List.of(
                    "MessageType=\"Capability request\"",
                    "Vendor=TERADICI",
                    "MessageTime=\"" + SHOWN.format(at) + "\"",
                    "ResponseTime=\"" + SHOWN.format(at) + "\"",
                    "IdentityName=Agents_RSA_2048_SHA2_256",
                    "HostUUID=" + hostUuid,
                    "RequestHostIDType=\"VM UUID\"",
                    "RequestHostID=" + hostId,
                    "SourceIds=" + hostId + "/VmUuid",
                    "IsServer=true",
                    "DesiredRights=(ActivationID=" + code + ":" + count + ")");
        }
    }

    /** @param number of the portal's answers: two responses to one request are two */
    record Response(
            String hostId,
            String hostUuid,
            Instant at,
            Duration lifetime,
            String code,
            int count,
            String feature,
            String expires,
            long number) {
        byte[] bytes() {
            var text = new LinkedHashMap<String, String>();
            text.put("hostId", hostId);
            text.put("hostUuid", hostUuid);
            text.put("at", at.toString());
            text.put("lifetime", String.valueOf(lifetime.toSeconds()));
            text.put("code", code);
            text.put("count", String.valueOf(count));
            text.put("feature", feature);
            text.put("expires", expires);
            text.put("number", String.valueOf(number));
            return seal(RESPONSE, text);
        }

        static @Nullable Response read(byte[] file) {
            Map<String, String> text = open(RESPONSE, file);
            return text == null
                    ? null
                    : new Response(
                            text.getOrDefault("hostId", ""),
                            text.getOrDefault("hostUuid", ""),
                            Instant.parse(text.getOrDefault("at", "")),
                            Duration.ofSeconds(Long.parseLong(text.getOrDefault("lifetime", ""))),
                            text.getOrDefault("code", ""),
                            Integer.parseInt(text.getOrDefault("count", "")),
                            text.getOrDefault("feature", ""),
                            text.getOrDefault("expires", ""),
                            Long.parseLong(text.getOrDefault("number", "")));
        }

        List<String> shown() {
            return List.of(
                    "MessageType=\"Capability response\"",
                    "ServerIDType=String",
                    "ServerID=BACK_OFFICE",
                    "SourceIds=BACK_OFFICE",
                    "Lifetime=" + lifetime.toSeconds(),
                    "ResponseTime=\"" + SHOWN.format(at) + "\"",
                    "LastResponseTimeMilliseconds=0",
                    "RequestHostID=" + hostId,
                    "RequestHostIDType=\"VM UUID\"",
                    "HostUUID=" + hostUuid,
                    "MachineType=Unknown",
                    "EnterpriseID=12345678");
        }
    }

    private static byte[] seal(byte[] magic, Map<String, String> text) {
        var lines = new StringBuilder();
        text.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
        byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        out.writeBytes(magic);
        out.writeBytes(ByteBuffer.allocate(4).putInt(body.length).array());
        out.writeBytes(body);
        out.writeBytes(mac(out.toByteArray()));
        return out.toByteArray();
    }

    private static @Nullable Map<String, String> open(byte[] magic, byte[] file) {
        if (file.length < magic.length + 36 || !Arrays.equals(magic, Arrays.copyOf(file, magic.length))) {
            return null;
        }
        byte[] sealed = Arrays.copyOf(file, file.length - 32);
        int length = ByteBuffer.wrap(file, magic.length, 4).getInt();
        if (length != sealed.length - magic.length - 4
                || !Arrays.equals(mac(sealed), Arrays.copyOfRange(file, sealed.length, file.length))) {
            return null;
        }
        var text = new LinkedHashMap<String, String>();
        new String(sealed, magic.length + 4, length, StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> text.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return text;
    }

    private static byte[] mac(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(VENDOR);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
