package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.lab.Lab;
import dev.interlock.lab.machine.Effect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on under {@code ./interlock up} while its processes are killed. */
class KilledInMidRunTest {
    private static final List<String> HOSTS = List.of("web-1", "web-2", "web-3", "web-4");

    @TempDir
    Path folder;

    private final Lab lab = Lab.builder().timeScale(10).start();

    private Path data() {
        return folder.resolve("data");
    }

    @BeforeEach
    void hosts() {
        HOSTS.forEach(host -> lab.add(host, "keeper-connection-manager", "standalone", "web"));
    }

    @AfterEach
    void stop() throws Exception {
        try (lab) {
            InterlockProcess.run(folder, 0, "down", "--data", data().toString());
        }
    }

    @Test
    void theRunEndsAndEachEffectHappensOnceWhenServicesAreKilledAndThenEverything() throws Exception {
        up();
        String run = start();

        awaitInstallOf(2, run);
        kill(List.of("services"));
        up();

        awaitInstallOf(3, run);
        kill(List.of(State.SUPERVISOR, "services", "infrastructure"));
        up();

        JsonNode ended = Awaitility.await("the run has ended")
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> upgrade("admin").get("/runs/" + run),
                        r -> List.of("completed", "failed", "paused")
                                .contains(r.path("status").asText()));
        assertThat(ended.path("status").asText()).as("%s", ended.path("reason")).isEqualTo("completed");
        assertThat(ended.path("updatedNodes").asInt()).isEqualTo(HOSTS.size());
        for (String host : HOSTS) {
            for (String unit : List.of("guacamole", "guacd")) {
                assertThat(lab.host(host).count(Effect.Kind.STOP, unit))
                        .as("%s stops %s", host, unit)
                        .isOne();
                assertThat(lab.host(host).count(Effect.Kind.START, unit))
                        .as("%s starts %s", host, unit)
                        .isOne();
            }
            for (String name : List.of("kcm-guacd", "kcm-guacamole")) {
                assertThat(lab.host(host).count(Effect.Kind.UPGRADE, name))
                        .as("%s upgrades %s", host, name)
                        .isOne();
            }
        }
    }

    private void up() throws Exception {
        InterlockProcess.run(folder, 0, "up", "--data", data().toString(), "--port-base", "0");
    }

    private State state() {
        return State.read(data().resolve("state.json")).orElseThrow();
    }

    private Api api(String service, String token) throws Exception {
        return new Api(String.valueOf(state().services().get(service)), token);
    }

    private Api upgrade(String person) throws Exception {
        return api("upgrade", person.equals("admin") ? adminToken() : token(person));
    }

    private String adminToken() throws Exception {
        return Files.readString(data().resolve("admin.token"), StandardCharsets.US_ASCII)
                .strip();
    }

    private String token(String person) throws Exception {
        return InterlockProcess.run(
                        folder,
                        0,
                        "token",
                        "--data",
                        data().toString(),
                        "--user",
                        person,
                        "--role",
                        "operator,approver")
                .strip();
    }

    /** Imports, plans, approves as another person, starts. */
    private String start() throws Exception {
        Path credentials = Files.createDirectories(data().resolve("credentials"));
        Path key = credentials.resolve(lab.credential() + ".key");
        Files.copy(lab.credentials().resolve(key.getFileName()), key, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Api inventory = api("inventory", adminToken());
        inventory.postText("/imports?format=csv", "text/csv", lab.inventoryCsv());
        String deployment = inventory
                .get("/deployments")
                .path("items")
                .path(0)
                .path("deploymentId")
                .asText();
        Api pat = upgrade("pat");
        JsonNode plan = Awaitility.await("upgrade-service has heard of the hosts")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> pat.tryPost(
                                "/plans",
                                Map.of("deploymentId", deployment, "targetVersion", "1.5.0", "concurrency", 1)),
                        Api.Answer::isSuccess)
                .body();
        upgrade("alex").post("/plans/" + plan.path("id").asText() + "/approval", Map.of("hash", plan.path("hash")));
        return pat.post("/runs", Map.of("planId", plan.path("id").asText()))
                .path("id")
                .asText();
    }

    private void awaitInstallOf(int nth, String run) throws Exception {
        Api admin = upgrade("admin");
        Awaitility.await("host " + nth + " installs")
                .atMost(Duration.ofSeconds(90))
                .until(() -> {
                    var installs = StreamSupport.stream(
                                    admin.get("/runs/" + run).path("stages").spliterator(), false)
                            .flatMap(stage ->
                                    StreamSupport.stream(stage.path("lanes").spliterator(), false))
                            .flatMap(lane ->
                                    StreamSupport.stream(lane.path("steps").spliterator(), false))
                            .filter(step -> step.path("action").asText().equals("upgrade-packages"))
                            .map(step -> step.path("state").asText())
                            .toList();
                    assertThat(installs).hasSize(HOSTS.size());
                    return installs.stream().filter("succeeded"::equals).count() == nth - 1
                            && installs.contains("running");
                });
    }

    private void kill(List<String> processes) {
        var running = state().processes();
        var handles = processes.stream()
                .map(name -> Objects.requireNonNull(running.get(name), name)
                        .process()
                        .orElseThrow())
                .toList();
        handles.forEach(ProcessHandle::destroyForcibly);
        handles.forEach(handle -> Awaitility.await().until(() -> !handle.isAlive()));
        if (!processes.contains(State.SUPERVISOR)) {
            Awaitility.await("the supervisor starts them again")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> processes.stream()
                            .noneMatch(name -> Objects.equals(
                                    running.get(name), state().processes().get(name))));
        }
    }
}
