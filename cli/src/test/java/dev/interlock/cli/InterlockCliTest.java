package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.cli.CommandLineInFolder.Result;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InterlockCliTest {

    @Test
    void withoutATokenItSaysHowToGetOne(@TempDir Path folder) {
        assertThat(new CommandLineInFolder(folder).run("hosts", "list"))
                .returns(Failure.NO_TOKEN, Result::exitCode)
                .satisfies(failed ->
                        assertThat(failed.err()).startsWith("No token. Start the product with `./interlock up`"));
    }

    @Test
    void itSaysOfWhichVersionItIs(@TempDir Path folder) {
        assertThat(new CommandLineInFolder(folder).run("--version").out())
                .matches("interlock \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(new CommandLineInFolder(folder).run("runs", "--version").out())
                .startsWith("interlock ");
    }

    /** The one command that is read knows itself by the name under which it was looked for. */
    @Test
    void aCommandThatIsNamedFirstIsTheSameAsAmongAll(@TempDir Path folder) {
        var all = InterlockCli.commandLine(Terminal.ofProcess()).getSubcommands();
        assertThat(all).hasSizeGreaterThan(10);
        all.forEach((name, command) -> {
            var alone = InterlockCli.commandLine(Terminal.ofProcess(), name).getSubcommands();
            assertThat(alone).containsOnlyKeys(name);
            assertThat(Objects.requireNonNull(alone.get(name)).getUsageMessage())
                    .isEqualTo(command.getUsageMessage());
        });
        assertThat(new CommandLineInFolder(folder).run("host", "list").err()).contains("hosts");
    }

    @Test
    void aServiceThatIsDownIsNamedWithWhatToDo(@TempDir Path folder) throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(new CommandLineInFolder(folder)
                        .environment("INTERLOCK_TOKEN", "t")
                        .run("hosts", "list", "--inventory-url", "http://127.0.0.1:" + free))
                .isEqualTo(new Result(
                        Failure.UNREACHABLE,
                        "",
                        "The inventory service does not answer at http://127.0.0.1:" + free
                                + ". Start it with `./interlock up`, or say where it is with --inventory-url or"
                                + " INTERLOCK_INVENTORY_URL.\n"));
    }

    @Test
    void optionsBeatTheEnvironmentWhichBeatsTheStateFileAlsoFromAFolderBelow(@TempDir Path folder) throws IOException {
        var seen = new CopyOnWriteArrayList<String>();
        try (var state = recording(seen, "state");
                var environment = recording(seen, "environment");
                var option = recording(seen, "option")) {
            new CommandLineInFolder(folder).token("admin", "admins").state(Map.of(Service.INVENTORY, state.address()));
            Path file = Files.writeString(folder.resolve("mine"), "mine\n");
            Path below = Files.createDirectories(folder.resolve("a/b"));

            new CommandLineInFolder(below).run("hosts", "list");
            new CommandLineInFolder(below)
                    .environment(
                            "INTERLOCK_INVENTORY_URL", environment.address().toString())
                    .environment("INTERLOCK_TOKEN", "of-environment")
                    .run("hosts", "list");
            new CommandLineInFolder(below)
                    .environment(
                            "INTERLOCK_INVENTORY_URL", environment.address().toString())
                    .environment("INTERLOCK_TOKEN", "of-environment")
                    .run(
                            "hosts",
                            "list",
                            "--inventory-url",
                            option.address().toString(),
                            "--token-file",
                            file.toString());
        }
        assertThat(seen)
                .containsExactly("state Bearer admins", "environment Bearer of-environment", "option Bearer mine");
    }

    @Test
    void theDemoThatWasKeptIsFoundWhereNothingElseRunsAlsoFromElsewhere(@TempDir Path folder, @TempDir Path elsewhere)
            throws IOException {
        var seen = new CopyOnWriteArrayList<String>();
        try (var up = recording(seen, "up");
                var demo = recording(seen, "demo")) {
            Path kept = Files.createDirectories(folder.resolve(".interlock/demo"));
            Files.writeString(kept.resolve("token"), "demos");
            Files.writeString(kept.resolve("state.json"), state("ready", demo));
            Path own = folder.resolve(".interlock/state.json");
            Files.writeString(folder.resolve(".interlock/token"), "ups");

            var interlock = new CommandLineInFolder(elsewhere).environment(Terminal.ROOT, folder.toString());
            interlock.run("hosts", "list");
            Files.writeString(own, state("ready", up));
            interlock.run("hosts", "list");
            Files.writeString(own, state("stopped", up));
            interlock.run("hosts", "list");
        }
        assertThat(seen).containsExactly("demo Bearer demos", "up Bearer ups", "demo Bearer demos");
    }

    private static String state(String status, ScriptedServer inventory) {
        return "{\"status\":\"%s\",\"services\":{\"inventory\":\"%s\"},\"tokens\":{\"admin\":\"token\"}}"
                .formatted(status, inventory.address());
    }

    @Test
    void pagesAreFollowedToTheEnd(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer()) {
            server.at("/api/v1/pools", exchange -> {
                String query = String.valueOf(exchange.getRequestURI().getQuery());
                int page = query.contains("after=c2") ? 3 : query.contains("after=c1") ? 2 : 1;
                ScriptedServer.json(
                        exchange,
                        200,
                        "{\"items\":[{\"activationCode\":\"P%d\"}],\"next\":%s}"
                                .formatted(page, page == 3 ? "null" : "\"c" + page + "\""));
            });
            var interlock = new CommandLineInFolder(folder)
                    .token("admin", "t")
                    .state(Map.of(Service.LICENSE, server.address()));
            assertThat(Api.JSON
                            .readTree(interlock
                                    .run("pools", "list", "--all", "-o", "json")
                                    .out())
                            .findValuesAsText("activationCode"))
                    .containsExactly("P1", "P2", "P3");
            assertThat(server.requests())
                    .containsExactly(
                            "GET /api/v1/pools?limit=500",
                            "GET /api/v1/pools?limit=500&after=c1",
                            "GET /api/v1/pools?limit=500&after=c2");
        }
    }

    @Test
    void whatAHostSaysCannotCommandTheTerminal(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer()) {
            server.at(
                    "/api/v1/pools/",
                    exchange ->
                            ScriptedServer.json(exchange, 200, "{\"activationCode\":\"\\u001b[2Jgone\\r\\nhere\"}"));
            var interlock = new CommandLineInFolder(folder)
                    .token("admin", "t")
                    .state(Map.of(Service.LICENSE, server.address()));
            assertThat(interlock.run("pools", "show", "x").out()).isEqualTo("activation code  ?[2Jgone ⏎ here\n");
        }
    }

    @Test
    void onATerminalTheWidestColumnIsCutSoThatARowFits(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer()) {
            server.at(
                    "/api/v1/license-servers",
                    exchange -> ScriptedServer.json(
                            exchange,
                            200,
                            "{\"items\":[{\"name\":\"lic-1\",\"kind\":\"native\",\"address\":\"%s\",\"registeredAt\":\"2026-11-20T20:15:30.123Z\",\"licenseServerId\":\"5c9d8e7f-1a2b-4c3d-8e4f-112233445501\"}],\"next\":null}"
                                    .formatted("https://a-very-long-name.example.com:7071/request")));
            var interlock = new CommandLineInFolder(folder)
                    .token("admin", "t")
                    .state(Map.of(Service.LICENSE, server.address()));
            String row = interlock
                    .run("license-servers", "list")
                    .out()
                    .lines()
                    .toList()
                    .get(1);
            assertThat(row).contains("7071/request", "2026-11-20T20:15:30Z", "5c9d8e7f-1a2b-4c3d-8e4f-112233445501");
            interlock.terminal(80).environment("NO_COLOR", "1");
            assertThat(interlock.run("license-servers", "list").out().lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80))
                    .anySatisfy(line -> assertThat(line).contains("…"));
        }
    }

    @Test
    void approvingAsksWhatAPersonHasSeenAndNeverGuesses(@TempDir Path folder) throws IOException {
        var approvals = new ArrayList<String>();
        try (var server = new ScriptedServer()) {
            server.at("/api/v1/plans/p1", exchange -> {
                if (exchange.getRequestMethod().equals("POST")) {
                    approvals.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    ScriptedServer.json(exchange, 200, "{}");
                } else {
                    ScriptedServer.json(
                            exchange,
                            200,
                            "{\"id\":\"p1\",\"hash\":\"abc\",\"interlocks\":[],\"plan\":{\"stages\":[]}}");
                }
            });
            var interlock = new CommandLineInFolder(folder)
                    .token("admin", "t")
                    .state(Map.of(Service.UPGRADE, server.address()));
            assertThat(interlock.run("plans", "approve", "p1"))
                    .returns(Failure.USAGE, Result::exitCode)
                    .returns(
                            "Which plan have you seen? Give its --hash, or --yes for the one there is now.\n",
                            Result::err);
            assertThat(interlock.run("plans", "approve", "p1", "--hash", "seen").exitCode())
                    .isZero();
            assertThat(interlock
                            .run("plans", "approve", "p1", "--yes", "--comment", "fine")
                            .exitCode())
                    .isZero();
            interlock.terminal(100);
            assertThat(interlock.typing("\n").run("plans", "approve", "p1").exitCode())
                    .isEqualTo(Failure.REFUSED);
            assertThat(interlock.typing("yes\n").run("plans", "approve", "p1").exitCode())
                    .isZero();
        }
        assertThat(approvals)
                .containsExactly(
                        "{\"hash\":\"seen\"}", "{\"hash\":\"abc\",\"comment\":\"fine\"}", "{\"hash\":\"abc\"}");
    }

    @Test
    void aPlanIsShownStepByStepWithClausesAndTimes(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer()) {
            server.at("/api/v1/plans/p1", exchange -> ScriptedServer.json(exchange, 200, """
                    {"id":"p1","deployment":"keeper-emea","status":"planned","decidedBy":null,"notes":[],"interlocks":[],"plan":{"stages":[
                      {"name":"hosts","width":2,"lanes":[{"hostId":"h1","hostName":"kcm-01","steps":[
                        {"id":"a","title":"Stop the services","clauses":["K5"],"action":{"kind":"stop-services"},"expected":"PT5S","max":"PT1M30S","onFailure":"retry"}]}]}]}}
                    """));
            var interlock = new CommandLineInFolder(folder)
                    .token("admin", "t")
                    .state(Map.of(Service.UPGRADE, server.address()));
            assertThat(interlock.run("plans", "show", "p1").out()).isEqualTo("""
                            id          p1
                            deployment  keeper-emea
                            status      planned

                            Stage: hosts, 2 at once
                            HOST    STEP               CLAUSES  EXPECTED  AT MOST     ON FAILURE
                            kcm-01  Stop the services  K5       5 s       1 min 30 s  retry
                            """);
        }
    }

    @Test
    void anythingElseThatListensThereIsTold(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer()) {
            server.at("/", exchange -> ScriptedServer.json(exchange, 200, "<html>"));
            var interlock = new CommandLineInFolder(folder)
                    .environment("INTERLOCK_TOKEN", "t")
                    .environment("INTERLOCK_AGENT_URL", server.address().toString());
            assertThat(interlock.run("agents", "list"))
                    .returns(Failure.DEFECT, Result::exitCode)
                    .satisfies(failed -> assertThat(failed.err()).contains("is that Interlock's agent service?"));
        }
    }

    @Test
    void aWrongCommandLineEndsWithTwoAndTheUsage(@TempDir Path folder) {
        var interlock = new CommandLineInFolder(folder);
        assertThat(interlock.run("hosts", "add", "x"))
                .returns(2, Result::exitCode)
                .satisfies(wrong ->
                        assertThat(wrong.err()).contains("Missing required").contains("Usage: interlock hosts add"));
        assertThat(interlock.environment("INTERLOCK_TOKEN", "t").run("pools", "show", ""))
                .isEqualTo(new Result(Failure.USAGE, "", "'' is no code.\n"));
        assertThat(interlock.run("hosts", "lst").err()).contains("Did you mean").contains("list");
        assertThat(interlock.run("pools", "list", "--license-url", "ftp://x"))
                .isEqualTo(new Result(Failure.USAGE, "", "Not an http address (--license-url): ftp://x\n"));
    }

    @Test
    void everyCommandExplainsItself(@TempDir Path folder) {
        var interlock = new CommandLineInFolder(folder);
        CommandLine root = InterlockCli.commandLine(Terminal.ofProcess());
        root.getSubcommands().forEach((things, line) -> {
            assertThat(interlock.run(things, "--help")).returns(0, Result::exitCode);
            line.getSubcommands()
                    .keySet()
                    .forEach(verb -> assertThat(interlock.run(things, verb, "--help"))
                            .returns(0, Result::exitCode)
                            .satisfies(help -> assertThat(help.out())
                                    .startsWith("Usage: interlock " + things + " " + verb)
                                    .doesNotContain("--token-file")));
        });
        assertThat(Objects.requireNonNull(root.getSubcommands().get("runs"))
                        .getSubcommands()
                        .keySet())
                .containsExactlyInAnyOrder(
                        "list",
                        "show",
                        "start",
                        "pause",
                        "resume",
                        "abort",
                        "retry",
                        "skip",
                        "answer",
                        "output",
                        "trace",
                        "trace-key",
                        "watch");
    }

    @Test
    void theCompletionScriptIsTakenByBash(@TempDir Path folder) throws Exception {
        Result script = new CommandLineInFolder(folder).run("completion");
        Path file = Files.writeString(folder.resolve("completion.sh"), script.out());
        Process bash = new ProcessBuilder("bash", "-c", "source '" + file + "' && complete -p interlock")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("_complete_interlock");
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void aHostKeyIsShownAsOpensshShowsIt() {
        assertThat(HostKeyFingerprint.of(
                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl comment"))
                .isEqualTo("ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    }

    private static ScriptedServer recording(CopyOnWriteArrayList<String> seen, String name) throws IOException {
        return new ScriptedServer().at("/", exchange -> {
            seen.add(name + " " + exchange.getRequestHeaders().getFirst("Authorization"));
            ScriptedServer.json(exchange, 200, "{\"items\":[],\"next\":null}");
        });
    }
}
