package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.agent.AgentMonitor;
import dev.interlock.cli.CommandLineInFolder.Result;
import dev.interlock.contracts.Channel;
import dev.interlock.license.LicenseService;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PublishedContract;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against real license and agent services. */
class LicensingByCommandLineTest {

    private static final String TOKEN = TestTokens.token("olga", "operator", "admin");

    @TempDir
    static Path folder = Path.of("");

    private static ApplicationContext license = ApplicationContext.builder().build();
    private static ApplicationContext agent = ApplicationContext.builder().build();
    private static CommandLineInFolder interlock = new CommandLineInFolder(folder);

    @BeforeAll
    static void startServices() throws IOException {
        license = LicenseService.start(ServiceUnderTest.properties("license"));
        agent = AgentMonitor.start(ServiceUnderTest.properties("agent"));
        interlock = new CommandLineInFolder(folder)
                .token("admin", TOKEN)
                .token("viewer", TestTokens.token("vera", "viewer"))
                .token("stranger", TestTokens.forged("sam", "admin"))
                .state(Map.of(Service.LICENSE, address(license), Service.AGENT, address(agent)));
    }

    @AfterAll
    static void stopServices() {
        license.close();
        agent.close();
    }

    @Test
    void fromAPurchaseToTheLastSession() throws IOException {
        assertThat(interlock.run("license-servers", "register", "lic-emea", "--address", "http://lic:7070/request"))
                .returns(0, Result::exitCode)
                .satisfies(done -> assertThat(done.out()).startsWith("Registered lic-emea ("));
        assertThat(interlock.run("pools", "register", "AbCd-1234", "--seats", "3", "--expires", "2099-01-01T00:00:00Z"))
                .isEqualTo(new Result(0, "Registered AbCd-1234 with 3 seats.\n", ""));
        assertThat(interlock.run("pools", "activate", "AbCd-1234", "lic-emea", "2"))
                .isEqualTo(new Result(0, "2 active on lic-emea (+2), 1 of 3 left.\n", ""));
        assertThat(interlock.run("pools", "activate", "AbCd-1234", "lic-emea", "1"))
                .isEqualTo(new Result(0, "1 active on lic-emea (-1), 2 of 3 left.\n", ""));
        assertThat(interlock.run(
                        "agents", "register", "ws-1", "--license-server", "lic-emea", "--agent-version", "23.12"))
                .returns(0, Result::exitCode);

        assertThat(interlock
                        .run("sessions", "authorize", "lic-emea", "ws-1", "maria")
                        .out())
                .startsWith("Authorized session ")
                .endsWith(" from AbCd-1234.\n");
        Result denied = interlock.run("sessions", "authorize", "lic-emea", "ws-1", "jan");
        assertThat(denied.exitCode()).isEqualTo(Failure.REFUSED);
        assertThat(denied.out()).isEmpty();
        assertThat(denied.err())
                .startsWith(
                        "No licence is left (409 no-license)\n  All 1 licences that are active on this server are in use.")
                .contains("\n  next: Wait for a session to end");

        JsonNode live = json(interlock.run("sessions", "list", "--server", "lic-emea", "-o", "json"));
        assertThat(live).hasSize(1);
        assertThat(live.path(0).path("user").asText()).isEqualTo("maria");
        String session = live.path(0).path("sessionId").asText();
        assertThat(interlock.run("sessions", "release", session))
                .isEqualTo(new Result(0, "Released " + session + ".\n", ""));
        assertThat(interlock.run("sessions", "list", "--server", "lic-emea").out())
                .isEqualTo("None.\n");

        Result shown = interlock.run("license-servers", "show", "lic-emea");
        assertThat(shown.out())
                .contains("\nname               lic-emea\nkind               native\n")
                .contains(
                        "\nactivations\nactivation code  total  in use  returning\nAbCd-1234        1      0       0\n");
    }

    @Test
    void agentsValidateAndTheirGraceIsShown() {
        interlock.run("license-servers", "register", "lic-grace");
        interlock.run("agents", "register", "ws-grace", "--license-server", "lic-grace");
        assertThat(interlock.run("agents", "validate", "ws-grace", "--succeeded", "--at", "2026-01-01T08:00:00Z"))
                .isEqualTo(new Result(0, "Reported for ws-grace.\n", ""));
        assertThat(interlock.run(
                        "agents",
                        "validate",
                        "ws-grace",
                        "--failed",
                        "connection refused",
                        "--at",
                        "2026-01-02T08:00:00Z"))
                .returns(0, Result::exitCode);

        assertThat(interlock.run("agents", "show", "ws-grace").out())
                .containsPattern("(?m)^state +expired$")
                .containsPattern("(?m)^grace ends at +2026-01-09T08:00:00Z$")
                .contains("\ngrace periods\n")
                .contains("connection refused");
        assertThat(interlock.run("agents", "validate", "ws-grace"))
                .returns(Failure.USAGE, Result::exitCode)
                .returns("Either --succeeded or --failed REASON.\n", Result::err);
    }

