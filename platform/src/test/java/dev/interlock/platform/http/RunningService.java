package dev.interlock.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.platform.service.ServiceRunner;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.testkit.openapi.ApiExchanges;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The example service on real PostgreSQL and Kafka, and a client for it. */
public final class RunningService implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    public final ApplicationContext context;
    public final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public RunningService(Map<String, Object> more) {
        var properties = ServiceUnderTest.properties("example");
        properties.put("interlock.example", "true");
        properties.putAll(more);
        context = ServiceRunner.start("example", RunningService.class, properties);
        address = context.getBean(EmbeddedServer.class).getURI();
    }

    /** An answer, its body as JSON if it is some. */
    public record Answer(int status, HttpResponse<String> raw, JsonNode json) {
        public String type() {
            return raw.headers().firstValue("content-type").orElse("");
        }

        public @Nullable String header(String name) {
            return raw.headers().firstValue(name).orElse(null);
        }
    }

    public static String token(String... roles) {
        return TestTokens.token("ada", roles);
    }

    public Answer get(String path, String... roles) {
        return send(request("GET", path, null, token(roles)));
    }

    public Answer post(String path, String json, String... roles) {
        return send(request("POST", path, json, token(roles)));
    }

    public HttpRequest.Builder request(String method, String path, @Nullable String body, @Nullable String token) {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            ApiExchanges.check(answer, null);
            return answer(answer);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    public CompletableFuture<Answer> sending(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(RunningService::answer);
    }

    private static Answer answer(HttpResponse<String> response) {
        JsonNode json;
        try {
            json = JSON.readTree(response.body());
        } catch (JsonProcessingException notJson) {
            json = JSON.missingNode();
        }
        return new Answer(response.statusCode(), response, json);
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
