package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One service's API as one person sees it. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final URI service;
    private final String token;

    Api(String service, String token) {
        this.service = URI.create(service);
        this.token = token;
    }

    record Answer(int status, JsonNode body) {
        boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        String sentence() {
            return body.path("title").asText("") + ": " + body.path("detail").asText("");
        }
    }

    JsonNode get(String path) {
        return required("GET", path, ask("GET", path, "application/json", null));
    }

    JsonNode post(String path, Object body) {
        return required("POST", path, tryPost(path, body));
    }

    JsonNode put(String path, Object body) {
        return required(
                "PUT",
                path,
                ask("PUT", path, "application/json", JSON.valueToTree(body).toString()));
    }

    JsonNode postText(String path, String type, String text) {
        return required("POST", path, ask("POST", path, type, text));
    }

    void delete(String path) {
        required("DELETE", path, ask("DELETE", path, "application/json", null));
    }

    /** For commands that may be refused: that is an answer too. */
    Answer tryPost(String path, Object body) {
        return ask("POST", path, "application/json", JSON.valueToTree(body).toString());
    }

    private static JsonNode required(String method, String path, Answer answer) {
        if (!answer.isSuccess()) {
            throw new StandaloneException(method + " " + path + " was refused (" + answer.status() + "): "
                    + answer.sentence() + " " + answer.body().path("next").asText(""));
        }
        return answer.body();
    }

    private Answer ask(String method, String path, String type, @Nullable String body) {
        var request = HttpRequest.newBuilder(service.resolve("/api/v1" + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (method.equals("POST")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(
                    response.statusCode(),
                    response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new StandaloneException(method + " " + service + "/api/v1" + path + " got no answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("Interrupted.");
        }
    }
}
