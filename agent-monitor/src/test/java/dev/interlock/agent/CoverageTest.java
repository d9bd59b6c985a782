package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.testkit.Clause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is covered while a license server is away as planned, also with very many agents. */
class CoverageTest {
    private static final int MANY = Integer.getInteger("interlock.test.agents", 200_000);

    @SuppressWarnings("NullAway.Init")
    private static AgentMonitorUnderTest service;

    @BeforeAll
    static void start() {
        service = new AgentMonitorUnderTest();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> names(List<JsonNode> items) {
        return items.stream().map(item -> item.path("name").asText()).toList();
    }

    private static String register(UUID server, String name) {
        var answer = service.operator()
                .post("/api/v1/agents", "{\"name\":\"%s\",\"licenseServerId\":\"%s\"}".formatted(name, server));
        assertThat(answer.status()).isEqualTo(201);
        return answer.text("agentId");
    }

    @Test
    @Clause({"L37", "L38"})
    void aPlannedOutageSaysWhoCannotWorkToItsEndAndWhy() {
        var server = UUID.randomUUID();
        var now = Instant.now();
        register(server, "never");
        var licensed = register(server, "licensed");
        service.report(licensed, "ok", now.minus(Duration.ofHours(1)), "succeeded");
        for (int hours : List.of(100, 150, 200)) {
            var id = register(server, "failing-" + hours);
            service.report(id, "ok", now.minus(Duration.ofHours(300)), "succeeded");
            service.report(id, "f", now.minus(Duration.ofHours(hours)), "failed");
        }
        var path = "/api/v1/coverage?licenseServerId=" + server + "&from=" + now;

        var short1 = service.operator()
                .get(path + "&outageSeconds=" + Duration.ofHours(2).toSeconds())
                .body();
        assertThat(short1.path("runOut").asInt()).as("never, and grace over").isEqualTo(2);
        assertThat(short1.path("refused").asInt()).isEqualTo(2);
        var day = path + "&outageSeconds=" + Duration.ofDays(1).toSeconds();
        var whole = service.operator().get(day).body();
        assertThat(whole.path("runOut").asInt()).isEqualTo(3);
        assertThat(whole.path("refused").asInt()).isEqualTo(2);
        assertThat(Instant.parse(whole.path("until").asText())).isEqualTo(now.plus(Duration.ofDays(1)));
        assertThat(whole.path("items")).hasSize(5);
        var out = service.operator().all(day + "&refused=true&limit=1");
        assertThat(names(out)).containsExactly("never", "failing-200", "failing-150");
        assertThat(out)
                .extracting(item -> item.path("because").asText())
                .containsExactly(
                        "it never had a licensed session, so it has no grace",
                        "its grace period is over",
                        "its grace period ends before the server is back");
        var week = service.operator()
                .get(path + "&outageSeconds=" + Duration.ofDays(7).toSeconds())
                .body();
        assertThat(week.path("runOut").asInt()).as("grace is seven days").isEqualTo(5);
        var later = service.operator()
                .get("/api/v1/coverage?licenseServerId=" + server + "&from=" + now.plus(Duration.ofDays(2))
                        + "&outageSeconds=60")
                .body();
        assertThat(later.path("refused").asInt())
                .as("by then another grace is over")
                .isEqualTo(3);
        var summary = service.operator()
                .get("/api/v1/grace-summary?licenseServerId=" + server)
                .body();
        assertThat(summary.path("agents").asInt()).isEqualTo(5);
        assertThat(summary.path("licensed").asInt()).isEqualTo(1);
        assertThat(summary.path("inGrace").asInt()).isEqualTo(2);
        assertThat(summary.path("expired").asInt()).isEqualTo(1);
        assertThat(summary.path("neverLicensed").asInt()).isEqualTo(1);
        assertThat(summary.path("remaining"))
                .extracting(line -> line.path("belowHours").asInt() + " h: "
                        + line.path("agents").asInt())
                .containsExactly("1 h: 0", "4 h: 0", "24 h: 1", "72 h: 1", "168 h: 0");
        for (var bad : List.of("&outageSeconds=-1", "&outageSeconds=99999999999", "&outageSeconds=x")) {
            assertThat(service.operator().get(path + bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(service.operator().get(path).status()).as("from alone").isEqualTo(400);
    }

    @Test
    @Clause({"L37", "L38"})
    void coverageOfVeryManyAgentsReadsNoneButThoseItShows() throws Exception {
        var server = UUID.randomUUID();
        var other = UUID.randomUUID();
        try (var database = service.database();
                var write = database.createStatement()) {
            write.execute("""
                    insert into agent (id, name, license_server_id, registered_at, registered_by)
                    select gen_random_uuid(), 'ws-' || n,
                           case when n %% 2 = 0 then '%s'::uuid else '%s'::uuid end, now(), 'olga'
                    from generate_series(1, %d) n
                    """.formatted(server, other, MANY));
            write.execute("vacuum (analyze) agent");
        }
        long before = scans("seq_tup_read");
        long byIndex = scans("idx_scan");
        var path = "/api/v1/coverage?licenseServerId=" + server + "&from=" + Instant.now()
                + "&outageSeconds=7200&limit=100";
        int calls = 0;
        for (var query : List.of("", "&refused=true")) {
            var after = "";
            for (int page = 0; page < 10; page++) {
                var body = service.operator().get(path + query + after).body();
                assertThat(body.path("items")).hasSize(100);
                assertThat(body.path("agents").asInt()).isEqualTo(MANY / 2);
                assertThat(body.path("runOut").asInt()).isEqualTo(MANY / 2);
                after = "&after=" + body.path("next").asText();
                calls++;
            }
        }
        int read = calls;
        // statistics come when a connection is idle: wait until those of these calls are in
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> scans("idx_scan"), now -> now >= byIndex + 4L * read);
        // scans of the time when the table was small may be counted only now; one of the whole table is none of them
        assertThat(scans("seq_tup_read") - before)
                .as("agents read by sequential scans")
                .isLessThan(MANY / 2);
        for (var plan : plans(server)) {
            assertThat(plan).contains("Index").doesNotContain("Seq Scan").doesNotContain("Sort");
        }
        System.out.println("coverage: " + MANY + " agents in the table, " + read + " pages read, no sequential scan");
    }

    private static long scans(String column) throws SQLException {
        try (var database = service.database();
                var select = database.createStatement();
                var rows =
                        select.executeQuery("select " + column + " from pg_stat_user_tables where relname = 'agent'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The plans of the pages' ways into the table. */
    private static List<String> plans(UUID server) throws SQLException {
        var plans = new ArrayList<String>();
        try (var database = service.database()) {
            for (var sql : List.of(
                    "license_server_id = '%s' and id > '80000000-0000-4000-8000-000000000000' order by license_server_id, id limit 100",
                    "license_server_id = '%s' and last_success is null order by license_server_id, id limit 100",
                    "license_server_id = '%s' and failing_at <= now() order by license_server_id, failing_at, id limit 100")) {
                plans.add(explain(database, "select * from agent where " + sql.formatted(server)));
            }
        }
        return plans;
    }

    private static String explain(Connection database, String sql) throws SQLException {
        try (var explain = database.createStatement();
                var rows = explain.executeQuery("explain " + sql)) {
            var plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            return plan.toString();
        }
    }
}
