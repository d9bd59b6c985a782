package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.ApiClient.Answer;
import dev.interlock.testkit.Clause;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an agent writes of its license, sent to the API as it stands in its files. */
class AgentLogApiTest {
    @SuppressWarnings("NullAway.Init")
    private static AgentMonitorUnderTest service;

    private final UUID server = UUID.randomUUID();

    @BeforeAll
    static void start() {
        service = new AgentMonitorUnderTest();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private String agent() {
        return service.agent(server).id().toString();
    }

    private static String line(Instant at, String text) {
        return at + " 6f1e2d3c-0000-4000-8000-00000000000a > LVL:2 RC:   0 LICENSE :" + text;
    }

    private static Answer send(String agent, String query, String text) {
        return service.reporter()
                .post("/api/v1/agents/" + agent + "/log" + query, text, "Content-Type", "text/plain; charset=utf-8");
    }

    @Test
    @Clause({"L36", "L33", "L35"})
    void aLogBecomesValidationsAndGraceHoweverOftenItIsSentAndInWhateverParts() {
        var agent = agent();
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var licensed = line(
                now.minus(Duration.ofHours(30)), "License acquired; source: https://ls:7071/request; time: 0.1 s;");
        var refused = line(now.minus(Duration.ofHours(20)), "Getting license failed: connection refused");
        var again = line(now.minus(Duration.ofHours(10)), "Getting license failed: connection refused");

        var late = send(agent, "", again + "\r\nsomething else\r\n");
        assertThat(late.status()).as(late.toString()).isEqualTo(200);
        assertThat(late.body().path("agent").path("state").asText()).isEqualTo("never-licensed");
        var whole = send(agent, "", String.join("\n", licensed, refused, again));
        assertThat(whole.body().path("recorded").asInt()).isEqualTo(2);
        assertThat(whole.body().path("recordedBefore").asInt()).isEqualTo(1);
        assertThat(send(agent, "", String.join("\r\n", licensed, refused, again))
                        .body()
                        .path("recorded")
                        .asInt())
                .isZero();

        var shown = service.operator().get("/api/v1/agents/" + agent);
        assertThat(shown.text("state")).isEqualTo("in-grace");
        assertThat(Instant.parse(shown.text("graceStartedAt"))).isEqualTo(now.minus(Duration.ofHours(20)));
        assertThat(shown.body().path("failure").path("clause").asText()).isEqualTo("L87");
        var events = AgentMonitorUnderTest.events(UUID.fromString(agent), 5);
        assertThat(events)
                .extracting(AgentMonitorUnderTest::type)
                .containsExactly(
                        "AgentRegistered",
                        "AgentValidationFailed",
                        "AgentValidated",
                        "GracePeriodStarted",
                        "AgentValidationFailed",
                        "GracePeriodStarted");
        assertThat(events.get(1).value()).containsPattern("\"source\": *\"log\"");
    }

    @Test
    @Clause("L36")
    void theOutputOfTheValidateCommandIsAValidationOfItsTime() {
        var agent = agent();
        var at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
        assertThat(send(agent, "?exitCode=0&at=" + at.minusSeconds(60), "License is valid.")
                        .body()
                        .path("agent")
                        .path("state")
                        .asText())
                .isEqualTo("licensed");
        var grace = send(agent, "?exitCode=1&at=" + at, "Not valid, in grace period which expires in 7 days");
        assertThat(grace.body().path("agent").path("state").asText()).isEqualTo("in-grace");
        assertThat(send(agent, "?exitCode=1&at=" + at, "Not valid, in grace period which expires in 7 days")
                        .body()
                        .path("recordedBefore")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void whatIsNoLogIsRefusedWithWhatToDo() {
        var agent = agent();
        for (var query : List.of("?exitCode=1", "?at=2026-01-01T00:00:00Z", "?exitCode=x&at=2026-01-01T00:00:00Z")) {
            var answer = send(agent, query, "x");
            assertThat(answer.status()).as(query).isEqualTo(400);
        }
        for (var text : List.of("no line of a log", "{}", " \n ")) {
            var answer = send(agent, "", text);
            assertThat(answer.status()).as(text).isEqualTo(400);
            assertThat(answer.text("next")).as(text).isNotEmpty();
        }
        assertThat(send(agent, "", "x".repeat(512 * 1024 + 1)).status()).isEqualTo(413);
        assertThat(send(UUID.randomUUID().toString(), "", line(Instant.now(), "x"))
                        .status())
                .isEqualTo(404);
        var future = send(agent, "", line(Instant.now().plus(Duration.ofHours(2)), "License acquired; x"));
        assertThat(future.status()).isEqualTo(200);
        assertThat(future.body().path("problems").path(0).asText()).contains("future");
        assertThat(future.body().path("recorded").asInt()).isZero();
        assertThat(service.nobody()
                        .as("vera", "viewer")
                        .post("/api/v1/agents/" + agent + "/log", "x", "Content-Type", "text/plain")
                        .status())
                .isEqualTo(403);
    }
}
