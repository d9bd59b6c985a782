package dev.interlock.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run's trace as {@code interlock runs trace} wrote it, checked without any service: complete, in order, unaltered, signed, and
 * true to the invariants of its procedure. Written after docs/adr/0013, not after the service's code: two programs must agree.
 */
final class TraceFile {
    private static final String FORMAT = "interlock-trace/1";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** How the world hears that a run has ended, by its status. */
    private static final Map<String, String> LAST_WORD = Map.of(
            "completed", "UpgradeCompleted",
            "aborted", "UpgradeAborted",
            "failed", "UpgradeFailed");

    private static final Set<String> COUNTED =
            Set.of("NodeUpdated", "NodeEnteredUpdateMode", "NodeReturnedToNormalMode", "NodeReplaced");

    private final List<Problem> problems = new ArrayList<>();
    private JsonNode run = MissingNode.getInstance();
    private JsonNode plan = MissingNode.getInstance();
    private final List<Numbered> events = new ArrayList<>();
    private String keyId = "";
    private boolean sealed;

    private TraceFile() {}

    /** @param line of the file, from 1 */
    record Problem(int line, String sentence) {}

    private record Numbered(int line, JsonNode event) {}

    /**
     * @param run what the header says of it
     * @param keyId of the key in the trace's own seal
     */
    record Report(List<Problem> problems, JsonNode run, int events, String keyId) {
        boolean intact() {
            return problems.isEmpty();
        }
    }

    /**
     * @param text of the file
     * @param publicKey Base64, X.509 form, of the service that must have signed it; null: whoever
     */
    static Report check(String text, @Nullable String publicKey) {
        var file = new TraceFile();
        file.read(text);
        file.story();
        file.key(text, publicKey);
        return new Report(List.copyOf(file.problems), file.run, file.events.size(), file.keyId);
    }

    /** The Base64 of a public key in PEM, or as it stands. */
    static String publicKey(String pem) {
        int begin = pem.indexOf("-----BEGIN PUBLIC KEY-----");
        int end = pem.indexOf("-----END PUBLIC KEY-----");
        String body = begin >= 0 && end > begin ? pem.substring(begin + 26, end) : pem;
        return body.replaceAll("\\s", "");
    }

    // ---- the chain

    private void read(String text) {
        if (text.isBlank()) {
            wrong(1, "is missing: the file is empty and holds no trace.");
            return;
        }
        if (!text.endsWith("\n")) {
            wrong((int) text.lines().count(), "has no end: the file was cut off within it.");
        }
        int position = 0;
        int expected = 1;
        String previous = "0".repeat(64);
        for (String line : text.split("\n", -1)) {
            position++;
            if (line.isEmpty() && position > text.lines().count()) {
                break;
            }
            if (sealed) {
                wrong(position, "was appended: the seal stands before it.");
                continue;
            }
            if (!(parse(line) instanceof ObjectNode object)) {
                wrong(position, "is not a JSON object.");
                expected++;
                continue;
            }
            int number = object.path("line").asInt();
            boolean inPlace = number == expected;
            if (!inPlace) {
                wrong(
                        position,
                        "is line " + number + " of the trace, and line " + expected
                                + " must stand here: lines were taken out, put in or swapped.");
            }
            String hash = object.path("hash").asText();
            ObjectNode hashed = object.deepCopy();
            hashed.remove(List.of("hash", "signature"));
            if (!hash.equals(sha256(canonical(hashed))) || !canonical(object).equals(line)) {
                wrong(position, "was altered: its content does not give its hash.");
            } else if (inPlace && !object.path("previous").asText().equals(previous)) {
                wrong(position, "does not follow from the line before it: that line was replaced.");
            }
            take(position, object);
            expected = number + 1;
            previous = hash;
        }
        if (!sealed) {
            wrong((int) text.lines().count(), "is the last, and it is not the seal: the trace was cut off.");
        }
    }

