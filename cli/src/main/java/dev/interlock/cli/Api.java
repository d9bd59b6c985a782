package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One service's REST API. Every answer but a success ends the command with the service's own words. */
final class Api {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int LARGEST_PAGE = 500;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final Service service;
    private final URI address;
    private final String token;

    Api(Service service, URI address, String token) {
        this.service = service;
        this.address = address;
        this.token = token;
    }

    /** Parameters of a query; those that are null are left out. */
    static final class Query {
        private final Map<String, String> values = new LinkedHashMap<>();

        Query with(String name, @Nullable Object value) {
            if (value != null) {
                values.put(name, value.toString());
            }
            return this;
        }

        private String text() {
            var text = new StringBuilder();
            values.forEach((name, value) -> text.append(text.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(encode(value)));
            return text.toString();
        }
    }

    /** A part of a path, such as an id or an activation code. */
    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return get(path, new Query());
    }

    JsonNode get(String path, Query query) {
        return send(request(path + query.text()).GET());
    }

    /** What is not JSON, or not only: lines of it. */
    String text(String path) {
        return new String(
                bytes(request(path)
                        .setHeader("Accept", "application/x-ndjson, application/problem+json")
                        .GET()),
                StandardCharsets.UTF_8);
    }

    /** Sent twice by accident, it creates once. */
    JsonNode create(String path, JsonNode body) {
        return send(json(path)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(publisher(body)));
    }

    JsonNode post(String path, JsonNode body) {
        return send(json(path).POST(publisher(body)));
    }

    JsonNode post(String path, Query query) {
        return send(request(path + query.text()).POST(HttpRequest.BodyPublishers.noBody()));
    }

    JsonNode postText(String path, Query query, String body) {
        return send(request(path + query.text())
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    JsonNode upload(String path, byte[] file) {
        return send(request(path)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(file)));
    }

    byte[] download(String path) {
        return bytes(request(path)
                .setHeader("Accept", "application/octet-stream, application/problem+json;q=0.5")
                .GET());
    }

    JsonNode put(String path, JsonNode body) {
        return send(json(path).PUT(publisher(body)));
    }

    JsonNode delete(String path) {
        return send(request(path).DELETE());
    }

    /**
     * Reads a list page by page.
     *
     * @param limit how many items at most; null for all
     * @return whether there are more than were read
     */
    boolean pages(String path, Query query, @Nullable Integer limit, Consumer<JsonNode> item) {
        int left = limit == null ? Integer.MAX_VALUE : limit;
        String after = null;
        do {
            var page = new Query();
            page.values.putAll(query.values);
            JsonNode answer =
                    get(path, page.with("limit", Math.min(left, LARGEST_PAGE)).with("after", after));
            for (JsonNode each : answer.path("items")) {
                item.accept(each);
                left--;
            }
            after = answer.path("next").isTextual() ? answer.path("next").asText() : null;
        } while (after != null && left > 0);
        return after != null;
    }

    /** A stream of server-sent events; the caller closes it. */
    InputStream events(String path, @Nullable String lastEventId) throws IOException {
        var request = HttpRequest.newBuilder(uri(path))
                .header("Accept", "text/event-stream, application/problem+json;q=0.5")
                .header("Authorization", "Bearer " + token);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<InputStream> answer =
                    http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            try (InputStream body = answer.body()) {
                throw refused(answer.statusCode(), body.readNBytes(65536));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(ANSWER)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder json(String path) {
        return request(path).header("Content-Type", "application/json");
    }

    private URI uri(String path) {
        String base = address.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/api/v1" + path);
    }

    private static HttpRequest.BodyPublisher publisher(JsonNode body) {
        return HttpRequest.BodyPublishers.ofString(body.toString());
    }

    private JsonNode send(HttpRequest.Builder request) {
        byte[] answer = bytes(request);
        try {
            return answer.length == 0 ? MissingNode.getInstance() : JSON.readTree(answer);
        } catch (IOException e) {
            throw new Failure(
                    Failure.DEFECT,
                    "The answer of " + address + " is not JSON: is that Interlock's " + service.word() + " service?");
        }
    }

    private byte[] bytes(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 != 2) {
                throw refused(answer.statusCode(), answer.body());
            }
            return answer.body();
        } catch (ConnectException e) {
            throw unreachable();
        } catch (HttpTimeoutException e) {
            throw new Failure(
                    Failure.UNREACHABLE,
                    "The " + service.word() + " service at " + address
                            + " did not answer in time. Whether it did what was"
                            + " asked is not known: look, then try again.");
        } catch (IOException e) {
            throw new Failure(
                    Failure.UNREACHABLE,
                    "The connection to the " + service.word() + " service at " + address + " broke: " + e.getMessage()
                            + ". Look at `./interlock status` and its log.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(130, "Interrupted.");
        }
    }

    Failure unreachable() {
        return new Failure(
                Failure.UNREACHABLE,
                "The " + service.word() + " service does not answer at " + address
                        + ". Start it with `./interlock up`, or say where it is with --" + service.word() + "-url or "
                        + service.variable() + ".");
    }

    private Failure refused(int status, byte[] body) {
        JsonNode problem;
        try {
            problem = JSON.readTree(body);
        } catch (IOException e) {
            problem = MissingNode.getInstance();
        }
        if (status == 401) {
            return new Failure(
                    Failure.NO_TOKEN,
                    "The " + service.word() + " service does not accept the token: it is of another installation or has"
                            + " expired. Name another one with --token-file, --as or INTERLOCK_TOKEN_FILE.",
                    problem.isObject() ? problem : null);
        }
        if (problem == null || !problem.path("title").isTextual()) {
            return new Failure(
                    Failure.REFUSED,
                    "The " + service.word() + " service at " + address + " answered " + status
                            + " without saying why.");
        }
        var sentence = new StringBuilder(problem.path("title").asText());
        sentence.append(" (").append(status);
        String type = problem.path("type").asText("");
        if (!type.isEmpty()) {
            sentence.append(' ').append(type.substring(type.lastIndexOf('/') + 1));
        }
        sentence.append(')');
        line(sentence, "", problem.path("detail"));
        problem.fields().forEachRemaining(field -> {
            if (!STANDARD.contains(field.getKey())) {
                line(sentence, field.getKey() + ": ", field.getValue());
            }
        });
        line(sentence, "next: ", problem.path("next"));
        return new Failure(Failure.REFUSED, sentence.toString(), problem);
    }

    private static final java.util.Set<String> STANDARD =
            java.util.Set.of("type", "title", "status", "detail", "next", "instance");

    private static void line(StringBuilder text, String label, JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> line(text, label, each));
        } else if (value.isObject()
                && value.path("reason").isTextual()
                && value.path("next").isTextual()) {
            text.append("\n  ")
                    .append(value.path("clause").asText())
                    .append(": ")
                    .append(value.path("reason").asText());
            text.append("\n    next: ").append(value.path("next").asText());
        } else if (value.isObject()) {
            var parts = new java.util.ArrayList<String>();
            value.fields()
                    .forEachRemaining(part ->
                            parts.add(part.getKey() + " " + part.getValue().asText()));
            text.append("\n  ").append(label).append(String.join(", ", parts));
        } else if (!value.isMissingNode() && !value.isNull()) {
            text.append("\n  ").append(label).append(value.asText());
        }
    }
}
