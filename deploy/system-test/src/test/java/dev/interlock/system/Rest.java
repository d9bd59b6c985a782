package dev.interlock.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service's REST API as another program sees it. */
final class Rest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final URI base;
    private final String token;

    Rest(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    Rest as(String otherToken) {
        return new Rest(base, otherToken);
    }

    /** @param status 0: nobody answered */
    record Answer(int status, JsonNode body) {
        /** The body, if the service accepted; else the test fails with what it said. */
        JsonNode accepted() {
            if (status < 200 || status > 299) {
                throw new AssertionError("answered " + status + ": " + body);
            }
            return body;
        }
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, Object body) {
        return send("POST", path, body);
    }

    Answer put(String path, Object body) {
        return send("PUT", path, body);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    private Answer send(String method, String path, @Nullable Object body) {
        try {
            var request = HttpRequest.newBuilder(base.resolve("/api/v1" + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            var response = CLIENT.send(request, BodyHandlers.ofByteArray());
            byte[] bytes = response.body();
            return new Answer(
                    response.statusCode(), bytes.length == 0 ? JSON.valueToTree(Map.of()) : JSON.readTree(bytes));
        } catch (IOException e) {
            return new Answer(0, JSON.valueToTree(Map.of("detail", String.valueOf(e))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
