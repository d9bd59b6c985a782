package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.testkit.ApiClient.Answer;
import dev.interlock.testkit.Clause;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AgentApiTest {
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
        return agent("ws-" + UUID.randomUUID());
    }

    private String agent(String name) {
        var answer = service.operator()
                .post(
                        "/api/v1/agents",
                        "{\"name\":\"%s\",\"licenseServerId\":\"%s\",\"version\":\"23.04\"}".formatted(name, server));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.text("agentId");
    }

    private static Instant ago(long hours) {
        return Instant.now().truncatedTo(ChronoUnit.MICROS).minus(Duration.ofHours(hours));
    }

    @Test
    void aRegisteredAgentIsShownAndHasNoGraceYet() {
        var id = agent("paris-1");
        var shown = service.operator().get("/api/v1/agents/" + id);
        assertThat(shown.text("name")).isEqualTo("paris-1");
        assertThat(shown.text("state")).isEqualTo("never-licensed");
        assertThat(shown.text("version")).isEqualTo("23.04");
        assertThat(service.operator()
                        .get("/api/v1/agents/" + id + "/grace-periods")
                        .body()
                        .path("items"))
                .isEmpty();
    }

    @Test
    @Clause("L33")
    void graceIsSevenDaysFromTheFirstFailedValidation() {
        var id = agent();
        var first = ago(20);
        service.report(id, "ok", ago(30), "succeeded");
        service.report(id, "f1", first, "failed");
        var answer = service.report(id, "f2", ago(5), "failed");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("state")).isEqualTo("in-grace");
        assertThat(Instant.parse(answer.text("graceStartedAt"))).isEqualTo(first);
        assertThat(Instant.parse(answer.text("graceEndsAt"))).isEqualTo(first.plus(Duration.ofDays(7)));
        assertThat(states(id)).containsExactly("open");
        var expired = agent();
        service.report(expired, "ok", ago(300), "succeeded");
        assertThat(service.report(expired, "f1", ago(7 * 24), "failed").text("state"))
                .isEqualTo("expired");
    }

    @Test
    @Clause("L34")
    void onlyAnAgentWithAnEarlierLicensedSessionHasGraceWhateverTheCause() {
        var id = agent();
        assertThat(service.report(id, "f1", ago(20), "failed").text("state")).isEqualTo("never-licensed");
        assertThat(states(id)).isEmpty();
        for (String cause : List.of("unreachable", "certificate error", "no available licenses")) {
            var licensed = agent();
            service.report(licensed, "ok", ago(30), "succeeded");
            var failed = service.reporter()
                    .post(
                            "/api/v1/agents/" + licensed + "/validations",
                            "{\"validationId\":\"f\",\"at\":\"%s\",\"outcome\":\"failed\",\"reason\":\"%s\"}"
                                    .formatted(ago(1), cause));
            assertThat(failed.text("state")).as(cause).isEqualTo("in-grace");
        }
    }

    @Test
    @Clause("L35")
    void aSuccessResetsItAndTheNextFailureStartsNewSevenDays() {
        var id = agent();
        service.report(id, "ok", ago(60), "succeeded");
        service.report(id, "f1", ago(50), "failed");
        assertThat(service.report(id, "ok2", ago(40), "succeeded").text("state"))
                .isEqualTo("licensed");
        var again = ago(30);
        var answer = service.report(id, "f2", again, "failed");
        assertThat(Instant.parse(answer.text("graceEndsAt"))).isEqualTo(again.plus(Duration.ofDays(7)));
        assertThat(states(id)).containsExactly("ended", "open");
    }

    @Test
    @Clause({"L33", "L34", "L35"})
    void reportsInAnyOrderRepeatedAndAtOnceGiveTheSamePeriodsAsInOrderOnes() throws Exception {
        record Report(String id, Instant at, String outcome) {}
        var history = new ArrayList<Report>();
        var random = new Random(7);
        for (int i = 0; i < 24; i++) {
            history.add(new Report("v" + i, ago(400 - 12L * i), random.nextInt(3) == 0 ? "succeeded" : "failed"));
        }
        var inOrder = agent();
        history.forEach(report -> service.report(inOrder, report.id(), report.at(), report.outcome()));
        var expected = periods(inOrder);
        assertThat(expected.size()).isGreaterThan(2);
        for (int round = 0; round < 6; round++) {
            var shuffled = agent();
            var reports = new ArrayList<>(history);
            reports.addAll(history.subList(0, 12));
            Collections.shuffle(reports, random);
            var calls = new ArrayList<Callable<Answer>>();
            for (var report : reports) {
                calls.add(() -> service.report(shuffled, report.id(), report.at(), report.outcome()));
            }
            try (var pool = Executors.newFixedThreadPool(4)) {
                for (var answer : pool.invokeAll(calls)) {
                    assertThat(answer.get().status()).isIn(200, 201);
                }
            }
            assertThat(periods(shuffled)).isEqualTo(expected);
            assertThat(service.operator().get("/api/v1/agents/" + shuffled).text("state"))
                    .isEqualTo(
                            service.operator().get("/api/v1/agents/" + inOrder).text("state"));
        }
    }

    @Test
    void aRepeatedReportIsCountedOnceAndAnotherUnderItsIdIsRefused() {
        var id = agent();
        var at = ago(3);
        assertThat(service.report(id, "v1", at, "succeeded").status()).isEqualTo(201);
        assertThat(service.report(id, "v1", at, "succeeded").status()).isEqualTo(200);
        var other = service.report(id, "v1", at, "failed");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("validation-id-taken");
        var events = AgentMonitorUnderTest.events(UUID.fromString(id), 2);
        assertThat(events).extracting(AgentMonitorUnderTest::type).containsExactly("AgentRegistered", "AgentValidated");
        assertThat(events.get(1).value())
                .containsPattern("\"first\": *true")
                .containsPattern("\"validationId\": *\"v1\"");
    }

    @Test
    void badReportsAreRefusedEachWithItsProblem() {
        var id = agent();
        var path = "/api/v1/agents/" + id + "/validations";
        var good = "{\"validationId\":\"v\",\"at\":\"%s\",\"outcome\":\"succeeded\"}".formatted(ago(1));
        for (String body : List.of(
                "{}",
                good.replace("\"v\"", "\"\""),
                good.replace("\"v\"", "\"a b\""),
                good.replace("\"v\"", "\"" + "v".repeat(101) + "\""),
                good.replace("succeeded", "maybe"),
                good.replace("\"at\"", "\"when\""),
                good.replaceAll("\"at\":\"[^\"]*\"", "\"at\":\"yesterday\""),
                good.replaceAll("\"at\":\"[^\"]*\"", "\"at\":\"%s\"".formatted(ago(-1))),
                good.replace("}", ",\"reason\":\"why\"}"),
                "nonsense")) {
            var answer = service.reporter().post(path, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.text("next")).as(body).isNotEmpty();
        }
        assertThat(service.report(UUID.randomUUID(), "v", ago(1), "failed").problem())
                .isEqualTo("not-found");
        assertThat(service.operator().get("/api/v1/agents/" + UUID.randomUUID()).problem())
                .isEqualTo("not-found");
        assertThat(service.operator().get("/api/v1/agents/x").status()).isEqualTo(400);
        assertThat(service.operator().get("/api/v1/grace-periods?state=broken").status())
                .isEqualTo(400);
        assertThat(service.operator().get("/api/v1/coverage").status()).isEqualTo(400);
        assertThat(service.operator().post("/api/v1/agents", "{\"name\":\"x\"}").status())
                .isEqualTo(400);
        assertThat(service.operator()
                        .post(
                                "/api/v1/agents",
                                "{\"agentId\":\"%s\",\"name\":\"x\",\"licenseServerId\":\"%s\"}".formatted(id, server))
                        .problem())
                .isEqualTo("agent-id-taken");
    }

    @Test
    void aRegistrationSentTwiceWithOneKeyHappensOnce() {
        var body = "{\"name\":\"twice\",\"licenseServerId\":\"%s\"}".formatted(server);
        var key = UUID.randomUUID().toString();
        var first = service.operator().post("/api/v1/agents", body, "Idempotency-Key", key);
        var second = service.operator().post("/api/v1/agents", body, "Idempotency-Key", key);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(service.operator().all("/api/v1/agents?licenseServerId=" + server))
                .hasSize(1);
    }

    @Test
    void agentsAndGracePeriodsAreListedPageByPage() {
        for (int i = 0; i < 5; i++) {
            var id = agent("list-" + i);
            service.report(id, "ok", ago(30), "succeeded");
            service.report(id, "f", ago(20 - i), "failed");
            if (i == 4) {
                service.report(id, "ok2", ago(1), "succeeded");
            }
        }
        assertThat(service.operator().all("/api/v1/agents?limit=2&licenseServerId=" + server))
                .extracting(agent -> agent.path("name").asText())
                .containsExactly("list-0", "list-1", "list-2", "list-3", "list-4");
        var open = service.operator().all("/api/v1/grace-periods?state=open&limit=3&licenseServerId=" + server);
        assertThat(open).hasSize(4).extracting(p -> p.path("endsAt").asText()).isSorted();
        assertThat(open)
                .extracting(p -> p.path("agentName").asText() + " "
                        + p.path("firstFailure").asText())
                .containsExactly("list-0 unknown", "list-1 unknown", "list-2 unknown", "list-3 unknown");
        assertThat(service.operator().all("/api/v1/grace-periods?state=ended&licenseServerId=" + server))
                .hasSize(1);
        assertThat(service.operator().all("/api/v1/grace-periods?limit=2&licenseServerId=" + server))
                .hasSize(5);
    }

    @Test
    @Clause("L38")
    void coverageNamesWhoWouldBeRefusedWhileTheServerIsAwayAndUntilWhenTheOthersAreCovered() {
        var licensed = agent("licensed");
        service.report(licensed, "ok", ago(3), "succeeded");
        var inGrace = agent("in grace");
        var first = ago(100);
        service.report(inGrace, "ok", ago(120), "succeeded");
        service.report(inGrace, "f", first, "failed");
        var expired = agent("expired");
        service.report(expired, "ok", ago(300), "succeeded");
        service.report(expired, "f", ago(200), "failed");
        var never = agent("never");
        service.report(never, "f", ago(2), "failed");

        var coverage = service.operator()
                .get("/api/v1/coverage?licenseServerId=" + server)
                .body();
        assertThat(coverage.path("agents").asInt()).isEqualTo(4);
        assertThat(coverage.path("licensed").asInt()).isEqualTo(1);
        assertThat(coverage.path("inGrace").asInt()).isEqualTo(1);
        assertThat(coverage.path("expired").asInt()).isEqualTo(1);
        assertThat(coverage.path("neverLicensed").asInt()).isEqualTo(1);
        assertThat(coverage.path("refused").asInt()).isEqualTo(2);
        assertThat(Instant.parse(coverage.path("coveredUntil").asText())).isEqualTo(first.plus(Duration.ofDays(7)));
        var at = Instant.parse(coverage.path("at").asText());
        for (var item : coverage.path("items")) {
            switch (item.path("name").asText()) {
                case "licensed" ->
                    assertThat(Instant.parse(item.path("coveredUntil").asText()))
                            .isEqualTo(at.plus(Duration.ofDays(7)));
                case "in grace" ->
                    assertThat(Instant.parse(item.path("coveredUntil").asText()))
                            .isEqualTo(first.plus(Duration.ofDays(7)));
                default -> {
                    assertThat(item.path("coveredUntil").asText("")).isIn("", "null");
                    assertThat(item.path("because").asText()).isNotEmpty();
                }
            }
        }
        assertThat(service.operator().all("/api/v1/coverage?limit=1&refused=true&licenseServerId=" + server))
                .extracting(item -> item.path("agentId").asText())
                .containsExactlyInAnyOrder(expired, never);
    }

    @Test
    void eachRoleMayDoWhatItMayAndNoMore() {
        var id = agent();
        record Call(String method, String path, String body, List<String> allowed) {}
        var everybody = List.of("viewer", "operator", "approver", "admin", "service");
        var calls = List.of(
                new Call("GET", "/api/v1/agents", "", everybody),
                new Call("GET", "/api/v1/agents/" + id, "", everybody),
                new Call("GET", "/api/v1/agents/" + id + "/grace-periods", "", everybody),
                new Call("GET", "/api/v1/grace-periods", "", everybody),
                new Call("GET", "/api/v1/coverage?licenseServerId=" + server, "", everybody),
                new Call(
                        "POST",
                        "/api/v1/agents",
                        "{\"name\":\"x\",\"licenseServerId\":\"%s\"}".formatted(server),
                        List.of("operator", "admin")),
                new Call(
                        "POST",
                        "/api/v1/agents/" + id + "/validations",
                        "{\"validationId\":\"role\",\"at\":\"%s\",\"outcome\":\"succeeded\"}".formatted(ago(1)),
                        List.of("operator", "admin", "service")));
        for (var call : calls) {
            var body = call.body().isEmpty() ? null : call.body();
            assertThat(service.nobody().send(call.method(), call.path(), body).status())
                    .isEqualTo(401);
            for (String role : everybody) {
                int status = service.nobody()
                        .as("somebody", role)
                        .send(call.method(), call.path(), body)
                        .status();
                if (call.allowed().contains(role)) {
                    assertThat(status).as("%s: %s", role, call).isIn(200, 201);
                } else {
                    assertThat(status).as("%s: %s", role, call).isEqualTo(403);
                }
            }
        }
    }

    @Test
    void theDatabaseItselfRefusesGraceWithoutAnEarlierSessionAndTwoOpenPeriods() throws SQLException {
        var id = agent();
        service.report(id, "ok", ago(30), "succeeded");
        service.report(id, "f", ago(20), "failed");
        var never = agent();
        try (var database = service.database();
                var statement = database.createStatement()) {
            for (String wrong : List.of(
                    "update agent set failing_since = 'f', failing_at = now() where id = '" + never + "'",
                    "update agent set failing_at = licensed_at - interval '1 second' where id = '" + id + "'",
                    "update grace_period set ends_at = ends_at + interval '1 second' where agent_id = '" + id + "'",
                    "insert into grace_period (id, agent_id, license_server_id, opened_after, opened_by, first_failure,"
                            + " started_at, ends_at) select gen_random_uuid(), agent_id, license_server_id, 'f', 'ok', 'f',"
                            + " started_at, ends_at from grace_period where agent_id = '" + id + "'",
                    "update grace_period set closed = true where agent_id = '" + id + "'")) {
                assertThatThrownBy(() -> statement.executeUpdate(wrong))
                        .as(wrong)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    private static List<String> states(String agent) {
        var states = new ArrayList<String>();
        service.operator()
                .get("/api/v1/agents/" + agent + "/grace-periods")
                .body()
                .path("items")
                .forEach(period -> states.add(period.path("state").asText()));
        return states;
    }

    private static List<String> periods(String agent) {
        var periods = new ArrayList<String>();
        service.operator()
                .get("/api/v1/agents/" + agent + "/grace-periods")
                .body()
                .path("items")
                .forEach(period -> periods.add(period.toString()));
        return periods;
    }
}
