package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.interlock.cli.CommandLineInFolder.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watching a run over a stream that breaks, as streams do. */
class RunWatchTest {

    private static final String RUN = "f0e1d2c3-5e6f-4a7b-8c8d-99aabbccdd01";

    private final AtomicReference<String> run = new AtomicReference<>(run("running", "succeeded", "running"));
    private final List<String> lastEventIds = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private ScriptedServer server = newServer();
    private CommandLineInFolder interlock = new CommandLineInFolder(Path.of(""));

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        interlock = new CommandLineInFolder(folder)
                .token("admin", "secret-token")
                .state(Map.of(Service.UPGRADE, server.address()));
        server.at("/api/v1/runs/" + RUN, exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/events")) {
                events(exchange);
            } else {
                ScriptedServer.json(exchange, 200, run.get());
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** First connection: two events, then cut off in the middle of the third. Second: the rest, after the last id. */
    private void events(HttpExchange exchange) throws IOException {
        lastEventIds.add(Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Last-Event-ID"), "none"));
        OutputStream stream = ScriptedServer.stream(exchange);
        if (connections.incrementAndGet() == 1) {
            ScriptedServer.write(
                    stream, ": hello\n\n" + event(1, "UpgradeStarted") + event(2, "NodeDrained") + "id: 3\nda");
            return;
        }
        ScriptedServer.write(stream, event(3, "NodeUpdated"));
        run.set(run("completed", "succeeded", "succeeded"));
        ScriptedServer.write(stream, event(4, "UpgradeCompleted"));
    }

    @Test
    void aBrokenStreamIsTakenUpAfterTheLastEventSeenAndEachEventIsToldOnce() {
        Result watched = interlock.run("runs", "watch", RUN);
        assertThat(watched.out()).isEqualTo("""
                        keeper-emea  1.4.0 → 1.5.0  running  0 of 1 hosts
                        20:15:31  UpgradeStarted  kcm-01
                        20:15:32  NodeDrained  kcm-01
                        20:15:33  NodeUpdated  kcm-01
                        20:15:34  UpgradeCompleted  kcm-01
                        The run is completed.
                        """);
        assertThat(watched.exitCode()).isZero();
        assertThat(lastEventIds).containsExactly("none", "2");
    }

    @Test
    void programsGetOneEventALine() throws IOException {
        Result watched = interlock.run("runs", "watch", RUN, "-o", "json");
        List<String> lines = watched.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(Api.JSON.readTree(lines.get(2)).path("type").asText())
                .isEqualTo("dev.interlock.upgrade.NodeUpdated.v1");
    }

    @Test
    void aPersonSeesABarForEachHostInPlace() {
        Result watched = interlock.terminal(60).run("runs", "watch", RUN);
        String shown = watched.out();
        assertThat(shown).contains("█".repeat(10)).contains("Prove the version");
        assertThat(shown).contains("\u001b[2A");
        String last = shown.substring(shown.lastIndexOf("\u001b[2A"));
        assertThat(last.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "")).isEqualTo("""
                        keeper-emea  1.4.0 → 1.5.0  completed  1 of 1 hosts
                        kcm-01  ████████████████████   2/2  done
                        The run is completed.
                        """);
    }

    @Test
    void noColoursWhereNobodyWantsThem() {
        Result watched = interlock.terminal(60).environment("NO_COLOR", "1").run("runs", "watch", RUN);
        assertThat(watched.out()).doesNotContain("\u001b[32m").doesNotContain("\u001b[1m");
    }

    @Test
    void aRunThatDidNotCompleteEndsWithExitCodeOneAndSaysWhereToLook() {
        run.set(run("failed", "succeeded", "failed"));
        Result watched = interlock.run("runs", "watch", RUN);
        assertThat(watched.exitCode()).isEqualTo(1);
        assertThat(watched.out()).endsWith("The run has ended: failed. See `interlock runs show " + RUN + "`.\n");
    }

    @Test
    void theWatchOutlivesARestartOfTheService() throws IOException {
        var restarted = new AtomicInteger();
        serve(exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/events")) {
                if (restarted.incrementAndGet() <= 2) {
                    // accepted and dropped without an answer, as by a service that is going down
                    return;
                }
                events(exchange);
            } else {
                ScriptedServer.json(exchange, 200, run.get());
            }
        });
        Result watched = interlock.run("runs", "watch", RUN);
        assertThat(watched.exitCode()).isZero();
        assertThat(restarted.get()).isEqualTo(4);
    }

    @Test
    void theWatchOutlivesAServiceThatSaysThatItCannotJustNow() throws IOException {
        var looks = new AtomicInteger();
        serve(exchange -> {
            boolean stream = exchange.getRequestURI().getPath().endsWith("/events");
            int look = looks.incrementAndGet();
            if (look > 1 && look < 5) {
                ScriptedServer.json(
                        exchange,
                        503,
                        "{\"title\":\"The database does not answer\",\"status\":503,\"next\":\"Ask later.\"}");
            } else if (stream) {
                events(exchange);
            } else {
                ScriptedServer.json(exchange, 200, run.get());
            }
        });
        Result watched = interlock.run("runs", "watch", RUN);
        assertThat(watched.exitCode()).isZero();
        assertThat(watched.out()).endsWith("The run is completed.\n");
        assertThat(looks.get()).isGreaterThan(6);
    }

    @Test
    void aRefusalEndsTheWatch() throws IOException {
        serve(exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/events")) {
                ScriptedServer.json(
                        exchange,
                        403,
                        "{\"title\":\"Not allowed\",\"status\":403,\"next\":\"Ask for the role viewer.\"}");
            } else {
                ScriptedServer.json(exchange, 200, run.get());
            }
        });
        Result watched = interlock.run("runs", "watch", RUN);
        assertThat(watched.exitCode()).isEqualTo(1);
        assertThat(watched.err()).contains("Not allowed (403)").contains("next: Ask for the role viewer.");
    }

    /** Another service in the place of the one that was started. */
    private void serve(ScriptedServer.Answer answer) throws IOException {
        server.close();
        server = newServer();
        server.at("/api/v1/runs/" + RUN, answer);
        interlock.state(Map.of(Service.UPGRADE, server.address()));
    }

    private static ScriptedServer newServer() {
        try {
            return new ScriptedServer();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String event(int id, String name) {
        return "id: %d\nevent: %s\ndata: {\"type\":\"dev.interlock.upgrade.%s.v1\",\"at\":\"2026-11-20T20:15:%dZ\",\"data\":{\"hostName\":\"kcm-01\"}}\n\n"
                .formatted(id, name, name, 30 + id);
    }

    private static String run(String status, String first, String second) {
        return """
                {"runId":"%s","deployment":"keeper-emea","fromVersion":"1.4.0","toVersion":"1.5.0","status":"%s",
                 "stages":[{"name":"hosts","lanes":[{"hostId":"h","hostName":"kcm-01","steps":[
                   {"stepId":"stop","title":"Stop the services","state":"%s"},
                   {"stepId":"prove","title":"Prove the version","state":"%s"}]}]}]}
                """.formatted(RUN, status, first, second);
    }
}
