package dev.interlock.upgrade.adapter.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.upgrade.adapter.json.Canonical;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Runs.Event;
import dev.interlock.upgrade.app.TraceForm;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Each line is canonical JSON with its number, the hash of the line before it, and its own hash: SHA-256 of the line without the
 * member {@code hash}. The last line, the seal, is signed: {@code signature} is Ed25519 over its {@code hash}, which is made
 * without {@code hash} and {@code signature}. docs/adr/0013 says the same to those who write a verifier.
 */
@Singleton
final class SignedChain implements TraceForm {
    static final String FORMAT = "interlock-trace/1";
    static final String GENESIS = "0".repeat(64);
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final TraceKey key;

    SignedChain(TraceKey key) {
        this.key = key;
    }

    @Override
    public Seal seal(String head, String plan, List<Event> events) {
        List<String> lines = body(head, plan, events);
        ObjectNode seal = MAPPER.createObjectNode();
        seal.put("kind", "seal").put("line", lines.size() + 1).put("previous", hashOf(lines.getLast()));
        seal.put("algorithm", "Ed25519").put("keyId", key.id()).put("publicKey", key.publicKey());
        String hash = Json.hash(Canonical.text(seal));
        seal.put("hash", hash).put("signature", key.sign(hash));
        return new Seal(Canonical.text(seal), key.id());
    }

    @Override
    public String lines(String head, String plan, List<Event> events, Seal seal) {
        List<String> lines = body(head, plan, events);
        JsonNode last = read(seal.line());
        if (last.path("line").asInt() != lines.size() + 1
                || !last.path("previous").asText().equals(hashOf(lines.getLast()))) {
            throw new Altered("The run was sealed with " + (last.path("line").asInt() - 1) + " lines and the hash "
                    + last.path("previous").asText() + "; what is stored now gives " + lines.size()
                    + " lines and another hash.");
        }
        return String.join("\n", lines) + "\n" + seal.line() + "\n";
    }

    @Override
    public Key key() {
        return new Key(key.id(), key.publicKey());
    }

    private static List<String> body(String head, String plan, List<Event> events) {
        var lines = new ArrayList<String>();
        ObjectNode header = MAPPER.createObjectNode().put("kind", "header").put("format", FORMAT);
        header.set("run", read(head));
        chain(lines, header);
        ObjectNode planned = MAPPER.createObjectNode().put("kind", "plan");
        planned.set("plan", read(plan));
        chain(lines, planned);
        for (Event event : events) {
            ObjectNode line = MAPPER.createObjectNode().put("kind", "event").put("seq", event.seq());
            line.put("type", event.type()).put("at", event.at().toString());
            line.set("data", read(event.data()));
            chain(lines, line);
        }
        return lines;
    }

    private static void chain(List<String> lines, ObjectNode line) {
        line.put("line", lines.size() + 1);
        line.put("previous", lines.isEmpty() ? GENESIS : hashOf(lines.getLast()));
        line.put("hash", Json.hash(Canonical.text(line)));
        lines.add(Canonical.text(line));
    }

    private static String hashOf(String line) {
        return read(line).path("hash").asText();
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what is stored of a run is no JSON", e);
        }
    }
}
