package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.cli.CommandLineInFolder.Result;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.Member;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.upgrade.UpgradeService;
import dev.interlock.upgrade.app.Estate;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real run's trace, checked off-line; then the same trace with everything done to it that somebody might. */
class TraceByCommandLineTest {
    @TempDir
    static Path folder = Path.of("");

    private static final Map<String, Object> PROPERTIES = ServiceUnderTest.properties("upgrade");
    private static Lab lab;
    private static ApplicationContext service;
    private static CommandLineInFolder interlock;
    private static String run;
    private static List<String> lines;

    @BeforeAll
    static void aRunIsCarriedOut() throws IOException {
        lab = Lab.builder().timeScale(20).start();
        PROPERTIES.put("interlock.credentials.dir", lab.credentials().toString());
        PROPERTIES.put(
                "interlock.upgrade.trace.key-file",
                folder.resolve("state/trace.key").toString());
        service = UpgradeService.start(PROPERTIES);
        interlock = new CommandLineInFolder(folder)
                .token("admin", TestTokens.token("olga", "operator", "admin"))
                .token("approver", TestTokens.token("paul", "approver"))
                .state(Map.of(
                        Service.UPGRADE, service.getBean(EmbeddedServer.class).getURI()));
        Estate estate = service.getBean(Estate.class);
        var members = new ArrayList<Member>();
        for (String name : List.of("trace-1", "trace-2")) {
            HostState host = heard(lab.addKeeper(name));
            estate.host(host);
            members.add(new Member(host.hostId(), "node"));
        }
        UUID deployment = UUID.randomUUID();
        estate.deployment(new DeploymentState(deployment, "traced", "keeper-connection-manager", members, Map.of()));
        String plan = json(interlock.run("plans", "create", deployment.toString(), "1.5.0", "-o", "json"))
                .path("id")
                .asText();
        assertThat(interlock.run("plans", "approve", plan, "--yes", "--as", "approver"))
                .returns(0, Result::exitCode);
        run = json(interlock.run("runs", "start", plan, "-o", "json"))
                .path("id")
                .asText();
        Result early = interlock.run("runs", "trace", run);
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err()).contains("The run has not ended (409 run-not-ended)");
        await("the run completes")
                .atMost(Duration.ofMinutes(1))
                .until(() -> json(interlock.run("runs", "show", run, "-o", "json"))
                        .path("status")
                        .asText()
                        .equals("completed"));
        Result trace = interlock.run("runs", "trace", run);
        assertThat(trace.exitCode()).as("%s", trace.err()).isZero();
        lines = trace.out().lines().toList();
        Files.writeString(
                folder.resolve("key.pem"), interlock.run("runs", "trace-key").out());
    }

    @AfterAll
    static void close() {
        service.close();
        lab.close();
    }

    private static HostState heard(LabHost host) {
        var packages = new TreeMap<String, String>();
        host.console("rpm -qa --qf '%{NAME} %{VERSION}\\n'")
                .out()
                .lines()
                .forEach(line -> packages.put(line.split(" ", -1)[0], line.split(" ", -1)[1]));
        return new HostState(
                UUID.nameUUIDFromBytes(host.name().getBytes(StandardCharsets.UTF_8)),
                host.name(),
                host.address(),
                host.port(),
                Lab.USER,
                lab.credential(),
                host.hostKey(),
                "reachable",
                "Rocky Linux",
                "9.4",
                List.of(),
                packages,
                Map.of("guacamole.service", "active", "guacd.service", "active"),
                0L,
                1L,
                1_000_000_000L,
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    private static JsonNode json(Result result) {
        try {
            return Api.JSON.readTree(result.out());
        } catch (IOException e) {
            throw new AssertionError(result.toString(), e);
        }
    }

    private static Result verify(List<String> changed, String... more) throws IOException {
        return verify(String.join("\n", changed) + "\n", more);
    }

    private static Result verify(String text, String... more) throws IOException {
        Files.writeString(folder.resolve("run.trace"), text);
        var command = new ArrayList<>(List.of("verify-trace", "run.trace"));
        command.addAll(List.of(more));
        return interlock.run(command.toArray(String[]::new));
    }

    /** What is said of a trace that is not as it was signed. */
    private static List<String> wrong(List<String> changed, String... more) throws IOException {
        Result result = verify(changed, more);
        assertThat(result.exitCode()).as("%s", result).isEqualTo(1);
        return result.out().lines().toList();
    }

    private static int lineOf(String type) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("\"type\":\"" + type + "\"")) {
                return i + 1;
            }
        }
        throw new AssertionError("no " + type);
    }

    @Test
    void aTraceIsWholeAndSignedByTheServiceAndItsRulesHold() throws IOException {
        Result result = verify(lines, "--key", "key.pem");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out())
                .startsWith("The trace of run " + run
                        + " (keeper-connection-manager on traced, 1.4.0 to 1.5.0, completed) is complete, in order and"
                        + " unaltered: " + (lines.size() - 3) + " events, and 5 rules of its procedure hold.\n"
                        + "Signed with the key given, SHA256:");
        assertThat(verify(lines).out()).contains("a key that stands in the trace itself");
        JsonNode answer = json(verify(lines, "-o", "json"));
        assertThat(answer.path("intact").asBoolean()).isTrue();
        assertThat(answer.path("runId").asText()).isEqualTo(run);
    }

    @Test
    void theKeyIsItsOwnersAlone() throws IOException {
        assertThat(Files.getPosixFilePermissions(folder.resolve("state/trace.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(String.join("\n", lines)).doesNotContain("PRIVATE");
    }

    @Test
    void anAlteredLineIsNamed() throws IOException {
        int at = lineOf("NodeUpdated");
        var changed = new ArrayList<>(lines);
        changed.set(at - 1, lines.get(at - 1).replace("\"toVersion\":\"1.5.0\"", "\"toVersion\":\"1.5.1\""));
        assertThat(changed).isNotEqualTo(lines);
        assertThat(wrong(changed).getFirst())
                .isEqualTo("Line " + at + " was altered: its content does not give its hash.");
        changed.set(at - 1, lines.get(at - 1).replaceFirst(",", ", "));
        assertThat(wrong(changed).getFirst()).startsWith("Line " + at + " was altered");
    }

    @Test
    void aLineThatWasAlteredAndGivenANewHashDoesNotFitTheNext() throws Exception {
        int at = lineOf("NodeUpdated");
        var changed = new ArrayList<>(lines);
        changed.set(at - 1, rehashed((ObjectNode)
                ((ObjectNode) Api.JSON.readTree(lines.get(at - 1))).put("at", "2020-01-01T00:00:00Z")));
        assertThat(wrong(changed).getFirst())
                .isEqualTo("Line " + (at + 1) + " does not follow from the line before it: that line was replaced.");
    }

    /** Everything after the change gets new hashes, too: only the signature shows it. */
    @Test
    void aTraceMadeAnewFailsByItsSignatureAndSignedAnewByItsKey() throws Exception {
        var changed = new ArrayList<String>();
        String previous = "0".repeat(64);
        for (String line : lines) {
            var object = (ObjectNode) Api.JSON.readTree(line);
            if (object.path("type").asText().equals("UpgradeStarted")) {
                ((ObjectNode) object.path("data")).put("startedBy", "eve");
            }
            object.put("previous", previous);
            changed.add(rehashed(object));
            previous = Api.JSON.readTree(changed.getLast()).path("hash").asText();
        }
        assertThat(wrong(changed).getFirst())
                .isEqualTo("Line " + lines.size() + " has a signature that is not of its key over this trace.");

        var eve = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var seal = (ObjectNode) Api.JSON.readTree(changed.removeLast());
        seal.put("publicKey", Base64.getEncoder().encodeToString(eve.getPublic().getEncoded()));
        seal.put(
                "keyId",
                "SHA256:"
                        + HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256")
                                        .digest(eve.getPublic().getEncoded())));
        var rehashed = (ObjectNode) Api.JSON.readTree(rehashed(seal));
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(eve.getPrivate());
        signature.update(rehashed.path("hash").asText().getBytes(StandardCharsets.UTF_8));
        rehashed.put("signature", Base64.getEncoder().encodeToString(signature.sign()));
        changed.add(TraceFile.canonical(rehashed));
        assertThat(verify(changed).exitCode())
                .as("signed well, but by whom? without the service's key nobody can tell")
                .isZero();
        assertThat(wrong(changed, "--key", "key.pem").getFirst())
                .startsWith("Line " + lines.size() + " is signed with another key than the one given: with SHA256:");
    }

    private static String rehashed(ObjectNode line) throws Exception {
        var signature = line.remove("signature");
        line.remove("hash");
        line.put(
                "hash",
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(TraceFile.canonical(line).getBytes(StandardCharsets.UTF_8))));
        if (signature != null) {
            line.set("signature", signature);
        }
        return TraceFile.canonical(line);
    }

    @Test
    void cutOffItHasNoSeal() throws IOException {
        assertThat(wrong(lines.subList(0, lines.size() - 1)).getFirst())
                .isEqualTo(
                        "Line " + (lines.size() - 1) + " is the last, and it is not the seal: the trace was cut off.");
        assertThat(wrong(lines.subList(0, 1)).getFirst()).startsWith("Line 1 is the last, and it is not the seal");
        String whole = String.join("\n", lines) + "\n";
        Result within = verify(whole.substring(0, whole.length() - 20));
        assertThat(within.exitCode()).isEqualTo(1);
        assertThat(within.out()).contains("cut off");
    }

    @Test
    void aLineTakenOutOrPutInIsNamed() throws IOException {
        int at = lineOf("NodeDrained");
        var changed = new ArrayList<>(lines);
        changed.remove(at - 1);
        assertThat(wrong(changed).getFirst())
                .isEqualTo("Line " + at + " is line " + (at + 1) + " of the trace, and line " + at
                        + " must stand here: lines were taken out, put in or swapped.");
        changed = new ArrayList<>(lines);
        changed.add(at, lines.get(at - 1));
        assertThat(wrong(changed).getFirst()).startsWith("Line " + (at + 1) + " is line " + at + " of the trace");
        changed = new ArrayList<>(lines);
        changed.removeFirst();
        assertThat(wrong(changed).getFirst()).startsWith("Line 1 is line 2 of the trace");
    }

    @Test
    void swappedLinesAreNamed() throws IOException {
        int at = lineOf("PreflightPassed");
        var changed = new ArrayList<>(lines);
        Collections.swap(changed, at - 1, at);
        assertThat(wrong(changed).getFirst()).startsWith("Line " + at + " is line " + (at + 1) + " of the trace");
    }

    @Test
    void whatStandsAfterTheSealIsNamed() throws IOException {
        var changed = new ArrayList<>(lines);
        changed.add(lines.get(4));
        assertThat(wrong(changed).getFirst())
                .isEqualTo("Line " + (lines.size() + 1) + " was appended: the seal stands before it.");
    }

    @Test
    void anEmptyFileAndAStrangeFileAreNoTrace() throws IOException {
        Result empty = verify("");
        assertThat(empty.exitCode()).isEqualTo(1);
        assertThat(empty.out()).startsWith("Line 1 is missing: the file is empty and holds no trace.");
        assertThat(wrong(List.of("Dear diary")).getFirst()).isEqualTo("Line 1 is not a JSON object.");
        assertThat(interlock.run("verify-trace", "nowhere").exitCode()).isEqualTo(Failure.USAGE);
    }

    /** A story that cannot have been, signed well: the rules alone find it. */
    @Test
    void aStoryAgainstTheRulesIsFoundOutEvenIfItIsSigned() throws Exception {
        var events = new ArrayList<ObjectNode>();
        for (String line : lines) {
            events.add((ObjectNode) Api.JSON.readTree(line));
        }
        int stopped = -1;
        int install = -1;
        for (int i = 0; i < events.size(); i++) {
            JsonNode data = events.get(i).path("data");
            if (data.path("state").asText().equals("succeeded")
                    && data.path("stepId").asText().equals("stop.trace-1")) {
                stopped = i;
            }
            if (data.path("state").asText().equals("running")
                    && data.path("stepId").asText().equals("install.trace-1")) {
                install = i;
            }
        }
        assertThat(stopped).isPositive().isLessThan(install);
        JsonNode early = events.get(install).path("data");
        events.get(install).set("data", events.get(stopped).path("data"));
        events.get(stopped).set("data", early);
        String previous = "0".repeat(64);
        var changed = new ArrayList<String>();
        for (ObjectNode event : events) {
            changed.add(rehashed(event.put("previous", previous)));
            previous = event.path("hash").asText();
        }
        assertThat(wrong(changed))
                .contains("Line " + (stopped + 1)
                        + " breaks K5: A host's services are stopped before its packages are upgraded.");
    }

    @Test
    void whatWasChangedInTheDatabaseAfterTheEndIsNotGivenOut() throws Exception {
        try (var db = DriverManager.getConnection(
                        String.valueOf(PROPERTIES.get("datasources.default.url")),
                        String.valueOf(PROPERTIES.get("datasources.default.username")),
                        String.valueOf(PROPERTIES.get("datasources.default.password")));
                var change = db.prepareStatement("UPDATE run_event SET data = jsonb_set(data, '{startedBy}', ?::jsonb)"
                        + " WHERE run_id = ?::uuid AND type = 'UpgradeStarted'")) {
            change.setString(1, "\"eve\"");
            change.setString(2, run);
            assertThat(change.executeUpdate()).isEqualTo(1);
            Result answer = interlock.run("runs", "trace", run);
            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.err())
                    .contains("What is stored of the run was changed after its end (409 trace-altered)");
            change.setString(1, "\"olga\"");
            assertThat(change.executeUpdate()).isEqualTo(1);
            assertThat(interlock.run("runs", "trace", run).exitCode()).isZero();
        }
    }
}
