package dev.interlock.testkit.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<String> documents() {
        return ApiFiles.NAMES;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyExampleIsAsItsSchemaSays(String name) {
        var document = ApiFiles.read(ApiFiles.published(name));
        var schemas = new ApiSchemas(document);
        var missing = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        contents(document, (place, content) -> {
            var examples = examples(document, content);
            if (examples.isEmpty()
                    && content.path("schema").path("format").asText().equals("binary")) {
                return;
            }
            if (examples.isEmpty()) {
                missing.add(place);
            }
            for (JsonNode example : examples) {
                schemas.breaches(content.path("schema"), example).forEach(each -> wrong.add(place + ": " + each));
            }
        });
        assertThat(missing)
                .as("without an example, which belongs into contracts/api/examples/" + name + ".yml")
                .isEmpty();
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyOperationSaysWhatACallerNeeds(String name) {
        var document = ApiFiles.read(ApiFiles.published(name));
        var ids = new HashSet<String>();
        operations(document, (place, operation) -> {
            assertThat(ids.add(operation.path("operationId").asText()))
                    .as(place)
                    .isTrue();
            assertThat(operation.path("summary").asText()).as(place).isNotEmpty();
            assertThat(operation.path("tags")).as(place).hasSize(1);
            assertThat(operation.path("description").asText()).as(place).contains("Roles: ");
            assertThat(operation.path("responses").has("401")).as(place).isTrue();
            operation.path("responses").properties().forEach(each -> {
                if (each.getKey().charAt(0) >= '4') {
                    assertThat(resolved(document, each.getValue())
                                    .path("content")
                                    .fieldNames())
                            .as(place + " " + each.getKey())
                            .toIterable()
                            .containsExactly("application/problem+json");
                }
            });
        });
        document.path("tags")
                .forEach(tag -> assertThat(tag.path("description").asText())
                        .as("the tag " + tag.path("name") + " belongs into contracts/api/words/" + name + ".yml")
                        .isNotEmpty());
    }

    @Test
    void aWrongExampleIsFound() throws Exception {
        var schemas = new ApiSchemas(JSON.readTree("""
                {"components": {"schemas": {"Host": {"type": "object", "required": ["name"], "properties": {
                  "name": {"type": "string"}, "since": {"type": ["string", "null"], "format": "date-time"},
                  "status": {"type": "string", "x-extensible-enum": ["new"]}}}}}}
                """));
        var host = (ObjectNode) JSON.readTree("{\"$ref\": \"#/components/schemas/Host\"}");

        assertThat(schemas.breaches(host, JSON.readTree("{\"name\": \"a\", \"since\": null, \"status\": \"new\"}")))
                .isEmpty();
        assertThat(schemas.breaches(host, JSON.readTree("{\"since\": null}"))).isNotEmpty();
        assertThat(schemas.breaches(host, JSON.readTree("{\"name\": null}"))).isNotEmpty();
        assertThat(schemas.breaches(host, JSON.readTree("{\"name\": \"a\", \"since\": \"yesterday\"}")))
                .isNotEmpty();
        assertThat(schemas.breaches(host, JSON.readTree("{\"name\": \"a\", \"status\": \"old\"}")))
                .isNotEmpty();
        assertThat(schemas.breaches(host, JSON.readTree("{\"name\": \"a\", \"other\": 1}")))
                .isNotEmpty();
    }

    private static void operations(JsonNode document, BiConsumer<String, JsonNode> see) {
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(each -> see.accept(each.getKey() + " " + path.getKey(), each.getValue())));
    }

    /** All bodies with a media type, of requests and answers. */
    private static void contents(JsonNode document, BiConsumer<String, JsonNode> see) {
        operations(document, (place, operation) -> {
            operation
                    .path("requestBody")
                    .path("content")
                    .properties()
                    .forEach(each -> see.accept(place, each.getValue()));
            operation
                    .path("responses")
                    .properties()
                    .forEach(answer -> resolved(document, answer.getValue())
                            .path("content")
                            .properties()
                            .forEach(each -> see.accept(place + " " + answer.getKey(), each.getValue())));
        });
    }

    private static List<JsonNode> examples(JsonNode document, JsonNode content) {
        var examples = new ArrayList<JsonNode>();
        if (content.has("example")) {
            examples.add(content.get("example"));
        }
        content.path("examples")
                .forEach(each -> examples.add(resolved(document, each).path("value")));
        return examples;
    }

    private static JsonNode resolved(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
