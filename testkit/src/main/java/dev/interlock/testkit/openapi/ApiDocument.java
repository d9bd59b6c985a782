package dev.interlock.testkit.openapi;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.testkit.openapi.ProblemTypes.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A published document: what the compiler made from the controllers, with readable names, and with what the compiler does not
 * see: roles, headers, problems, examples.
 */
final class ApiDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String KEY = "Idempotency-Key";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final String name;
    private final ObjectNode document;
    private final ObjectNode parts;
    private final ObjectNode examples;
    private final Map<String, ApiRoutes> routes;
    private final ProblemTypes problems;
    private final Set<String> problemsUsed = new LinkedHashSet<>();

    private ApiDocument(
            String name,
            ObjectNode generated,
            ObjectNode parts,
            ObjectNode examples,
            Map<String, ApiRoutes> routes,
            ProblemTypes problems) {
        this.name = name;
        this.document = generated.deepCopy();
        this.parts = parts;
        this.examples = examples;
        this.routes = routes;
        this.problems = problems;
    }

    static ObjectNode of(
            String name,
            ObjectNode generated,
            ObjectNode parts,
            ObjectNode examples,
            Map<String, ApiRoutes> routes,
            ProblemTypes problems) {
        return new ApiDocument(name, generated, parts, examples, routes, problems).composed();
    }

    private ObjectNode composed() {
        var schemas = schemas();
        var paths = (ObjectNode) renamed(document.path("paths"));
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(each -> {
                    if (METHODS.contains(each.getKey())) {
                        operation((ObjectNode) each.getValue());
                    }
                }));
        var made = JSON.objectNode();
        made.put("openapi", "3.1.0");
        made.set("info", info());
        made.set("servers", parts.path("servers"));
        made.set("security", JSON.arrayNode().add(JSON.objectNode().set("bearer", JSON.arrayNode())));
        made.set("tags", tags(paths));
        made.set("paths", paths);
        var components = made.putObject("components");
        components.set("securitySchemes", bearer());
        components.set("headers", headers(paths));
        schemas.set("Problem", problem());
        parts.path("schemas").properties().forEach(each -> schemas.set(each.getKey(), each.getValue()));
        parts.path("properties")
                .properties()
                .forEach(each -> properties(schemas, each.getKey())
                        .set(each.getKey().replaceFirst(".*\\.", ""), each.getValue()));
        parts.path("required").properties().forEach(each -> {
            ((ObjectNode) schemas.path(each.getKey())).set("required", each.getValue());
            each.getValue()
                    .forEach(required -> ((ObjectNode) properties(schemas, each.getKey() + "." + required.asText())
                                    .path(required.asText()))
                            .remove("nullable"));
        });
        for (String kind : List.of("words", "choices")) {
            parts.path(kind).properties().forEach(each -> {
                var property = (ObjectNode)
                        properties(schemas, each.getKey()).path(each.getKey().replaceFirst(".*\\.", ""));
                words(property, each.getValue(), kind.equals("words"));
            });
        }
        components.set("schemas", used(schemas, paths));
        components.set("responses", shared(paths));
        var examples = components.putObject("examples");
        problemsUsed.stream()
                .sorted()
                .forEach(slug -> examples.set(
                        "problem-" + slug,
                        JSON.objectNode()
                                .put("summary", problems.of(slug).title())
                                .set("value", problems.of(slug).example())));
        return (ObjectNode) withNull(made);
    }

    /** OpenAPI 3.1 says {@code nullable} as JSON Schema does. */
    private static JsonNode withNull(JsonNode node) {
        var copy = copied(
                node, (name, value) -> name.startsWith("example") || name.equals("value") ? value : withNull(value));
        if (!(copy instanceof ObjectNode object) || !object.path("nullable").isBoolean()) {
            return copy;
        }
        boolean nullable = object.remove("nullable").asBoolean();
        if (nullable && object.has("type")) {
            object.set("type", JSON.arrayNode().add(object.get("type")).add("null"));
        } else if (nullable && object.path("allOf").size() == 1) {
            var reference = object.remove("allOf").get(0);
            object.set(
                    "anyOf",
                    JSON.arrayNode().add(reference).add(JSON.objectNode().put("type", "null")));
        }
        return object;
    }

    /** The answers that several operations give; each is said once. */
    private static ObjectNode shared(ObjectNode paths) {
        var counted = new HashMap<JsonNode, Integer>();
        eachResponse(paths, (status, response) -> counted.merge(response.get(), 1, Integer::sum));
        var shared = JSON.objectNode();
        eachResponse(paths, (status, response) -> {
            var problems = response.get().path("x-problems");
            if (counted.getOrDefault(response.get(), 0) > 1 && !problems.isMissingNode()) {
                var name = new StringBuilder();
                problems.forEach(slug -> name.append(name.isEmpty() ? "" : "Or").append(pascal(slug.asText())));
                shared.set(name.toString(), response.get());
                response.set(JSON.objectNode().put("$ref", "#/components/responses/" + name));
            }
        });
        var sorted = JSON.objectNode();
        shared.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> sorted.set(each.getKey(), each.getValue()));
        return sorted;
    }

    private static void eachResponse(ObjectNode paths, BiConsumer<String, AtomicReference<JsonNode>> see) {
        paths.forEach(path -> path.forEach(operation -> {
            var responses = (ObjectNode) operation.path("responses");
            for (String status : names(responses)) {
                var response = new AtomicReference<>(responses.get(status));
                see.accept(status, response);
                responses.set(status, response.get());
            }
        }));
    }

    private static List<String> names(ObjectNode of) {
        var names = new ArrayList<String>();
        of.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String pascal(String slug) {
        return Arrays.stream(slug.split("-", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(joining());
    }

    private ObjectNode info() {
        var info = JSON.objectNode();
        info.put("title", parts.path("title").asText(name));
        info.put("version", "v1");
        info.put("description", parts.path("description").asText());
        info.set(
                "license",
                JSON.objectNode().put("name", "Apache-2.0").put("url", "https://www.apache.org/licenses/LICENSE-2.0"));
        return info;
    }

    private ArrayNode tags(ObjectNode paths) {
        var names = new LinkedHashSet<String>();
        paths.findValues("tags").forEach(list -> list.forEach(tag -> names.add(tag.asText())));
        var tags = JSON.arrayNode();
        names.forEach(tag -> tags.addObject()
                .put("name", tag)
                .put("description", parts.path("tags").path(tag).asText()));
        return tags;
    }

    // schemas

    private ObjectNode schemas() {
        var schemas = JSON.objectNode();
        document.path("components").path("schemas").properties().forEach(each -> {
            var readable = readable(each.getKey());
            var schema = (ObjectNode) renamed(each.getValue());
            JsonNode other = schemas.get(readable);
            if (other != null && !other.equals(schema)) {
                throw new AssertionError("Two schemas of " + name + " are to be called " + readable + ": give "
                        + each.getKey() + " another name with @Schema(name = …).");
            }
            schemas.set(readable, schema);
        });
        return schemas;
    }

    private static ObjectNode properties(ObjectNode schemas, String schemaAndProperty) {
        var properties =
                schemas.path(schemaAndProperty.replaceFirst("\\..*", "")).path("properties");
        if (!properties.has(schemaAndProperty.replaceFirst(".*\\.", ""))) {
            throw new AssertionError("contracts/api/words names " + schemaAndProperty + ", which there is not.");
        }
        return (ObjectNode) properties;
    }

    /**
     * Says which words a text is one of.
     *
     * @param growing a newer service may say further ones, so that a client must not break on them
     */
    private static void words(ObjectNode schema, JsonNode words, boolean growing) {
        if (!growing) {
            schema.set("enum", words);
            return;
        }
        var all = new ArrayList<String>();
        words.forEach(word -> all.add("`" + word.asText() + "`"));
        var said = schema.path("description").asText();
        schema.put(
                "description",
                (said.isEmpty() ? "" : said + ". ") + "Now one of " + String.join(", ", all)
                        + "; further ones may come.");
        schema.set("x-extensible-enum", words);
    }

    /** {@code HostsController.HostView} is a {@code Host}, and {@code Page_HostView_} a {@code HostPage}. */
    static String readable(String generated) {
        if (generated.startsWith("Page_") && generated.endsWith("_")) {
            return readable(generated.substring("Page_".length(), generated.length() - 1)) + "Page";
        }
        var last = generated.substring(generated.lastIndexOf('.') + 1);
        return last.endsWith("View") && last.length() > "View".length()
                ? last.substring(0, last.length() - "View".length())
                : last;
    }

    /** With references to readable names, and without what only the generator wants. */
    private static JsonNode renamed(JsonNode node) {
        return copied(node, (name, value) -> switch (name) {
            case "x-pattern-message", "explode" -> null;
            case "$ref" -> JSON.textNode(SCHEMAS + readable(value.asText().substring(SCHEMAS.length())));
            default -> renamed(value);
        });
    }

    /**
     * A copy with other members.
     *
     * @param member what becomes of a member, by its name and value, null to leave it out; of a list's items, which have no name,
     *     likewise
     */
    private static JsonNode copied(JsonNode node, BiFunction<String, JsonNode, @Nullable JsonNode> member) {
        if (node.isArray()) {
            var list = JSON.arrayNode();
            node.forEach(each -> list.add(member.apply("", each)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        var object = JSON.objectNode();
        node.properties().forEach(each -> {
            var value = member.apply(each.getKey(), each.getValue());
            if (value != null) {
                object.set(each.getKey(), value);
            }
        });
        return object;
    }

    /** Only what the operations lead to. */
    private static ObjectNode used(ObjectNode schemas, ObjectNode paths) {
        var names = new LinkedHashSet<String>();
        collect(paths, schemas, names);
        var used = JSON.objectNode();
        names.stream().sorted().forEach(each -> used.set(each, schemas.get(each)));
        return used;
    }

    private static void collect(JsonNode from, ObjectNode schemas, Set<String> names) {
        for (JsonNode reference : from.findValues("$ref")) {
            if (reference.asText().startsWith(SCHEMAS)) {
                var target = reference.asText().substring(SCHEMAS.length());
                if (!schemas.has(target)) {
                    throw new AssertionError("There is no schema " + target + ".");
                }
                if (names.add(target)) {
                    collect(schemas.get(target), schemas, names);
                }
            }
        }
    }

    private static ObjectNode problem() {
        var schema = JSON.objectNode();
        schema.put("type", "object");
        schema.put(
                "description",
                "An error answer (RFC 9457). Programs decide by `type`; each has a page in the documentation. Some types have"
                        + " members of their own, which stand on that page.");
        var required = schema.putArray("required");
        List.of("type", "title", "status", "detail", "next", "instance").forEach(required::add);
        var properties = schema.putObject("properties");
        text(properties, "type", "`/problems/<slug>`: the stable name of the kind of error")
                .put("format", "uri-reference");
        text(properties, "title", "the same short sentence for every problem of the type");
        properties
                .putObject("status")
                .put("type", "integer")
                .put("format", "int32")
                .put("description", "the HTTP status")
                .put("minimum", 400)
                .put("maximum", 599);
        text(properties, "detail", "what happened this time");
        text(properties, "next", "what you can do about it");
        text(properties, "instance", "the path that was asked").put("format", "uri-reference");
        schema.put("additionalProperties", true);
        return schema;
    }

    private static ObjectNode text(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("type", "string").put("description", description);
    }

    // operations

    private void operation(ObjectNode operation) {
        var id = operation.path("operationId").asText();
        var route = routes.get(id);
        if (route == null) {
            throw new AssertionError("The operation " + id + " of " + name
                    + " has no operationId of its own: @Operation(operationId = …) at its method.");
        }
        describe(operation, route);
        parameters(operation, route);
        bodies(operation);
        var responses = responses(operation, route);
        problems(operation, route, responses);
        operation.set("responses", sorted(responses));
        examples(operation, examples.path(id));
    }

    private static void describe(ObjectNode operation, ApiRoutes route) {
        var words = new ArrayList<String>();
        var said = operation.path("description").asText();
        if (!said.isEmpty() && !said.equals(operation.path("summary").asText())) {
            words.add(said);
        }
        words.add("Roles: " + String.join(", ", route.roles()) + ".");
        if (route.audited() != null) {
            words.add("In the audit log it is `" + route.audited() + "`.");
        }
        operation.put("description", String.join("\n\n", words));
        var roles = operation.putArray("x-roles");
        route.roles().forEach(roles::add);
    }

    /** Files are bytes, texts are not null, and what is taken in any form is said in those that are meant. */
    private static void bodies(ObjectNode operation) {
        var content = operation.path("requestBody").path("content");
        if (content.size() > 1) {
            ((ObjectNode) content).remove("*/*");
        }
        content.forEach(each -> ((ObjectNode) each.path("schema")).remove("nullable"));
        operation
                .findValues("application/octet-stream")
                .forEach(each -> ((ObjectNode) each)
                        .set("schema", JSON.objectNode().put("type", "string").put("format", "binary")));
    }

    private void parameters(ObjectNode operation, ApiRoutes route) {
        var parameters = operation.withArray("parameters");
        for (JsonNode each : parameters) {
            var parameter = (ObjectNode) each;
            // a parameter is there or not, it is never null
            var schema = (ObjectNode) parameter.path("schema");
            schema.remove("nullable");
            var name = route.operationId() + "." + parameter.path("name").asText();
            for (String kind : List.of("filters", "parameters")) {
                if (parts.path(kind).has(name)) {
                    words(schema, parts.path(kind).path(name), kind.equals("filters"));
                }
            }
            switch (parameter.path("name").asText()) {
                case "limit" -> {
                    schema.put("minimum", 1).put("maximum", 500).put("default", 50);
                    parameter.put("description", "Items on the page, at most.");
                }
                case "after" -> parameter.put("description", "`next` of the page before; the first page without it.");
                case "If-Match" -> {
                    parameter.put("description", "The `ETag` of what you have read; `*` for whatever is there.");
                    parameter.put("example", "\"v3\"");
                    parameter.put("required", true);
                }
                case KEY -> idempotencyKey(parameter, "as the operation says");
                default -> {}
            }
        }
        if (route.idempotent()) {
            var key = parameters.addObject();
            key.put("name", KEY).put("in", "header");
            idempotencyKey(key, "for 24 hours");
        }
        if (parameters.isEmpty()) {
            operation.remove("parameters");
        }
    }

    /** @param remembered how long: operations that find the first answer by themselves have a time of their own */
    private static void idempotencyKey(ObjectNode parameter, String remembered) {
        parameter.put(
                "description",
                "Makes the request safe to send twice: the same key and body get the first answer again, " + remembered
                        + ".");
        parameter.put("required", false);
        parameter.set(
                "schema",
                JSON.objectNode().put("type", "string").put("minLength", 1).put("maxLength", 255));
        parameter.put("example", "3f1c7f0a-6d0e-4b52-9f0c-5c1d2a7e8b90");
    }

    private ObjectNode responses(ObjectNode operation, ApiRoutes route) {
        var responses = (ObjectNode) operation.path("responses");
        boolean replays = operation.path("parameters").findValuesAsText("name").contains(KEY);
        responses.properties().forEach(each -> {
            var response = (ObjectNode) each.getValue();
            if (response.path("description").asText().matches("\\S+ \\d+ response")) {
                response.put("description", "As asked");
            }
            var headers = JSON.objectNode();
            if (each.getKey().equals("201") || each.getKey().equals("202")) {
                header(headers, "Location");
            }
            if (route.tagged() && each.getKey().startsWith("2")) {
                header(headers, "ETag");
            }
            if (replays && each.getKey().startsWith("2")) {
                header(headers, "Idempotency-Replayed");
            }
            if (!headers.isEmpty()) {
                response.set("headers", headers);
            }
            if (each.getKey().equals("204")) {
                response.remove("content");
            }
            var content = parts.path("contents").path(route.operationId()).path(each.getKey());
            if (content.isObject()) {
                response.set("content", content.deepCopy());
            }
        });
        return responses;
    }

    private static void header(ObjectNode headers, String name) {
        headers.putObject(name).put("$ref", "#/components/headers/" + name);
    }

    private void problems(ObjectNode operation, ApiRoutes route, ObjectNode responses) {
        var slugs = new LinkedHashSet<String>(
                List.of("unauthenticated", "forbidden", "unexpected", "database-unavailable"));
        var content = operation.path("requestBody").path("content");
        if (!content.isMissingNode()) {
            slugs.addAll(List.of("too-large", "unsupported-media-type"));
            if (content.has("application/json")) {
                slugs.addAll(List.of("invalid-request", "unknown-field", "malformed-json"));
            }
        }
        for (JsonNode parameter : operation.path("parameters")) {
            var in = parameter.path("in").asText();
            if (in.equals("query") || !parameter.path("schema").path("format").isMissingNode()) {
                slugs.add("invalid-request");
            }
            if (in.equals("path")
                    && parameter.path("schema").path("format").asText().equals("uuid")) {
                slugs.add("not-found");
            }
            if (parameter.path("name").asText().equals("If-Match")) {
                slugs.addAll(List.of("stale-version", "if-match-required"));
            }
        }
        if (route.idempotent()) {
            slugs.addAll(List.of("invalid-request", "request-in-flight", "idempotency-key-reused"));
        }
        problems.of(name, route.operationId()).forEach(type -> slugs.add(type.slug()));
        problemsUsed.addAll(slugs);
        new TreeMap<>(slugs.stream().map(problems::of).collect(groupingBy(ProblemType::status)))
                .forEach((status, types) -> {
                    var response = responses.putObject(String.valueOf(status));
                    response.put(
                            "description",
                            types.stream()
                                    .map(type -> "`" + type.slug() + "`: " + type.title())
                                    .collect(joining("; ")));
                    var body = response.putObject("content").putObject(PROBLEM_JSON);
                    body.putObject("schema").put("$ref", SCHEMAS + "Problem");
                    var examples = body.putObject("examples");
                    types.forEach(type -> examples.putObject(type.slug())
                            .put("$ref", "#/components/examples/problem-" + type.slug()));
                    var names = response.putArray("x-problems");
                    types.forEach(type -> names.add(type.slug()));
                });
    }

    private static ObjectNode sorted(ObjectNode responses) {
        var sorted = JSON.objectNode();
        responses.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> sorted.set(each.getKey(), each.getValue()));
        return sorted;
    }

    private static void examples(ObjectNode operation, JsonNode examples) {
        if (examples.has("request")) {
            operation
                    .path("requestBody")
                    .path("content")
                    .forEach(each -> ((ObjectNode) each).set("example", examples.get("request")));
        }
        examples.path("responses")
                .properties()
                .forEach(each -> operation
                        .path("responses")
                        .path(each.getKey())
                        .path("content")
                        .forEach(content -> ((ObjectNode) content).set("example", each.getValue())));
        examples.path("parameters").properties().forEach(each -> {
            for (JsonNode parameter : operation.path("parameters")) {
                if (parameter.path("name").asText().equals(each.getKey())) {
                    ((ObjectNode) parameter).set("example", each.getValue());
                }
            }
        });
    }

    // components

    private static ObjectNode bearer() {
        var schemes = JSON.objectNode();
        schemes.putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("bearerFormat", "JWT")
                .put(
                        "description",
                        "A token of the configured issuer, signed with ES256 or RS256, whose claim `roles` names viewer,"
                                + " operator, approver, admin or service. Each operation says which roles it needs.");
        return schemes;
    }

    private static ObjectNode headers(ObjectNode paths) {
        var headers = JSON.objectNode();
        header(
                headers,
                "Location",
                "The path of what was made, or of what to look at until it is done.",
                "uri-reference");
        header(headers, "ETag", "The version, to be sent as `If-Match` with a change.", "");
        header(headers, "Idempotency-Replayed", "`true`: this is the first answer again, nothing was done now.", "");
        var used = paths.findValuesAsText("$ref");
        return headers.retain(names(headers).stream()
                .filter(each -> used.contains("#/components/headers/" + each))
                .toList());
    }

    private static void header(ObjectNode headers, String name, String description, String format) {
        var header = headers.putObject(name);
        header.put("description", description);
        var schema = header.putObject("schema").put("type", "string");
        if (!format.isEmpty()) {
            schema.put("format", format);
        }
    }
}
