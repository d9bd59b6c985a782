package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.EventCodec;
import java.util.List;
import java.util.Locale;

/** The AsyncAPI 3 document of all topics: CloudEvents 1.0 in binary mode, over Kafka. */
final class AsyncApi {

    private static final String KAFKA_BINDING = "0.5.0";

    private final ObjectMapper json = new ObjectMapper();
    private final Javadocs docs;
    private final Schemas schemas;

    AsyncApi(Javadocs docs) {
        this.docs = docs;
        this.schemas = new Schemas(docs);
    }

    ObjectNode document(List<MessageType> messages) {
        ObjectNode document = json.createObjectNode();
        document.put("asyncapi", "3.0.0");
        ObjectNode info = document.putObject("info");
        info.put("title", "Interlock events");
        info.put("version", "1.0.0");
        info.put(
                "description",
                "What the four services of Interlock tell the world. Each message is a CloudEvent 1.0 in binary mode:"
                        + " the attributes are record headers, the data is JSON. The key is the id of what the message"
                        + " is about, so one subject's story stays in order. Delivery is at least once: `ce_id` names"
                        + " a message for good. New fields, new words in an enumeration and new types may come at any"
                        + " time; a breaking change is a new type.");
        info.putObject("license").put("name", "Apache-2.0").put("url", "https://www.apache.org/licenses/LICENSE-2.0");
        document.put("defaultContentType", "application/json");
        ObjectNode server = document.putObject("servers").putObject("kafka");
        server.put("host", "{bootstrap}").put("protocol", "kafka");
        server.putObject("variables")
                .putObject("bootstrap")
                .put("description", "The bootstrap servers of your Kafka")
                .put("default", "localhost:9092");
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        for (Channel channel : Channel.values()) {
            channel(channels.putObject(name(channel)), channel, messages);
            ObjectNode operation = operations.putObject("publish" + capital(name(channel)));
            operation.put("action", "send");
            operation.putObject("channel").put("$ref", "#/channels/" + name(channel));
            operation.put("summary", channel.service() + " publishes to " + channel.topic());
        }
        ObjectNode bodies = components.putObject("schemas");
        bodies.set("CloudEvent", cloudEvent());
        ObjectNode all = components.putObject("messages");
        for (MessageType message : messages) {
            all.set(message.name(), message(message));
            ObjectNode body = schemas.of(message, docs);
            body.remove("$schema");
            body.set("x-interlock-schema", body.remove("$id"));
            bodies.set(message.name(), body);
        }
        return document;
    }

    private static void channel(ObjectNode target, Channel channel, List<MessageType> messages) {
        target.put("address", channel.topic());
        target.put(
                "description",
                channel.compacted()
                        ? "Compacted: the current state of each, for ever. A record without data says it is gone."
                        : "Events of " + channel.service() + ", in order for each key.");
        ObjectNode own = target.putObject("messages");
        messages.stream()
                .filter(message -> message.channel() == channel)
                .forEach(message ->
                        own.putObject(message.name()).put("$ref", "#/components/messages/" + message.name()));
        ObjectNode kafka = target.putObject("bindings").putObject("kafka");
        kafka.put("topic", channel.topic());
        kafka.putObject("topicConfiguration")
                .putArray("cleanup.policy")
                .add(channel.compacted() ? "compact" : "delete");
        kafka.put("bindingVersion", KAFKA_BINDING);
    }

    private ObjectNode message(MessageType message) {
        ObjectNode target = json.createObjectNode();
        target.put("name", message.type());
        target.put("title", message.name());
        String description = docs.of(message.record());
        if (!description.isEmpty()) {
            target.put("description", description);
        }
        target.put("contentType", "application/json");
        ObjectNode headers = target.putObject("headers");
        headers.put("type", "object");
        var all = headers.putArray("allOf");
        all.addObject().put("$ref", "#/components/schemas/CloudEvent");
        ObjectNode own = all.addObject().putObject("properties");
        own.putObject("ce_type").put("const", message.type());
        own.putObject("ce_source").put("const", message.channel().source());
        own.putObject("ce_dataschema").put("const", new EventCodec().schema(message.type()));
        target.putObject("payload").put("$ref", "#/components/schemas/" + message.name());
        ObjectNode kafka = target.putObject("bindings").putObject("kafka");
        ObjectNode key = kafka.putObject("key");
        key.put("type", "string").put("description", "The field `" + message.keyField() + "`");
        kafka.put("bindingVersion", KAFKA_BINDING);
        ObjectNode example = target.putArray("examples").addObject();
        example.put("name", message.name());
        example.set("payload", message.example());
        return target;
    }

    private JsonNode cloudEvent() {
        ObjectNode schema = json.createObjectNode();
        schema.put("type", "object");
        schema.put("description", "CloudEvents 1.0 attributes as Kafka record headers (binary mode)");
        ObjectNode headers = schema.putObject("properties");
        headers.putObject("content-type").put("type", "string").put("const", "application/json");
        headers.putObject("ce_specversion").put("type", "string").put("const", "1.0");
        text(headers, "ce_id", "uuid", "Names the message for good: the same one may be delivered again");
        headers.putObject("ce_type").put("type", "string").put("description", "The message's type and its version");
        text(headers, "ce_source", "uri-reference", "The service that wrote it");
        headers.putObject("ce_subject").put("type", "string").put("description", "The same as the record's key");
        text(headers, "ce_time", "date-time", "When it happened, UTC");
        text(headers, "ce_dataschema", "uri", "The `$id` of the JSON Schema of the data");
        headers.putObject("traceparent")
                .put("type", "string")
                .put("pattern", "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
                .put("description", "W3C trace context of what caused it, where there is one");
        var required = schema.putArray("required");
        List.of("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time")
                .forEach(required::add);
        return schema;
    }

    private static void text(ObjectNode headers, String name, String format, String description) {
        headers.putObject(name).put("type", "string").put("format", format).put("description", description);
    }

    private static String name(Channel channel) {
        String[] words = channel.name().toLowerCase(Locale.ROOT).split("_");
        return words[0] + capital(words[1]);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