    private void take(int position, ObjectNode line) {
        switch (line.path("kind").asText()) {
            case "header" -> {
                run = line.path("run");
                if (!line.path("format").asText().equals(FORMAT)) {
                    wrong(position, "names the format " + line.path("format") + "; this program reads " + FORMAT + ".");
                }
            }
            case "plan" -> {
                plan = line.path("plan");
                if (!sha256(canonical(plan)).equals(run.path("planHash").asText())) {
                    wrong(position, "is another plan than the one that was approved: its hash is not the header's.");
                }
            }
            case "event" -> {
                if (line.path("seq").asInt() != events.size() + 1) {
                    wrong(
                            position,
                            "is event " + line.path("seq") + ", and event " + (events.size() + 1)
                                    + " must stand here.");
                }
                events.add(new Numbered(position, line));
            }
            case "seal" -> seal(position, line);
            default -> wrong(position, "is of no kind that belongs in a trace: " + line.path("kind") + ".");
        }
    }

    private void seal(int position, ObjectNode seal) {
        sealed = true;
        keyId = seal.path("keyId").asText();
        byte[] key;
        try {
            key = Base64.getDecoder().decode(seal.path("publicKey").asText());
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key)));
            signature.update(seal.path("hash").asText().getBytes(StandardCharsets.UTF_8));
            if (!signature.verify(
                    Base64.getDecoder().decode(seal.path("signature").asText()))) {
                wrong(position, "has a signature that is not of its key over this trace.");
            }
            if (!keyId.equals("SHA256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(key)))) {
                wrong(position, "names another key than the one that it holds.");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            wrong(position, "has no signature that can be read: " + e.getMessage() + ".");
        }
    }

    private void key(String text, @Nullable String wanted) {
        if (wanted == null || !sealed) {
            return;
        }
        int last = (int) text.lines().count();
        String signed = text.lines()
                .filter(line -> parse(line).path("kind").asText().equals("seal"))
                .findFirst()
                .map(line -> parse(line).path("publicKey").asText())
                .orElse("");
        if (!signed.equals(wanted)) {
            wrong(last, "is signed with another key than the one given: with " + keyId + ".");
        }
    }

    // ---- the story

    private void story() {
        if (problems.stream().anyMatch(p -> p.line() <= 2) || run.isMissingNode() || plan.isMissingNode()) {
            return;
        }
        var rules = new TraceRules(plan, run.path("invariants"));
        var counts = new HashMap<String, Integer>();
        String lastWord = "";
        for (Numbered each : events) {
            JsonNode data = each.event().path("data");
            String type = each.event().path("type").asText();
            if (data.has("runId") && !data.path("runId").equals(run.path("runId"))) {
                wrong(each.line(), "is of another run: " + data.path("runId").asText() + ".");
            }
            if (COUNTED.contains(type)) {
                int n = counts.merge(type, 1, Integer::sum);
                if (data.path("n").asInt() != n) {
                    wrong(each.line(), "counts " + type + " " + data.path("n") + ", and it is number " + n + ".");
                }
            }
            if (!data.has("state")) {
                lastWord = type;
            }
            rules.sees(type, data).forEach(breach -> wrong(each.line(), breach));
        }
        String status = run.path("status").asText();
        if (sealed && !lastWord.equals(LAST_WORD.get(status))) {
            wrong(
                    events.isEmpty() ? 2 : events.getLast().line(),
                    "is the last event, and it does not say how the run ended: the header says " + status + ".");
        }
    }

    private void wrong(int line, String sentence) {
        problems.add(new Problem(line, sentence));
    }

    private static JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Names in alphabetical order, no white space, numbers written out in full. */
    static String canonical(JsonNode node) {
        var text = new StringBuilder();
        if (node.isObject()) {
            var names = new ArrayList<String>();
            node.fieldNames().forEachRemaining(names::add);
            names.sort(null);
            for (String name : names) {
                text.append(text.isEmpty() ? "{" : ",")
                        .append(TextNode.valueOf(name))
                        .append(':')
                        .append(canonical(node.path(name)));
            }
            return text.isEmpty() ? "{}" : text.append('}').toString();
        }
        if (node.isArray()) {
            node.forEach(item -> text.append(text.isEmpty() ? "[" : ",").append(canonical(item)));
            return text.isEmpty() ? "[]" : text.append(']').toString();
        }
        if (node.isFloatingPointNumber()) {
            var number = node.decimalValue();
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        return node.toString();
    }
}
