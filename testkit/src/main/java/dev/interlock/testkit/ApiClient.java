package dev.interlock.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.interlock.testkit.openapi.ApiExchanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Speaks to a service under test as any client would: HTTP, a bearer token, JSON. */
public final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private final URI base;
    private final @Nullable String token;

    private ApiClient(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /** Nobody. */
    public static ApiClient of(URI base) {
        return new ApiClient(base, null);
    }

    /** Somebody with these roles. */
    public ApiClient as(String name, String... roles) {
        return new ApiClient(base, TestTokens.token(name, roles));
    }

    public ApiClient withToken(String token) {
        return new ApiClient(base, token);
    }

    /** An answer; the body is a missing node when it is empty or no JSON. */
    public record Answer(int status, JsonNode body, HttpHeaders headers) {
        /** The slug of a problem's type, or an empty text. */
        public String problem() {
            var type = body.path("type").asText();
            return type.startsWith("/problems/") ? type.substring("/problems/".length()) : "";
        }

        public String text(String field) {
            return body.path(field).asText();
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    public Answer post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    public Answer put(String path, String json, String... headers) {
        return send("PUT", path, json, headers);
    }

    /** All items of a list, page by page. {@code path} has its query already: {@code /api/v1/pools?limit=2}. */
    public List<JsonNode> all(String path) {
        var items = new ArrayList<JsonNode>();
        var at = path;
        while (true) {
            var page = get(at);
            if (page.status() != 200) {
                throw new AssertionError(page.toString());
            }
            page.body().path("items").forEach(items::add);
            var next = page.text("next");
            if (next.isEmpty() || page.body().path("next").isNull()) {
                return items;
            }
            at = path + (path.contains("?") ? "&" : "?") + "after=" + next;
        }
    }

    public Answer send(String method, String path, @Nullable String json, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.ofString());
            ApiExchanges.check(answer, json);
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
            return MissingNode.getInstance();
        }
    }
}