    @Test
    @Clause({"L36", "L37", "L38"})
    void anAgentsLogIsReadOnceAndCoverageOfAPlannedOutageIsShown() throws IOException {
        interlock.run("license-servers", "register", "lic-log");
        interlock.run("agents", "register", "ws-log", "--license-server", "lic-log");
        interlock.run("agents", "register", "ws-never", "--license-server", "lic-log");
        Path log = Files.writeString(folder.resolve("agent.log"), """
                2026-01-01T08:00:00.100Z 6f1e2d3c-0000-4000-8000-00000000000a > LVL:2 RC:   0 LICENSE :License acquired; source: x;\r
                2026-01-01T08:00:01.100Z 6f1e2d3c-0000-4000-8000-00000000000a > LVL:2 RC:   0 OTHER :something\r
                """);
        assertThat(interlock.run("agents", "read-log", "ws-log", log.toString()))
                .isEqualTo(new Result(0, "1 new validations of ws-log, 0 known before; it is licensed.\n", ""));
        assertThat(interlock.run("agents", "read-log", "ws-log", log.toString()).out())
                .startsWith("0 new validations of ws-log, 1 known before");
        assertThat(interlock.run("agents", "read-log", "ws-log", log.toString(), "--exit-code", "0"))
                .returns(Failure.USAGE, Result::exitCode);

        Result shown = interlock.run("grace", "coverage", "lic-log", "--outage", "3600", "--refused");
        assertThat(shown.out())
                .containsPattern("(?m)^run out +1$")
                .contains("ws-never", "it never had a licensed session")
                .doesNotContain("ws-log ");
        Result cut = interlock.run("grace", "coverage", "lic-log", "--limit", "1", "-o", "json");
        assertThat(Api.JSON.readTree(cut.out()).path("items")).hasSize(1);
        assertThat(cut.err()).isEqualTo("There are more: --limit shows further ones, --all shows every one.\n");
        Result all = interlock.run("grace", "coverage", "lic-log", "--all", "-o", "json");
        assertThat(Api.JSON.readTree(all.out()).path("items").findValuesAsText("name"))
                .containsExactlyInAnyOrder("ws-log", "ws-never");
        assertThat(all.err()).isEmpty();
        assertThat(interlock.run("grace", "coverage", "lic-log", "--from", "2026-01-01T08:00:00Z"))
                .returns(Failure.USAGE, Result::exitCode);
        assertThat(interlock.run("grace", "alerts")).returns(0, Result::exitCode);
    }

    @Test
    void aListIsAlignedForPeopleAndOneArrayForPrograms() throws IOException {
        interlock.run("pools", "register", "List-1", "--seats", "5", "--expires", "2099-01-01T00:00:00Z");
        interlock.run("pools", "register", "List-22", "--seats", "500", "--expires", "2099-01-01T00:00:00Z");

        List<String> lines =
                interlock.run("pools", "list", "--all").out().lines().toList();
        assertThat(lines.getFirst()).startsWith("CODE");
        assertThat(lines.stream()
                        .map(line -> line.indexOf("Agent-Session"))
                        .filter(at -> at >= 0)
                        .distinct())
                .hasSize(1);
        assertThat(json(interlock.run("pools", "list", "--all", "-o", "json")).findValuesAsText("activationCode"))
                .contains("List-1", "List-22");
        assertThat(interlock.run("pools", "show", "List-22", "-o", "yaml").out())
                .contains("activationCode: List-22\n", "seats: 500\n");
        Result first = interlock.run("pools", "list", "--limit", "1");
        assertThat(first.out().lines()).hasSize(2);
        assertThat(first.err()).contains("--all shows every one");
    }

    @Test
    void aNameThatDoesNotExistIsAnsweredWithThoseAlikeAndOneThatIsNotUniqueWithTheIds() throws IOException {
        interlock.run("license-servers", "register", "lic-names");
        assertThat(interlock.run("license-servers", "show", "LIC_NAMES"))
                .isEqualTo(new Result(
                        Failure.REFUSED, "", "There is no license server 'LIC_NAMES'. Did you mean lic-names?\n"));
        assertThat(interlock.run("license-servers", "show", "nothing-like-it").err())
                .isEqualTo("There is no license server 'nothing-like-it'. See `interlock license-servers list`.\n");

        String one = id(interlock.run("agents", "register", "twin", "--license-server", "lic-names", "-o", "json"));
        String other = id(interlock.run("agents", "register", "twin", "--license-server", "lic-names", "-o", "json"));
        assertThat(interlock.run("agents", "show", "twin"))
                .returns(Failure.USAGE, Result::exitCode)
                .satisfies(refused -> assertThat(refused.err()).contains("There are 2 of the name 'twin'", one, other));
        assertThat(interlock.run("agents", "show", one).out()).contains(one);
    }

