package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.testkit.ApiClient;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of license-service in the middle of applying an answer: before its transaction commits, and after it did but before
 * anybody was told. Either way the licences are as before or there, never lost, never doubled, and told once.
 */
class KillTest {
    private static final Map<String, Object> PROPERTIES = ServiceUnderTest.properties("license");
    private static final TestAuthority AUTHORITY = new TestAuthority();

    @TempDir
    static Path logs = Path.of("");

    private static ServiceProcess process;
    private static ApiClient olga;

    @BeforeAll
    static void start() {
        PROPERTIES.put("interlock.license.authorities", AUTHORITY.publicKey());
        process = new ServiceProcess(LicenseService.class, PROPERTIES, logs.resolve("license.log")).start();
        process.awaitReady();
        olga = ApiClient.of(process.uri()).as("olga", "operator");
    }

    @AfterAll
    static void stop() {
        process.close();
    }

    private static Connection database() throws SQLException {
        return DriverManager.getConnection(
                String.valueOf(PROPERTIES.get("datasources.default.url")),
                String.valueOf(PROPERTIES.get("datasources.default.username")),
                String.valueOf(PROPERTIES.get("datasources.default.password")));
    }

    private record Prepared(String code, UUID server, UUID request) {
        int total() {
            JsonNode held =
                    olga.get("/api/v1/pools/" + code).body().path("activations").path(0);
            return held.path("total").asInt();
        }

        String state() {
            return olga.get("/api/v1/activation-requests/" + request).text("state");
        }
    }

    /** A request for 7 of 30, with its answer uploaded. */
    private static Prepared prepared() {
        var code = UUID.randomUUID().toString();
        assertThat(olga.post("/api/v1/pools", """
                                {"activationCode":"%s","seats":30,"feature":"pcoip-session","expiresAt":"2099-01-01T00:00:00Z"}
                                """.formatted(code)).status()).isEqualTo(201);
        var server = UUID.fromString(olga.post(
                        "/api/v1/license-servers", "{\"name\":\"%s\",\"kind\":\"native\"}".formatted(UUID.randomUUID()))
                .text("licenseServerId"));
        var request = UUID.fromString(olga.post(
                        "/api/v1/license-servers/" + server + "/activation-requests",
                        "{\"activationCode\":\"%s\",\"total\":7}".formatted(code))
                .text("requestId"));
        var path = "/api/v1/activation-requests/" + request;
        var file = FileTransfer.download(process.uri(), path + "/request.bin");
        assertThat(FileTransfer.upload(process.uri(), path + "/response", AUTHORITY.answer(file, Instant.now()))
                        .status())
                .isEqualTo(201);
        return new Prepared(code, server, request);
    }

    private static CompletableFuture<Void> apply(Prepared prepared) {
        return CompletableFuture.runAsync(
                () -> olga.post("/api/v1/activation-requests/" + prepared.request() + "/application", ""));
    }

    private static void waitsForALock(Connection observer) {
        await("the service is in the middle of the activation")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    try (var rows = observer.createStatement()
                            .executeQuery("select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock'")) {
                        rows.next();
                        return rows.getInt(1) > 0;
                    }
                });
    }

    private static void onceMore(Prepared prepared) {
        var again = olga.post("/api/v1/activation-requests/" + prepared.request() + "/application", "");
        assertThat(again.status()).as("%s", again.body()).isEqualTo(200);
        assertThat(prepared.total()).isEqualTo(7);
        assertThat(prepared.state()).isEqualTo("applied");
        var pool = olga.get("/api/v1/pools/" + prepared.code()).body();
        assertThat(pool.path("active").asInt()).isEqualTo(7);
        assertThat(pool.path("available").asInt()).isEqualTo(23);
        assertThat(new KafkaProbe(String.valueOf(PROPERTIES.get("kafka.bootstrap.servers")))
                                .await(
                                        "interlock.license.events.v1",
                                        3,
                                        m -> prepared.code().equals(m.key()))
                                .stream()
                                .map(m -> m.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1")))
                .containsExactly("ActivationRequested", "ResponseAccepted", "LicensesActivated");
    }

    @Test
    @Clause({"L12", "L27"})
    void killedBeforeTheCommitEverythingIsAsBeforeAndTheNextTryCompletes() throws Exception {
        var prepared = prepared();
        CompletableFuture<Void> applying;
        try (var database = database();
                var observer = database()) {
            database.setAutoCommit(false);
            // the last row that the activation writes to before it commits
            try (var lock = database.createStatement()) {
                lock.execute("lock table custody in share row exclusive mode");
            }
            applying = apply(prepared);
            waitsForALock(observer);
            assertThat(process.kill()).isTrue();
            database.rollback();
        }
        assertThat(applying.exceptionNow()).isNotNull();
        process.revive();
        await("PostgreSQL has noticed").atMost(Duration.ofSeconds(20)).until(prepared::state, "answered"::equals);
        assertThat(prepared.total()).as("as before").isZero();
        onceMore(prepared);
    }

    @Test
    @Clause({"L12", "L27"})
    void killedAfterTheCommitBeforeTheAnswerTheLicencesAreThereAndTheNextTryDoesNothing() throws Exception {
        var prepared = prepared();
        CompletableFuture<Void> applying;
        try (var database = database();
                var observer = database();
                var statement = database.createStatement()) {
            // held at the commit itself: the server process goes on with it when its client is dead
            statement.execute("create or replace function hold_commit() returns trigger language plpgsql as $$"
                    + " begin perform pg_advisory_xact_lock(77); return null; end $$");
            statement.execute("create constraint trigger hold_commit after update on activation_request"
                    + " deferrable initially deferred for each row when (new.state = 'applied')"
                    + " execute function hold_commit()");
            statement.execute("select pg_advisory_lock(77)");
            applying = apply(prepared);
            waitsForALock(observer);
            assertThat(process.kill()).isTrue();
            statement.execute("select pg_advisory_unlock(77)");
            await("the commit is through").atMost(Duration.ofSeconds(20)).until(() -> {
                try (var rows = observer.createStatement()
                        .executeQuery("select state from activation_request where id = '" + prepared.request() + "'")) {
                    rows.next();
                    return rows.getString(1).equals("applied");
                }
            });
            statement.execute("drop trigger hold_commit on activation_request");
        }
        await("its client has noticed").atMost(Duration.ofSeconds(30)).until(applying::isDone);
        process.revive();
        assertThat(prepared.total()).as("there").isEqualTo(7);
        onceMore(prepared);
    }
}
