package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What every chapter needs: who speaks to which service, what was expected, and what held. */
final class Telling {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Home home;
    final Narrator narrator;
    final EventWatch events;
    final EventLine lines;
    final Expectations expected = new Expectations();
    private final State state;
    private final HttpClient http = HttpClient.newHttpClient();
    private int held;
    private int failed;

    Telling(Home home, State state, Narrator narrator, EventWatch events, EventLine lines) {
        this.home = home;
        this.state = state;
        this.narrator = narrator;
        this.events = events;
        this.lines = lines;
    }

    int held() {
        return held;
    }

    int failed() {
        return failed;
    }

    void check(boolean good, String text) {
        count(good ? 1 : 0, good ? 0 : 1);
        narrator.check(good, text);
    }

    /** Checks that the product itself made count too. */
    void count(int moreHeld, int moreFailed) {
        held += moreHeld;
        failed += moreFailed;
    }

    /** @param person by the name of a token, as {@code operator} */
    Api api(String service, String person) {
        try {
            var file = home.folder().resolve(String.valueOf(state.tokens().get(person)));
            return new Api(
                    String.valueOf(state.services().get(service)),
                    Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new StandaloneException("The token of the " + person + " cannot be read: " + e.getMessage());
        }
    }

    // --- the lab

    String lab(String path) {
        return ask(HttpRequest.newBuilder(labUri(path)).GET());
    }

    JsonNode labJson(String path) {
        try {
            return JSON.readTree(lab(path));
        } catch (IOException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    void breakHost(String host, String fault, String value) {
        try {
            ask(HttpRequest.newBuilder(labUri("/hosts/" + host + "/faults"))
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("kind", fault, "value", value)))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void healHost(String host) {
        ask(HttpRequest.newBuilder(labUri("/hosts/" + host + "/faults")).DELETE());
    }

    /** Every change that was really made on the lab's hosts, oldest first. */
    List<JsonNode> effects() {
        return StreamSupport.stream(labJson("/effects").spliterator(), false).toList();
    }

    private URI labUri(String path) {
        return URI.create(String.valueOf(state.lab())).resolve(path);
    }

    private String ask(HttpRequest.Builder question) {
        try {
            var request = question.timeout(Duration.ofSeconds(10)).build();
            var answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() / 100 != 2) {
                throw new StandaloneException("The lab answered " + answer.statusCode() + " to "
                        + request.uri().getPath() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new StandaloneException("The lab does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("Interrupted.");
        }
    }

    // --- waiting and reading

    static List<JsonNode> items(JsonNode page) {
        return StreamSupport.stream(page.path("items").spliterator(), false).toList();
    }

    interface Attempt<T> {
        @Nullable
        T now();
    }

    static <T> T await(String what, Duration limit, Attempt<T> attempt) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var found = attempt.now();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new StandaloneException("Waited " + limit.toSeconds() + " s in vain until " + what + ".");
            }
            Commands.until(Duration.ofMillis(100), () -> false);
        }
    }
}
