package dev.interlock.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.interlock.contracts.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Holds messages against what {@code contracts} promises: CloudEvents headers in binary mode, the right topic and key, data
 * that its JSON Schema accepts.
 */
public final class PublishedContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private PublishedContract() {}

    /** What is wrong with a message, one sentence each; empty if it is as promised. */
    public static List<String> breaches(KafkaProbe.Message message) {
        var breaches = new ArrayList<String>();
        Channel channel = Arrays.stream(Channel.values())
                .filter(each -> each.topic().equals(message.topic()))
                .findFirst()
                .orElse(null);
        if (channel == null) {
            return List.of("the topic " + message.topic() + " is not in the contract");
        }
        if (message.value() == null) {
            return channel.compacted() ? List.of() : List.of("a message without data on a topic that is not compacted");
        }
        Map<String, String> headers = message.headers();
        expect(breaches, headers, "ce_specversion", "1.0");
        expect(breaches, headers, "ce_source", channel.source());
        expect(breaches, headers, "ce_subject", String.valueOf(message.key()));
        expect(breaches, headers, "content-type", "application/json");
        try {
            UUID.fromString(headers.getOrDefault("ce_id", ""));
            Instant.parse(headers.getOrDefault("ce_time", ""));
        } catch (IllegalArgumentException | DateTimeException e) {
            breaches.add("ce_id or ce_time: " + e.getMessage());
        }
        String type = headers.getOrDefault("ce_type", "");
        expect(breaches, headers, "ce_dataschema", "urn:interlock:schema:" + type);
        try (var in = PublishedContract.class.getResourceAsStream("/contracts/schemas/" + type + ".json")) {
            if (in == null) {
                breaches.add("ce_type is '" + type + "', which is not in the contract");
                return List.copyOf(breaches);
            }
            JsonNode schema = JSON.readTree(in);
            JsonNode data = JSON.readTree(message.value());
            if (!schema.path("x-interlock-topic").asText().equals(message.topic())) {
                breaches.add(type + " belongs to another topic: "
                        + schema.path("x-interlock-topic").asText());
            }
            String keyField = schema.path("x-interlock-key").asText();
            if (!data.path(keyField).asText().equals(message.key())) {
                breaches.add("the key is '" + message.key() + "', but " + keyField + " is " + data.path(keyField));
            }
            SCHEMAS.getSchema(
                            schema,
                            SchemaValidatorsConfig.builder()
                                    .formatAssertionsEnabled(true)
                                    .build())
                    .validate(data)
                    .forEach(problem -> breaches.add(type + problem.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(breaches);
    }

    private static void expect(List<String> breaches, Map<String, String> headers, String name, String value) {
        if (!value.equals(headers.get(name))) {
            breaches.add(name + " is " + headers.get(name) + " and not " + value);
        }
    }
}
