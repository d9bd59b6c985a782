package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.testkit.Clause;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class ActivationTest {
    private final LicenseServiceUnderTest service = LicenseServiceUnderTest.shared();

    @Test
    @Clause("L14")
    void theCountIsTheTotalNotAnAddition() {
        var server = service.server();
        var code = service.pool(30);
        assertThat(service.activate(code, server, 5).body().path("change").asInt())
                .isEqualTo(5);
        var ten = service.activate(code, server, 10);
        assertThat(ten.status()).isEqualTo(200);
        assertThat(ten.body().path("total").asInt()).isEqualTo(10);
        assertThat(ten.body().path("change").asInt()).isEqualTo(5);
        assertThat(ten.body().path("available").asInt()).isEqualTo(20);
        var again = service.activate(code, server, 10);
        assertThat(again.body().path("change").asInt()).isZero();
        assertThat(pool(code, "active")).isEqualTo(10);
    }

    @Test
    @Clause("L15")
    void aLowerTotalReturnsTheDifferenceAndZeroReturnsAll() {
        var server = service.server();
        var code = service.pool(25);
        service.activate(code, server, 25);
        assertThat(service.activate(code, server, 20).body().path("change").asInt())
                .isEqualTo(-5);
        assertThat(pool(code, "available")).isEqualTo(5);
        assertThat(service.activate(code, server, 0).body().path("change").asInt())
                .isEqualTo(-20);
        assertThat(pool(code, "available")).isEqualTo(25);
    }

    @Test
    @Clause("L16")
    void theCountIsAlwaysExplicit() {
        var server = service.server();
        var code = service.pool(25);
        var path = "/api/v1/pools/" + code + "/activations/" + server;
        for (String body :
                List.of("{}", "{\"total\":null}", "{\"total\":\"all\"}", "{\"total\":-1}", "{\"total\":1.5}", "")) {
            var answer = service.operator().put(path, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.problem()).as(body).isNotEmpty();
            assertThat(answer.text("next")).as(body).isNotEmpty();
        }
        assertThat(pool(code, "active")).isZero();
    }

    @Test
    @Clause("L10")
    void aPurchaseIsSplitOverServersAndAServerHasSeveralPurchases() {
        var berlin = service.server();
        var tokyo = service.server();
        var first = service.pool(30);
        var second = service.pool(10);
        assertThat(service.activate(first, berlin, 10).status()).isEqualTo(200);
        assertThat(service.activate(first, tokyo, 20).status()).isEqualTo(200);
        assertThat(service.activate(second, berlin, 10).status()).isEqualTo(200);
        assertThat(pool(first, "available")).isZero();
        var held = service.operator()
                .get("/api/v1/license-servers/" + berlin)
                .body()
                .path("activations");
        assertThat(held).hasSize(2);
        var split = service.operator().get("/api/v1/pools/" + first).body().path("activations");
        assertThat(split).hasSize(2);
    }

    @Test
    @Clause({"L12", "L31"})
    void whatAnotherServerHoldsIsActivatedElsewhereOnlyAfterItsReturn() {
        var berlin = service.server();
        var tokyo = service.server();
        var code = service.pool(30);
        service.activate(code, berlin, 25);
        var refused = service.activate(code, tokyo, 6);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("activation-count-exceeded");
        assertThat(refused.text("vendorError")).isEqualTo("ACTIVATION_ID_COUNT_EXCEEDED");
        assertThat(refused.body().path("available").asInt()).isEqualTo(5);
        assertThat(refused.text("detail")).contains("5 are available");
        assertThat(refused.text("next")).contains("return licences on other servers");
        service.activate(code, berlin, 24);
        assertThat(service.activate(code, tokyo, 6).status()).isEqualTo(200);
    }

    @Test
    @Clause("L31")
    void moreThanTheCodeHasIsRefused() {
        var refused = service.activate(service.pool(30), service.server(), 31);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("available").asInt()).isEqualTo(30);
        assertThat(refused.text("next")).contains("Ask for 30 at most");
    }

    @Test
    @Clause({"L13", "L32"})
    void aCodeMatchesExactlyWithCaseAndDashes() {
        var server = service.server();
        var code = "AbCd-" + UUID.randomUUID();
        service.pool(code, 5, Instant.parse("2099-01-01T00:00:00Z"));
        for (String wrong : List.of(code.toLowerCase(java.util.Locale.ROOT), code.replace("-", ""))) {
            var refused = service.activate(wrong, server, 1);
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.problem()).isEqualTo("activation-code-invalid");
            assertThat(refused.text("vendorError")).isEqualTo("ACTIVATION_ID_INVALID");
            assertThat(refused.text("next")).contains("did you mean " + code);
        }
        var unknown = service.activate("0000-0000", server, 1);
        assertThat(unknown.problem()).isEqualTo("activation-code-invalid");
        assertThat(unknown.text("next")).contains("exactly as it was received");
        assertThat(service.activate("not%20a%20code", server, 1).problem()).isEqualTo("activation-code-invalid");
        assertThat(service.activate(code, server, 1).status()).isEqualTo(200);
    }

    @Test
    void anUnknownServerIsNotFound() {
        var code = service.pool(5);
        var refused = service.activate(code, UUID.randomUUID(), 1);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("not-found");
        assertThat(service.operator()
                        .put("/api/v1/pools/" + code + "/activations/nonsense", "{\"total\":1}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aLicenceThatASessionHoldsIsNotReturned() {
        var server = service.server();
        var code = service.pool(5);
        service.activate(code, server, 5);
        service.session(server, UUID.randomUUID(), "ann");
        var second = service.session(server, UUID.randomUUID(), "bob");
        var refused = service.activate(code, server, 1);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("licenses-in-use");
        assertThat(refused.body().path("inUse").asInt()).isEqualTo(2);
        service.broker().delete("/api/v1/sessions/" + second.text("sessionId"));
        assertThat(service.activate(code, server, 1).status()).isEqualTo(200);
    }

    @Test
    void racingActivationsNeverExceedTheSeats() throws Exception {
        int seats = 40;
        var code = service.pool(seats);
        var servers = List.of(service.server(), service.server(), service.server(), service.server());
        var requests = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 120; i++) {
            var server = servers.get(i % servers.size());
            int total = ThreadLocalRandom.current().nextInt(0, 25);
            requests.add(() -> {
                int status = service.activate(code, server, total).status();
                var now = service.operator().get("/api/v1/pools/" + code).body();
                int sum = 0;
                for (var held : now.path("activations")) {
                    sum += held.path("total").asInt();
                }
                assertThat(sum).isBetween(0, seats);
                assertThat(now.path("active").asInt()).isEqualTo(sum);
                return status;
            });
        }
        try (var pool = Executors.newFixedThreadPool(12)) {
            for (var result : pool.invokeAll(requests)) {
                assertThat(result.get()).isIn(200, 409);
            }
        }
    }

    @Test
    void theDatabaseItselfKeepsTheSeats() throws SQLException {
        var server = service.server();
        var other = service.server();
        var code = service.pool(10);
        service.activate(code, server, 6);
        try (var database = service.database();
                var statement = database.createStatement()) {
            for (String wrong : List.of(
                    "update activation set total = 11 where activation_code = '" + code + "'",
                    "insert into activation (activation_code, server_id, total) values ('" + code + "','" + other
                            + "', 5)",
                    "update activation set total = -1 where activation_code = '" + code + "'",
                    "update activation set in_use = 7 where activation_code = '" + code + "'",
                    "update activation set in_use = -1 where activation_code = '" + code + "'",
                    "update activation set server_id = '" + other + "' where activation_code = '" + code + "'",
                    "update pool set active = 11 where activation_code = '" + code + "'",
                    "update pool set seats = 5 where activation_code = '" + code + "'")) {
                assertThatThrownBy(() -> statement.executeUpdate(wrong))
                        .as(wrong)
                        .isInstanceOf(SQLException.class);
            }
            assertThat(statement.executeUpdate("delete from activation where activation_code = '" + code + "'"))
                    .isEqualTo(1);
        }
        assertThat(pool(code, "available")).isEqualTo(10);
    }

    private int pool(String code, String field) {
        return service.operator()
                .get("/api/v1/pools/" + code)
                .body()
                .path(field)
                .asInt(-1);
    }
}
