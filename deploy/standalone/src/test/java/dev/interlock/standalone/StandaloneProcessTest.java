package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.embedded.FolderLock;
import dev.interlock.embedded.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process tree, as processes: started, killed, started again. */
class StandaloneProcessTest {
    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private State state() {
        return State.read(data().resolve("state.json")).orElseThrow();
    }

    @AfterEach
    void stopWhatATestLeft() throws Exception {
        InterlockProcess.run(folder, 0, "down", "--data", data().toString());
    }

    @Test
    void dataOutlivesKillsOfEveryPartAndAStop() throws Exception {
        InterlockProcess.run(folder, 0, "up", "--data", data().toString(), "--port-base", "0");
        var kept = new Api(service("license"), adminToken())
                .post("/license-servers", Map.of("name", "kept", "kind", "native"))
                .path("licenseServerId")
                .asText();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("admin.token"))))
                .isEqualTo("rw-------");

        kill("services");
        assertThat(InterlockProcess.run(folder, 0, "up", "--data", data().toString()))
                .contains("already running");
        assertThat(names("license")).containsExactly("kept");

        kill("infrastructure");
        InterlockProcess.run(folder, 0, "up", "--data", data().toString());
        assertThat(names("license")).containsExactly("kept");

        kill(State.SUPERVISOR);
        try (var siem = new SyslogReceiver()) {
            InterlockProcess.run(
                    folder, 0, "up", "--data", data().toString(), "--port-base", "0", "--siem", siem.address());
            Awaitility.await("what happened before there was a SIEM arrives there, too")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> siem.received().contains("admin registered the license server kept of kind native."));
            assertThat(InterlockProcess.run(folder, 0, "status", "--data", data().toString()))
                    .containsPattern("siem feed +UP +tcp 127.0.0.1:[0-9]+");
        }
        assertThat(new Api(service("license"), adminToken())
                        .get("/license-servers/" + UUID.fromString(kept))
                        .path("name")
                        .asText())
                .isEqualTo("kept");

        var status = InterlockProcess.run(folder, 0, "status", "--data", data().toString());
        assertThat(status).contains("inventory").contains("UP").doesNotContain("DOWN");

        var running = state();
        InterlockProcess.run(folder, 0, "down", "--data", data().toString());
        assertNothingIsLeft(running);
        assertThat(InterlockProcess.run(folder, 1, "status", "--data", data().toString()))
                .contains("not running");
    }

    @Test
    void ctrlCInTheMiddleOfAStartLeavesNoProcessAndNoPort() throws Exception {
        var starting = InterlockProcess.start(
                folder, List.of(), "up", "--data", data().toString(), "--port-base", "0", "--isolate", "--foreground");
        starting.awaitSaying("Starting inventory");
        Awaitility.await("PostgreSQL runs")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(data().resolve("data/postgres/postmaster.pid")));
        var running = state();
        assertThat(running.processes())
                .containsKeys("infrastructure", "inventory", "license", "upgrade", "agent", "supervisor");

        starting.interrupt();

        assertThat(starting.endedWith()).isNotZero();
        assertNothingIsLeft(running);
    }

    @Test
    void aTakenPortIsNamedWithItsOwnerAndNothingIsStarted() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var said = InterlockProcess.run(
                    folder,
                    1,
                    "up",
                    "--data",
                    data().toString(),
                    "--port-base",
                    "0",
                    "--upgrade-port",
                    Integer.toString(taken.getLocalPort()));
            assertThat(said)
                    .contains("Port " + taken.getLocalPort() + ", wanted for upgrade, is taken by")
                    .contains("--upgrade-port N");
            if (Files.isReadable(Path.of("/proc/net/tcp"))) {
                assertThat(said).contains("process " + ProcessHandle.current().pid());
            }
        }
        assertThat(data().resolve("data/postgres")).doesNotExist();
    }

    @Test
    void aFolderThatAnotherProcessHasIsNamed() throws Exception {
        try (var held = FolderLock.take(data().resolve("lock"), data())) {
            assertThat(held).isNotNull();
            var said = InterlockProcess.start(
                            folder, List.of("-Dinterlock.start.seconds=1"), "up", "--data", data().toString())
                    .end(1);
            assertThat(said).contains("The data folder " + data() + " is in use by another process");
        }
    }

    @Test
    void aDiskThatIsTooFullIsSaidBeforeAnythingIsStarted() throws Exception {
        var said = InterlockProcess.start(
                        folder,
                        List.of("-Dinterlock.needed.bytes=" + (1L << 60)),
                        "up",
                        "--data",
                        data().toString(),
                        "--port-base",
                        "0")
                .end(1);
        assertThat(said)
                .contains("The disk that holds " + data() + " is too full")
                .contains("MiB are needed");
        assertThat(data()).doesNotExist();
    }

    @Test
    void aTokenIsForWhomAndWhatWasAsked() throws Exception {
        Files.createDirectories(data());
        var token = InterlockProcess.run(
                        folder, 0, "token", "--data", data().toString(), "--user", "pat", "--role", "operator")
                .strip();
        var claims = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("\"sub\":\"pat\"").contains("\"roles\":[\"operator\"]");
        assertThat(InterlockProcess.run(
                        folder, 1, "token", "--data", data().toString(), "--user", "pat", "--role", "king"))
                .contains("There is no role 'king'");
    }

    private void kill(String process) {
        var running = Objects.requireNonNull(state().processes().get(process), process);
        var handle = running.process().orElseThrow();
        handle.destroyForcibly();
        Awaitility.await().until(() -> !handle.isAlive());
        if (!process.equals(State.SUPERVISOR)) {
            Awaitility.await("the supervisor starts it again")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !running.equals(state().processes().get(process)));
        }
    }

    private String service(String word) {
        return String.valueOf(state().services().get(word));
    }

    private String adminToken() throws Exception {
        return Files.readString(data().resolve("admin.token"), StandardCharsets.US_ASCII)
                .strip();
    }

    private List<String> names(String service) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(service(service) + "/api/v1/license-servers"))
                                .header("Authorization", "Bearer " + adminToken())
                                .build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(200);
        return Pattern.compile("\"name\":\"([^\"]+)\"")
                .matcher(answer.body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private void assertNothingIsLeft(State running) {
        running.processes()
                .forEach((name, process) -> Awaitility.await(name + " ends")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> process.process().isEmpty()));
        var addresses = new ArrayList<>(running.instances().values());
        addresses.add(running.postgres());
        addresses.add(running.kafka());
        assertThat(addresses)
                .allSatisfy(address -> assertThat(Ports.isFree(Integer.parseInt(address.replaceFirst(".*:", ""))))
                        .as(address)
                        .isTrue());
        assertThat(ProcessHandle.allProcesses()
                        .filter(p -> p.info().commandLine().orElse("").contains(data().toString()))
                        .filter(p -> p.pid() != ProcessHandle.current().pid()))
                .isEmpty();
    }
}
