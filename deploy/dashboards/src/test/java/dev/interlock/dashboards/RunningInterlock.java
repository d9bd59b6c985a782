package dev.interlock.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.standalone.Main;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./interlock up} with the lab's estate, on free ports. */
final class RunningInterlock implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path folder;
    private final JsonNode state;

    private RunningInterlock(Path folder, JsonNode state) {
        this.folder = folder;
        this.state = state;
    }

    static RunningInterlock start(Path folder) throws Exception {
        run(folder, "up", "--data", folder.toString(), "--with-lab", "--throw-away", "--port-base", "0");
        return new RunningInterlock(
                folder, JSON.readTree(folder.resolve("state.json").toFile()));
    }

    private static void run(Path folder, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var said = folder.resolveSibling(folder.getFileName() + "-" + arguments[0] + ".txt");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.add("-Dinterlock.root=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("%s", Files.readString(said)).isZero();
    }

    /** name → address */
    Map<String, URI> services() {
        var services = new LinkedHashMap<String, URI>();
        state.path("services")
                .properties()
                .forEach(service -> services.put(
                        service.getKey(), URI.create(service.getValue().asText())));
        return services;
    }

    String kafka() {
        return state.path("kafka").asText();
    }

    Path tokenFile(String person) {
        return folder.resolve(person + ".token");
    }

    String lab(String path) throws Exception {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(state.path("lab").asText()).resolve(path))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** @param person null: without a token */
    HttpResponse<String> get(String service, String path, @Nullable String person) throws Exception {
        var request = HttpRequest.newBuilder(address(service).resolve(path)).timeout(Duration.ofSeconds(30));
        if (person != null) {
            request.header("Authorization", "Bearer " + token(person));
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode list(String service, String path) throws Exception {
        return JSON.readTree(get(service, "/api/v1" + path, "admin").body()).path("items");
    }

    JsonNode one(String service, String path) throws Exception {
        return JSON.readTree(get(service, "/api/v1" + path, "admin").body());
    }

    /** The answer, which must be one of these; its status is added as {@code httpStatus}. */
    JsonNode send(String person, String method, String service, String path, Object body, Integer... expected)
            throws Exception {
        var text = body instanceof String csv ? csv : JSON.writeValueAsString(body);
        var answer = http.send(
                HttpRequest.newBuilder(address(service).resolve("/api/v1" + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + token(person))
                        .header("Content-Type", body instanceof String ? "text/csv" : "application/json")
                        .method(method, BodyPublishers.ofString(text))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, answer.body())
                .isIn((Object[]) expected);
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private URI address(String service) {
        return URI.create(state.path("services").path(service).asText());
    }

    private String token(String person) throws IOException {
        return Files.readString(tokenFile(person), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() throws Exception {
        run(folder, "down", "--data", folder.toString());
    }
}
