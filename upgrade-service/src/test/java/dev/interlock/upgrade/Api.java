package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.testkit.TestTokens;
import dev.interlock.testkit.openapi.ApiExchanges;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A person at the REST API. */
final class Api {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI base;
    private final @Nullable String token;

    private Api(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    static Api of(URI base, String person, String... roles) {
        return new Api(base, TestTokens.token(person, roles));
    }

    static Api nobody(URI base) {
        return new Api(base, null);
    }

    record Answer(int status, JsonNode body, HttpResponse<String> http) {
        Answer is(int expected) {
            assertThat(status).as("%s", http.body()).isEqualTo(expected);
            return this;
        }

        String text(String pointer) {
            return body.at(pointer).asText();
        }
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, ObjectNode body) {
        return send("POST", path, body.toString());
    }

    Answer postText(String path, String body) {
        return send("POST", path, body);
    }

    Answer wish(String path, String reason) {
        return post(path, JSON.createObjectNode().put("reason", reason));
    }

    private Answer send(String method, String path, @Nullable String body) {
        var request = HttpRequest.newBuilder(base.resolve("/api/v1" + path))
                .timeout(Duration.ofMinutes(1))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            ApiExchanges.check(answer, body);
            return new Answer(
                    answer.statusCode(),
                    answer.body().isEmpty() ? MissingNode.getInstance() : JSON.readTree(answer.body()),
                    answer);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** All lines of a run's stream, from after an event to the end of the stream. */
    List<String> follow(UUID run, @Nullable String lastEventId) {
        var request = HttpRequest.newBuilder(base.resolve("/api/v1/runs/" + run + "/events"))
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<Stream<String>> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            return answer.body().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
