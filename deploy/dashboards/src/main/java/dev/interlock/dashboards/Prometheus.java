package dev.interlock.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Prometheus that answers queries. */
final class Prometheus {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI address;

    /** @param address without a path, or with the prefix that it is served below */
    Prometheus(URI address) {
        this.address = address.toString().endsWith("/") ? address : URI.create(address + "/");
    }

    /**
     * @param series how many the query yields
     * @param numbers how many of them have a number now, not NaN
     */
    record Result(int series, int numbers) {
        boolean isEmpty() {
            return series == 0;
        }
    }

    /** @throws IllegalArgumentException with what Prometheus says, if it does not understand the query */
    Result query(String query) {
        var answer = post("api/v1/query", "query=" + encoded(query)).path("data");
        if (answer.path("resultType").asText().equals("scalar")) {
            return new Result(1, 1);
        }
        int series = 0;
        int numbers = 0;
        for (var one : answer.path("result")) {
            series++;
            if (!one.path("value").path(1).asText().equals("NaN")) {
                numbers++;
            }
        }
        return new Result(series, numbers);
    }

    List<String> labelValues(String series, String label) {
        var values = new ArrayList<String>();
        get("api/v1/label/" + encoded(label) + "/values?match[]=" + encoded(series))
                .path("data")
                .forEach(value -> values.add(value.asText()));
        return values;
    }

    /** Groups of rules, with what became of their last evaluation. */
    JsonNode rules() {
        return get("api/v1/rules").path("data").path("groups");
    }

    boolean isReady() {
        try {
            return http.send(
                                    HttpRequest.newBuilder(address.resolve("-/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private JsonNode get(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path)));
    }

    private JsonNode post(String path, String form) {
        return send(HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofByteArray());
            var body = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException("Prometheus answers " + answer.statusCode() + ": "
                        + body.path("error").asText());
            }
            return body;
        } catch (IOException e) {
            throw new IllegalStateException("Prometheus at " + address + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
