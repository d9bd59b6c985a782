package dev.interlock.inventory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.interlock.contracts.Channel;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.testkit.openapi.ApiExchanges;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One running service on real PostgreSQL and Kafka, and the words in which the tests speak to it. */
final class InventoryUnderTest implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Map<String, Object> properties;
    private final ApplicationContext context;
    private final URI base;

    private InventoryUnderTest(Map<String, Object> properties) {
        this.properties = properties;
        this.context = InventoryService.start(properties);
        this.base = context.getBean(EmbeddedServer.class).getURI();
    }

    static InventoryUnderTest start(Path credentials, Map<String, Object> more) {
        var properties = new HashMap<>(ServiceUnderTest.properties("inventory"));
        properties.put("interlock.credentials.dir", credentials.toString());
        properties.putAll(more);
        return new InventoryUnderTest(properties);
    }

    /** A second instance on the same database. */
    InventoryUnderTest another() {
        var same = new HashMap<>(properties);
        same.put("interlock.instance", "inventory-" + UUID.randomUUID());
        return new InventoryUnderTest(same);
    }

    record Answer(int status, JsonNode body, HttpHeaders headers) {
        String problem() {
            return body.path("type").asText().replaceFirst("^/problems/", "");
        }

        String text(String field) {
            return body.path(field).asText();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    Answer get(String path) {
        return send("GET", path, null, token("viewer"));
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, token("operator"), headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, token("operator"), headers);
    }

    Answer importFile(String format, String text) {
        return post("/api/v1/imports?format=" + format, text, "Content-Type", "text/plain; charset=utf-8");
    }

    static String token(String role) {
        return TestTokens.token("the-" + role, role);
    }

    Answer send(String method, String path, @Nullable String body, @Nullable String token, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(30));
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        request.setHeader("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.ofString());
            ApiExchanges.check(answer, body);
            return new Answer(answer.statusCode(), json(answer.body()), answer.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(body);
        }
    }

    /** Registers a host; the answer must be 201. */
    String host(String name, String address, int port, @Nullable String hostKey) {
        var answer = post("/api/v1/hosts", hostBody(name, address, port, hostKey));
        if (answer.status() != 201) {
            throw new AssertionError(answer.toString());
        }
        return answer.text("hostId");
    }

    static String hostBody(String name, String address, int port, @Nullable String hostKey) {
        return """
                {"name":"%s","address":"%s","port":%d,"user":"interlock","credential":"fleet"%s}""".formatted(name, address, port, hostKey == null ? "" : ",\"hostKey\":\"" + hostKey + "\"");
    }

    /** All items of a list, page by page. */
    List<JsonNode> all(String path) {
        var items = new ArrayList<JsonNode>();
        var next = "";
        do {
            var page = get(path + (next.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + "after=" + next));
            if (page.status() != 200) {
                throw new AssertionError(page.toString());
            }
            page.body().path("items").forEach(items::add);
            next = page.body().path("next").asText("");
            next = next.equals("null") ? "" : next;
        } while (!next.isEmpty());
        return items;
    }

    Answer awaitStatus(String hostId, String status) {
        return Awaitility.await(status + " of " + hostId)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> get("/api/v1/hosts/" + hostId),
                        answer -> answer.text("status").equals(status));
    }

    /** Has the host probed and waits for the end of that probe. */
    Answer probe(String hostId) {
        var before = get("/api/v1/hosts/" + hostId).text("probedAt");
        var asked = post("/api/v1/hosts/" + hostId + "/probes?updates=true", "");
        if (asked.status() != 202) {
            throw new AssertionError(asked.toString());
        }
        return Awaitility.await("probe of " + hostId)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> get("/api/v1/hosts/" + hostId),
                        answer -> !answer.text("probedAt").equals(before));
    }

    List<KafkaProbe.Message> events(String key) {
        return KafkaProbe.shared().ofKey(Channel.INVENTORY_EVENTS.topic(), key);
    }

    /** The names of a key's events in their order, once there are as many. */
    List<String> eventNames(String key, int atLeast) {
        return KafkaProbe.shared()
                .await(Channel.INVENTORY_EVENTS.topic(), atLeast, message -> key.equals(message.key()))
                .stream()
                .map(message -> message.header("ce_type").replaceFirst("^dev.interlock.inventory.(\\w+).v1$", "$1"))
                .toList();
    }

    Connection database() throws SQLException {
        return DriverManager.getConnection(
                property("datasources.default.url"),
                property("datasources.default.username"),
                property("datasources.default.password"));
    }

    private String property(String name) {
        return Objects.requireNonNull(properties.get(name), name).toString();
    }

    @Override
    public void close() {
        context.close();
    }
}
