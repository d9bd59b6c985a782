package dev.interlock.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The generated client against the documents that it is generated from. */
class PublishedDocumentsTest {

    private static final Path DOCUMENTS = Path.of(System.getProperty("interlock.root", ".."), "contracts", "openapi");
    private static final Map<String, String> PACKAGES = Map.of(
            "inventory-service.yml", "inventory",
            "license-service.yml", "license",
            "upgrade-service.yml", "upgrade",
            "agent-monitor.yml", "agent",
            "platform.yml", "platform");

    static Stream<String> documents() throws IOException {
        try (var files = Files.list(DOCUMENTS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachOperationHasItsMethod(String document) throws Exception {
        var methods = new TreeMap<String, String>();
        for (Class<?> api : classes(document)) {
            if (api.getSimpleName().endsWith("Api")) {
                for (Method each : api.getDeclaredMethods()) {
                    if (Modifier.isPublic(each.getModifiers())) {
                        methods.put(each.getName(), api.getSimpleName());
                    }
                }
            }
        }
        assertThat(methods.keySet())
                .as("operations of %s; a new document needs an execution in api-client/pom.xml", document)
                .containsExactlyInAnyOrderElementsOf(operations(document).stream()
                        .map(operation -> operation.path("operationId").asText())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachExampleIsReadWhole(String document) throws Exception {
        var read = new ArrayList<String>();
        for (JsonNode operation : operations(document)) {
            var contents = new ArrayList<JsonNode>();
            contents.add(operation.path("requestBody").path("content").path("application/json"));
            operation.path("responses").properties().forEach(response -> {
                if (response.getKey().startsWith("2")) {
                    contents.add(response.getValue().path("content").path("application/json"));
                }
            });
            for (JsonNode content : contents) {
                String reference = content.path("schema").path("$ref").asText();
                if (!reference.isEmpty()) {
                    String name = reference.substring(reference.lastIndexOf('/') + 1);
                    String where = operation.path("operationId").asText() + "'s " + name;
                    assertThat(content.path("example").isObject())
                            .as("%s has an example", where)
                            .isTrue();
                    Value value = (Value)
                            type(document, name).getConstructor(JsonNode.class).newInstance(content.path("example"));
                    readAll(value, where, read);
                }
            }
        }
        assertThat(read).as("members read").hasSizeGreaterThan(20);
    }

    /** What else OpenAPI has would be left out silently: the templates in src/main/templates must learn it first. */
    @ParameterizedTest
    @MethodSource("documents")
    void theDocumentHasOnlyWhatTheTemplatesKnow(String document) throws IOException {
        for (JsonNode operation : operations(document)) {
            String where = operation.path("operationId").asText();
            operation.path("parameters").forEach(parameter -> {
                assertThat(parameter.path("in").asText()).as(where).isIn("path", "query", "header");
                assertThat(parameter.at("/schema/type").asText())
                        .as("%s's parameter %s", where, parameter.path("name").asText())
                        .isIn("string", "integer", "boolean");
            });
            operation
                    .at("/requestBody/content")
                    .fieldNames()
                    .forEachRemaining(type -> assertThat(type)
                            .as("%s's body", where)
                            .isIn(
                                    "application/json",
                                    "application/octet-stream",
                                    "application/x-yaml",
                                    "text/plain",
                                    "text/csv"));
        }
        JsonNode schemas = read(document).at("/components/schemas");
        for (String composition : List.of("oneOf", "allOf", "discriminator", "patternProperties")) {
            assertThat(schemas.findValues(composition)).as(composition).isEmpty();
        }
        for (JsonNode choice : schemas.findValues("anyOf")) {
            assertThat(choice).as("a type or null").hasSize(2);
            assertThat(choice.get(1).path("type").asText()).isEqualTo("null");
        }
    }

    /** Asks for each member, and for each of theirs. */
    private static void readAll(Object value, String where, List<String> read) throws ReflectiveOperationException {
        if (value instanceof Collection<?> items) {
            for (Object item : items) {
                readAll(item, where, read);
            }
        } else if (value instanceof Map<?, ?> members) {
            readAll(members.values(), where, read);
        } else if (value instanceof Value object) {
            for (Method getter : object.getClass().getDeclaredMethods()) {
                if (Modifier.isPublic(getter.getModifiers())
                        && getter.getParameterCount() == 0
                        && !Modifier.isStatic(getter.getModifiers())) {
                    String here = where + "." + getter.getName();
                    read.add(here);
                    Object member;
                    try {
                        member = getter.invoke(object);
                    } catch (InvocationTargetException e) {
                        throw new AssertionError(here, e.getCause());
                    }
                    if (member != null) {
                        readAll(member, here, read);
                    }
                }
            }
        }
    }

    private static List<JsonNode> operations(String document) throws IOException {
        var operations = new ArrayList<JsonNode>();
        read(document)
                .path("paths")
                .forEach(path -> path.forEach(operation -> {
                    if (operation.has("operationId")) {
                        operations.add(operation);
                    }
                }));
        return operations;
    }

    private static JsonNode read(String document) throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(DOCUMENTS.resolve(document).toFile());
    }

    private static Class<?> type(String document, String name) throws ClassNotFoundException {
        return name.equals("Problem") ? Problem.class : Class.forName(packageOf(document) + "." + name);
    }

    private static List<Class<?>> classes(String document) throws Exception {
        Path folder = Path.of(Connection.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(packageOf(document).replace('.', '/'));
        assertThat(folder).as("what is generated from %s", document).isDirectory();
        var classes = new ArrayList<Class<?>>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.contains("$")) {
                    classes.add(type(document, name.substring(0, name.length() - ".class".length())));
                }
            }
        }
        return classes;
    }

    private static String packageOf(String document) {
        return "dev.interlock.client." + PACKAGES.getOrDefault(document, document);
    }
}
