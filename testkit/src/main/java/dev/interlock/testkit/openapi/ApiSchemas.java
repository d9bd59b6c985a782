package dev.interlock.testkit.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.util.List;

/** The schemas of an OpenAPI 3.1 document, which are JSON Schemas; in objects nothing may be that is not described. */
final class ApiSchemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final ObjectNode components;

    ApiSchemas(JsonNode document) {
        components = (ObjectNode) closed(document.path("components").path("schemas"));
    }

    /** What is wrong with a value, one sentence each. */
    List<String> breaches(JsonNode schema, JsonNode value) {
        var whole = JSON.objectNode();
        whole.putObject("components").set("schemas", components);
        whole.putArray("allOf").add(closed(schema));
        return SCHEMAS.getSchema(whole, CONFIG).validate(value).stream()
                .map(each -> each.getInstanceLocation() + " " + each.getMessage())
                .toList();
    }

    private static JsonNode closed(JsonNode node) {
        if (node.isArray()) {
            var list = JSON.arrayNode();
            node.forEach(each -> list.add(closed(each)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        var schema = JSON.objectNode();
        node.properties().forEach(each -> schema.set(each.getKey(), closed(each.getValue())));
        // what a service says today is known today
        if (schema.remove("x-extensible-enum") instanceof ArrayNode words) {
            schema.set("enum", schema.path("type").isArray() ? words.addNull() : words);
        }
        boolean object = schema.path("type").asText().equals("object")
                || schema.path("type").toString().contains("\"object\"");
        if (object && schema.path("properties").isObject() && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }
}