    @Test
    void aRefusalByRoleAndATokenNobodyKnowsHaveTheirOwnExitCodes() {
        assertThat(interlock.run(
                        "--as",
                        "viewer",
                        "pools",
                        "register",
                        "No-1",
                        "--seats",
                        "1",
                        "--expires",
                        "2099-01-01T00:00:00Z"))
                .returns(Failure.REFUSED, Result::exitCode)
                .satisfies(refused -> assertThat(refused.err()).contains("(403 "));
        assertThat(interlock.run("pools", "list", "--as", "stranger"))
                .returns(Failure.NO_TOKEN, Result::exitCode)
                .satisfies(refused ->
                        assertThat(refused.err()).startsWith("The license service does not accept the token"));
        assertThat(interlock.run("pools", "list", "--as", "nobody"))
                .returns(Failure.NO_TOKEN, Result::exitCode)
                .satisfies(refused ->
                        assertThat(refused.err()).contains("There is one for: ").contains("viewer"));
    }

    @Test
    void programsGetTheProblemItself() throws IOException {
        Result refused = interlock.run("pools", "show", "abcd-0000", "-o", "json");
        assertThat(refused.exitCode()).isEqualTo(Failure.REFUSED);
        assertThat(Api.JSON.readTree(refused.err()).path("type").asText())
                .isEqualTo("/problems/activation-code-invalid");
    }

    @Test
    void theAuditLogOfAServiceIsListedAndProvenWhole() throws IOException {
        interlock.run("license-servers", "register", "lic-audit");
        assertThat(interlock
                        .run("audit", "list", "--service", "license", "--all")
                        .out())
                .containsPattern("olga +license-server\\.register +done");
        assertThat(json(interlock.run("audit", "verify", "--service", "license", "-o", "json"))
                        .path(0)
                        .path("service")
                        .asText())
                .isEqualTo("license");
        assertThat(interlock.run("audit", "verify", "--service", "license").exitCode())
                .isZero();
    }

    @Test
    void thereAreNoDeadLettersInAHealthyService() {
        assertThat(interlock.run("dead-letters", "list", "--service", "agent")).isEqualTo(new Result(0, "None.\n", ""));
    }

    @Test
    void whatTheServicesPublishedIsWhatTheContractPromises() throws IOException {
        interlock.run("license-servers", "register", "lic-told");
        interlock.run("pools", "register", "Told-1", "--seats", "1", "--expires", "2099-01-01T00:00:00Z");
        interlock.run("pools", "activate", "Told-1", "lic-told", "1");
        String agentId =
                id(interlock.run("agents", "register", "ws-told", "--license-server", "lic-told", "-o", "json"));
        interlock.run("sessions", "authorize", "lic-told", "ws-told", "maria");
        interlock.run("sessions", "authorize", "lic-told", "ws-told", "jan");

        var kafka = KafkaProbe.shared();
        kafka.await("interlock.agent.events.v1", 1, message -> agentId.equals(message.key()));
        kafka.await(
                "interlock.license.sessions.v1",
                1,
                message -> message.header("ce_type").contains("SessionDenied"));
        for (Channel channel : List.of(Channel.LICENSE_EVENTS, Channel.LICENSE_SESSIONS, Channel.AGENT_EVENTS)) {
            assertThat(kafka.all(channel.topic()))
                    .isNotEmpty()
                    .allSatisfy(message -> assertThat(PublishedContract.breaches(message))
                            .as(message.toString())
                            .isEmpty());
        }
    }

    @Test
    void noOutputEverHoldsTheToken() {
        for (String[] command : new String[][] {
            {"pools", "list"},
            {"pools", "list", "-o", "json"},
            {"pools", "show", "nope"},
            {"pools", "list", "--as", "x"}
        }) {
            Result result = interlock.run(command);
            assertThat(result.out() + result.err()).doesNotContain(TOKEN.substring(TOKEN.lastIndexOf('.')));
        }
    }

    private static URI address(ApplicationContext service) {
        return service.getBean(EmbeddedServer.class).getURI();
    }

    private static JsonNode json(Result result) throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return Api.JSON.readTree(result.out());
    }

    private static String id(Result result) throws IOException {
        return json(result).path("agentId").asText();
    }
}
