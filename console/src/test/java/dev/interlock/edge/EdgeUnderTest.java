package dev.interlock.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.interlock.testkit.TestTokens;
import dev.interlock.testkit.openapi.ApiExchanges;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The edge as a running server before services that a test plays, and a client that speaks to it as browsers and programs do. As a
 * registered extension it is closed after the tests of a class.
 */
public final class EdgeUnderTest implements AutoCloseable, AfterAllCallback {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final ApplicationContext context;

    public EdgeUnderTest(Service services, Map<String, Object> more) {
        this(services.address(), more);
    }

    public EdgeUnderTest(URI services, Map<String, Object> more) {
        var properties = new HashMap<String, Object>();
        properties.put("interlock.security.jwks", TestTokens.jwksJson());
        properties.put("micronaut.server.port", -1);
        for (var domain : List.of("inventory", "licenses", "upgrades", "agents")) {
            properties.put("interlock.edge.services." + domain, services.toString());
        }
        properties.putAll(more);
        context = Edge.start(properties);
    }

    public ApplicationContext context() {
        return context;
    }

    public URI address() {
        return URI.create(
                "http://localhost:" + context.getBean(EmbeddedServer.class).getPort());
    }

    /** An answer; {@code json} is a missing node when the body is none. */
    public record Answer(int status, HttpResponse<byte[]> raw) {
        public String text() {
            return new String(raw.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return raw.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(text());
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }

        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        /** The slug of a problem's type, or an empty text. */
        public String problem() {
            var type = json().path("type").asText();
            return type.startsWith("/problems/") ? type.substring("/problems/".length()) : "";
        }

        /** What the browser sends from now on. */
        public String cookies() {
            return raw.headers().allValues("Set-Cookie").stream()
                    .map(cookie -> cookie.split(";", 2)[0])
                    .filter(cookie -> !cookie.endsWith("="))
                    .collect(Collectors.joining("; "));
        }
    }

    public Answer send(String method, String path, @Nullable String body, String... headers) {
        return send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer send(String method, String path, byte @Nullable [] body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            ApiExchanges.checkAtEdge(answer);
            return new Answer(answer.statusCode(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, (byte[]) null, headers);
    }

    /** Signs in as the page does; the cookies of the answer are the session. */
    public Answer signIn(String token) {
        return send(
                "POST",
                "/session",
                "{\"token\":\"" + token + "\"}",
                "Content-Type",
                "application/json",
                "Sec-Fetch-Site",
                "same-origin");
    }

    @Override
    public void afterAll(ExtensionContext ofTheClass) {
        close();
    }

    @Override
    public void close() {
        context.close();
    }
}
