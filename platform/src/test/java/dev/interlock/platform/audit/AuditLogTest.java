package dev.interlock.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.platform.http.RunningService;
import dev.interlock.testkit.TestTokens;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class AuditLogTest {

    private RunningService service;

    @BeforeEach
    void start() {
        service = new RunningService(Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void recordsACommandWithItsSubjectAndItsNotes() {
        var created = service.post("/api/v1/signals", "{\"name\":\"north\",\"aspects\":3}", "operator");

        var line = newest();
        assertThat(line.get("actor").asText()).isEqualTo("ada");
        assertThat(line.get("roles")).extracting(JsonNode::asText).containsExactly("operator");
        assertThat(line.get("action").asText()).isEqualTo("signal.register");
        assertThat(line.get("subject").asText()).isEqualTo(created.header("location"));
        assertThat(line.get("outcome").asText()).isEqualTo("done");
        assertThat(line.get("detail").get("name").asText()).isEqualTo("north");
        assertThat(line.get("trace").asText()).isEqualTo(created.header("trace-id"));
        assertThat(line.get("seq").asLong()).isEqualTo(1);
        assertThat(line.get("previousHash").asText()).isEqualTo("0".repeat(64));
    }

    @Test
    void recordsACommandThatWasRefusedAndLeavesNoTraceOfItElsewhere() {
        service.post("/api/v1/signals", "{\"name\":\"forbidden name\",\"aspects\":3}", "operator");

        assertThat(newest().get("outcome").asText()).isEqualTo("refused");
        assertThat(newest().get("detail").get("problem").asText()).isEqualTo("/problems/name-taken");
        assertThat(newest().get("subject").asText()).isEqualTo("/api/v1/signals");
        assertThat(count("signal")).isZero();
    }

    @Test
    void keepsTheEffectOfARefusalThatIsAnAnswer() {
        service.post("/api/v1/signals/requests", "{\"name\":\"train 7\",\"aspects\":3}", "service");

        assertThat(newest().get("outcome").asText()).isEqualTo("refused");
        assertThat(newest().get("detail").get("problem").asText()).isEqualTo("/problems/line-occupied");
        assertThat(count("signal")).isEqualTo(1);
    }

    @Test
    void recordsAnInvalidCommand() {
        service.post("/api/v1/signals", "{\"name\":\"\",\"aspects\":3}", "operator");

        assertThat(newest().get("outcome").asText()).isEqualTo("refused");
        assertThat(newest().get("detail").get("problem").asText()).isEqualTo("/problems/invalid-request");
    }

    @Test
    void recordsWhoWantedWhatHeHasNoRoleFor() {
        var path = "/api/v1/signals/" + UUID.randomUUID() + "/approval";
        service.post(path, "{}", "viewer");

        assertThat(newest().get("outcome").asText()).isEqualTo("denied");
        assertThat(newest().get("action").asText()).isEqualTo("signal.approve");
        assertThat(newest().get("subject").asText()).isEqualTo(path);
    }

    @Test
    void recordsACommandThatBrokeAndUndoesIt() {
        service.send(service.request(
                "DELETE", "/api/v1/signals/" + UUID.randomUUID(), null, RunningService.token("operator")));

        assertThat(newest().get("outcome").asText()).isEqualTo("failed");
        assertThat(newest().toString()).doesNotContain("secret reason");
        assertThat(count("signal")).isZero();
    }

    @Test
    void showsItselfOnlyToAdminsPageByPage() {
        assertThat(service.get("/api/v1/audit", "operator", "viewer", "approver", "service")
                        .status())
                .isEqualTo(403);
        for (int i = 0; i < 5; i++) {
            service.post("/api/v1/signals", "{\"name\":\"s" + i + "\",\"aspects\":3}", "operator");
        }
        var first = service.get("/api/v1/audit?limit=3", "admin").json();
        var second = service.get(
                        "/api/v1/audit?limit=3&after=" + first.get("next").asText(), "admin")
                .json();

        assertThat(first.get("items")).extracting(i -> i.get("seq").asInt()).containsExactly(5, 4, 3);
        assertThat(second.get("items")).extracting(i -> i.get("seq").asInt()).containsExactly(2, 1);
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(service.get("/api/v1/audit?actor=bob", "admin").json().get("items"))
                .isEmpty();
        assertThat(service.get("/api/v1/audit?action=signal.register&limit=2", "admin")
                        .json()
                        .get("items"))
                .hasSize(2);
    }

    @Test
    void staysOneChainUnderConcurrentCommands() {
        var all = IntStream.range(0, 60)
                .mapToObj(i -> service.sending(service.request(
                        "POST",
                        "/api/v1/signals",
                        "{\"name\":\"c" + i + "\",\"aspects\":" + (i % 3) + "}",
                        TestTokens.token("actor-" + i % 7, i % 5 == 0 ? "viewer" : "operator"))))
                .toList();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

        var verification = service.get("/api/v1/audit/verification", "admin").json();
        assertThat(verification.get("intact").asBoolean()).isTrue();
        assertThat(verification.get("rows").asInt()).isEqualTo(60);
        assertThat(count("audit_log WHERE outcome = 'done'")).isEqualTo(count("signal"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET actor = 'eve'",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log",
                "INSERT INTO audit_log SELECT * FROM audit_log"
            })
    void canBeChangedByNobody(String sql) {
        service.post("/api/v1/signals", "{\"name\":\"north\",\"aspects\":3}", "operator");
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(sql));
        assertThat(service.get("/api/v1/audit/verification", "admin")
                        .json()
                        .get("intact")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void showsWhatSomebodyWithAllRightsChangedBehindItsBack() throws SQLException {
        for (int i = 0; i < 4; i++) {
            service.post("/api/v1/signals", "{\"name\":\"s" + i + "\",\"aspects\":3}", "operator");
        }
        var head = service.get("/api/v1/audit/verification", "admin")
                .json()
                .get("head")
                .asText();

        tamper("UPDATE audit_log SET detail = '{\"name\":\"nothing\"}' WHERE seq = 2");
        assertBroken("", 2, "the row has been changed");
        tamper("UPDATE audit_log SET hash = decode('" + "ab".repeat(32) + "', 'hex') WHERE seq = 2");
        assertBroken("", 2, "the row has been changed");
        tamper("DELETE FROM audit_log WHERE seq = 2");
        assertBroken("", 2, "the row is missing");
        tamper("TRUNCATE audit_log");
        assertThat(service.get("/api/v1/audit/verification", "admin")
                        .json()
                        .get("intact")
                        .asBoolean())
                .isTrue();
        assertBroken("?seq=4&hash=" + head, 1, "the row that you know is gone");
    }

    @Test
    void takesNoNoteThatSmellsOfASecret() {
        var log = service.context.getBean(AuditLog.class);
        for (String name : List.of("password", "api-key", "user-token", "Not A Name")) {
            assertThatIllegalArgumentException().isThrownBy(() -> log.note(name, "x"));
        }
    }

    private void assertBroken(String query, int at, String problem) {
        var found = service.get("/api/v1/audit/verification" + query, "admin").json();
        assertThat(found.get("intact").asBoolean()).isFalse();
        assertThat(found.get("brokenAt").asInt()).isEqualTo(at);
        assertThat(found.get("problem").asText()).isEqualTo(problem);
    }

    private void tamper(String sql) throws SQLException {
        execute("ALTER TABLE audit_log DISABLE TRIGGER USER; " + sql + "; ALTER TABLE audit_log ENABLE TRIGGER USER");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String from) {
        try (var connection = connection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + from)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Connection connection() throws SQLException {
        var environment = service.context.getEnvironment();
        return DriverManager.getConnection(
                environment.getRequiredProperty("datasources.default.url", String.class),
                environment.getRequiredProperty("datasources.default.username", String.class),
                environment
                        .getProperty("datasources.default.password", String.class)
                        .orElse(""));
    }

    private JsonNode newest() {
        return service.get("/api/v1/audit?limit=1", "admin").json().get("items").get(0);
    }
}
