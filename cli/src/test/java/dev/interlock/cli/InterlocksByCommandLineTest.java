package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.cli.CommandLineInFolder.Result;
import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.Member;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.upgrade.UpgradeService;
import dev.interlock.upgrade.app.Estate;
import dev.interlock.upgrade.app.Readings;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a plan from starting, as people read it and answer it. */
class InterlocksByCommandLineTest {
    @TempDir
    static Path folder = Path.of("");

    private static ApplicationContext service = ApplicationContext.builder().build();
    private static CommandLineInFolder interlock = new CommandLineInFolder(folder);

    @BeforeAll
    static void startService() throws IOException {
        service = UpgradeService.start(ServiceUnderTest.properties("upgrade"));
        interlock = new CommandLineInFolder(folder)
                .token("admin", TestTokens.token("olga", "operator"))
                .token("approver", TestTokens.token("paul", "approver"))
                .state(Map.of(
                        Service.UPGRADE, service.getBean(EmbeddedServer.class).getURI()));
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    private static JsonNode json(Result result) {
        try {
            return Api.JSON.readTree(result.out());
        } catch (IOException e) {
            throw new AssertionError(result.toString(), e);
        }
    }

    @Test
    @Clause("L38")
    void whoWouldBeRefusedIsShownAndAcknowledgedByAnother() {
        UUID server = UUID.randomUUID();
        UUID deployment = UUID.randomUUID();
        UUID host = UUID.randomUUID();
        Estate estate = service.getBean(Estate.class);
        estate.host(new HostState(
                host,
                "kcm-1",
                "127.0.0.1",
                1,
                "interlock",
                "none",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETuRTG08z0HP8q3HotqIPOIK36HYduNy2bt7BVr4j0N",
                "reachable",
                null,
                null,
                List.of(),
                Map.of("kcm-guacamole", "1.4.0", "kcm-guacd", "1.4.0"),
                Map.of("guacamole.service", "active", "guacd.service", "active"),
                null,
                null,
                null,
                Instant.parse("2026-03-01T12:00:00Z")));
        estate.deployment(new DeploymentState(
                deployment,
                "web",
                "keeper-connection-manager",
                List.of(new Member(host, "node")),
                Map.of("licenseServerId", server.toString())));
        service.getBean(Readings.class)
                .agent(new AgentState(UUID.randomUUID(), "ws-new", server, null, null, false, null, null, null, false));
        String plan = json(interlock.run("plans", "create", deployment.toString(), "1.5.0", "-o", "json"))
                .path("id")
                .asText();
        String sentence = "1 of 1 agents were never licensed or have no grace left, and will be refused";
        assertThat(interlock.run("plans", "show", plan).out())
                .contains("\nInterlocks\n  refused-agents (L38), wants-word: " + sentence)
                .contains("\n    next: Let them connect once");
        assertThat(interlock
                        .run("plans", "approve", plan, "--yes", "--as", "approver")
                        .exitCode())
                .isZero();
        Result refused = interlock.run("runs", "start", plan);
        assertThat(refused.exitCode()).isEqualTo(Failure.REFUSED);
        assertThat(refused.err())
                .startsWith("The line is not set for it (409 interlocked)\n  " + sentence)
                .contains("\n  L38: " + sentence)
                .contains("ws-new");

        String[] acknowledge = {"plans", "acknowledge", plan, "--reason", "not handed out yet"};
        assertThat(interlock.run(with(acknowledge, "--as", "approver")).exitCode())
                .as("whom has he seen?")
                .isEqualTo(Failure.USAGE);
        assertThat(interlock.run(with(acknowledge, "--yes")).err()).contains("(403 ");
        assertThat(interlock
                        .run(with(acknowledge, "--subject", "ws-old", "--as", "approver"))
                        .err())
                .contains("That is another list (409 other-list)");
        assertThat(interlock.run(with(acknowledge, "--yes", "--as", "approver")).out())
                .endsWith("Acknowledged for 1. A longer list asks again.\n");
        assertThat(interlock.run("plans", "show", plan).out())
                .contains("refused-agents (L38), acknowledged: " + sentence);
        assertThat(interlock.run("runs", "start", plan).exitCode()).isZero();
    }

    private static String[] with(String[] command, String... more) {
        var all = new java.util.ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
