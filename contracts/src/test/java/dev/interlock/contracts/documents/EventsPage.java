package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** {@code docs/events.md}: every message, for people. */
final class EventsPage {

    private final Javadocs docs;
    private final Schemas schemas;

    EventsPage(Javadocs docs) {
        this.docs = docs;
        this.schemas = new Schemas(docs);
    }

    String markdown(List<MessageType> messages) {
        var page = new StringBuilder("""
                # Events

                <!-- Written by the build from the records in contracts/; see docs/development.md. -->

                What the four services publish to Kafka, for SIEM and dashboards and for each other. Each message is a
                CloudEvent 1.0 in binary mode: `ce_id`, `ce_type`, `ce_source`, `ce_subject`, `ce_time`, `ce_dataschema` and
                `traceparent` are record headers, the data is JSON. The key (and `ce_subject`) is the field marked *key*; one
                key's messages are in order. Delivery is at least once: `ce_id` names a message for good. When it happened
                is `ce_time`. All times are UTC.

                Expect new fields, new words in an enumeration and new types at any time; a breaking change is a new type
                (`….v2`). A field that is not required is left out when there is nothing to say. Numbers such as K5 are the
                clauses of [the conformance page](conformance.md). Every service serves the same as AsyncAPI 3
                (`/asyncapi.yaml`) and as JSON Schemas (`/schemas/<type>.json`).

                | topic | written by | what | messages |
                |---|---|---|---|
                """);
        for (Channel channel : Channel.values()) {
            long count =
                    messages.stream().filter(each -> each.channel() == channel).count();
            page.append("| [`%s`](#%s) | %s | %s | %d |%n"
                    .formatted(
                            channel.topic(),
                            anchor(channel.topic()),
                            channel.service(),
                            channel.compacted() ? "current state, compacted; no data = gone" : "events",
                            count));
        }
        for (Channel channel : Channel.values()) {
            page.append("%n## %s%n".formatted(channel.topic()));
            messages.stream().filter(each -> each.channel() == channel).forEach(each -> message(page, each));
        }
        return page.toString();
    }

    private void message(StringBuilder page, MessageType message) {
        page.append("%n### %s%n%n`%s`%n%n".formatted(message.name(), message.type()));
        String description = docs.of(message.record());
        if (!description.isEmpty()) {
            page.append(description).append("\n\n");
        }
        page.append("| field | type | meaning |\n|---|---|---|\n");
        rows(page, "", schemas.of(message.record()), message.keyField());
    }

    private static void rows(StringBuilder page, String path, JsonNode schema, String keyField) {
        var required = new HashSet<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            var meaning = new ArrayList<String>();
            if (path.isEmpty() && field.getKey().equals(keyField)) {
                meaning.add("*key*");
            }
            if (!required.contains(field.getKey())) {
                meaning.add("*optional*");
            }
            if (value.has("description")) {
                meaning.add(value.get("description").asText());
            }
            if (value.has("enum")) {
                var words = new ArrayList<String>();
                value.get("enum").forEach(word -> words.add("`" + word.asText() + "`"));
                meaning.add(String.join(", ", words));
            }
            page.append("| `%s%s` | %s | %s |%n"
                    .formatted(
                            path,
                            field.getKey(),
                            kind(value),
                            String.join(" · ", meaning).replace("|", "\\|")));
            if (value.has("properties")) {
                rows(page, path + field.getKey() + ".", value, keyField);
            } else if (value.path("items").has("properties")) {
                rows(page, path + field.getKey() + "[].", value.get("items"), keyField);
            }
        });
    }

    private static String kind(JsonNode value) {
        String type = value.path("type").asText();
        return switch (type) {
            case "array" -> value.path("items").has("properties") ? "list" : "list of " + kind(value.path("items"));
            case "object" -> value.has("properties") ? "object" : "map of text to text";
            case "integer" -> "whole number";
            case "number" -> "number";
            case "boolean" -> "true/false";
            case "string" ->
                switch (value.path("format").asText()) {
                    case "uuid" -> "UUID";
                    case "date-time" -> "time";
                    default -> "text";
                };
            default -> throw new IllegalStateException("no word for " + value);
        };
    }

    private static String anchor(String topic) {
        return topic.replace(".", "");
    }
}
