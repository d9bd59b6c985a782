package dev.interlock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.contracts.LicenseEvent.LicensesActivated;
import dev.interlock.contracts.LicenseEvent.LicensesLost;
import dev.interlock.contracts.LicenseEvent.LicensesReturned;
import dev.interlock.contracts.LicenseEvent.Lost;
import dev.interlock.inventory.InventoryUnderTest.Answer;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.EventPublisher;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A machine is not given back while there are licenses on it: what license-service tells, on real PostgreSQL and Kafka. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LicensesOnHostsTest {

    private static final AtomicInteger PORTS = new AtomicInteger(3000);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private InventoryUnderTest inventory;

    @BeforeAll
    void start(@TempDir Path credentials) {
        inventory = InventoryUnderTest.start(credentials, Map.of());
    }

    @AfterAll
    void stop() {
        inventory.close();
    }

    private int count(String sql) throws SQLException {
        try (var connection = inventory.database();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** A license server that runs on a host of the inventory. */
    private final class Machine {
        final UUID server = UUID.randomUUID();
        final String name;
        final UUID host;

        Machine(String name) {
            this.name = name + "-" + mark;
            this.host = UUID.fromString(inventory.host(this.name, "127.0.0.9", PORTS.incrementAndGet(), null));
        }

        Machine registered(@Nullable String address, @Nullable UUID hostId) {
            EventPublisher.shared()
                    .publish(new LicenseServerRegistered(server, "on-" + name, "native", address, hostId, "olga"));
            return this;
        }

        LicensesActivated activation(String code, int total, int change) {
            return new LicensesActivated(
                    code + "-" + mark,
                    server,
                    "Agent-Session",
                    total,
                    change,
                    100,
                    total,
                    Instant.parse("2030-01-01T00:00:00Z"),
                    "olga");
        }

        Machine activated(String code, int total, Instant at) {
            EventPublisher.shared().publish(activation(code, total, total), at);
            return this;
        }

        Machine returned(String code, int total, int change, Instant at) {
            EventPublisher.shared()
                    .publish(
                            new LicensesReturned(
                                    code + "-" + mark, server, "Agent-Session", total, change, 100, total, "olga"),
                            at);
            return this;
        }

        Machine heard() throws Exception {
            await("what was told of " + name)
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            count("select count(*) from license_server_view where license_server_id = '" + server + "'")
                                    == 1);
            return this;
        }

        Machine heardOf(String code, int total) throws Exception {
            await(total + " of " + code + " on " + name)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> count("select count(*) from license_total_view where license_server_id = '"
                                    + server + "' and activation_code = '" + code + "-" + mark + "' and total = "
                                    + total)
                            == 1);
            return this;
        }

        Answer retire() {
            return inventory.post("/api/v1/hosts/" + host + "/retirement", "{\"reason\":\"machine given back\"}");
        }

        String status() {
            return inventory.get("/api/v1/hosts/" + host).text("status");
        }
    }

    @Test
    @Clause("L17")
    void theMachineOfALicenseServerThatHoldsLicensesStaysUntilTheyAreReturned() throws Exception {
        var machine = new Machine("lic-emea");
        machine.registered("https://" + machine.name.toUpperCase(Locale.ROOT) + ":7071/request", null)
                .activated("CODE-A", 25, NOON)
                .activated("CODE-B", 5, NOON)
                .heard()
                .heardOf("CODE-A", 25)
                .heardOf("CODE-B", 5);

        var refused = machine.retire();
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("host-holds-licenses");
        assertThat(refused.text("detail")).contains(machine.name).contains("on-" + machine.name);
        assertThat(refused.text("next")).contains("a total of 0").contains("declare the license server lost");
        assertThat(refused.body().path("held").toString()).isEqualTo("""
                        [{"licenseServer":"on-%1$s","activationCode":"CODE-A-%2$s","total":25},\
                        {"licenseServer":"on-%1$s","activationCode":"CODE-B-%2$s","total":5}]""".formatted(machine.name, mark));
        assertThat(machine.status()).isNotEqualTo("retired");

        machine.returned("CODE-A", 0, -25, NOON.plusSeconds(60)).heardOf("CODE-A", 0);
        assertThat(machine.retire().body().path("held").findValuesAsText("activationCode"))
                .containsExactly("CODE-B-" + mark);
        machine.returned("CODE-B", 0, -5, NOON.plusSeconds(60)).heardOf("CODE-B", 0);
        assertThat(machine.retire().status()).isEqualTo(200);
        assertThat(machine.status()).isEqualTo("retired");
    }

    @Test
    @Clause("L17")
    void theHostThatWasNamedCountsAndNotTheOneOfTheAddress() throws Exception {
        var machine = new Machine("lic-named");
        var behindTheName = new Machine("lic-alias");
        machine.registered("https://" + behindTheName.name + ":7071/request", machine.host)
                .activated("CODE-C", 1, NOON)
                .heard()
                .heardOf("CODE-C", 1);

        assertThat(machine.retire().problem()).isEqualTo("host-holds-licenses");
        assertThat(behindTheName.retire().status()).isEqualTo(200);
    }

    @Test
    @Clause("L17")
    void oneThatWasDeclaredLostKeepsNoHost() throws Exception {
        var machine = new Machine("lic-gone");
        machine.registered(null, machine.host)
                .activated("CODE-D", 10, NOON)
                .heard()
                .heardOf("CODE-D", 10);
        assertThat(machine.retire().status()).isEqualTo(409);

        EventPublisher.shared()
                .publish(
                        new LicensesLost(
                                machine.server, "burnt down", List.of(new Lost("CODE-D-" + mark, "Agent-Session", 10))),
                        NOON.plusSeconds(60));
        EventPublisher.shared()
                .publish(
                        new LicenseServerRetired(machine.server, "on-" + machine.name, "burnt down", true, "ada"),
                        NOON.plusSeconds(60));
        machine.heardOf("CODE-D", 0);
        assertThat(machine.retire().status()).isEqualTo(200);
    }

    @Test
    void newsThatComeTwiceOrLateChangeNothing() throws Exception {
        var machine = new Machine("lic-late").registered(null, null);
        var known = new Machine("lic-known");
        var id = UUID.randomUUID();
        var activation = known.activation("CODE-E", 30, 30);
        EventPublisher.shared().publish(id, activation, NOON);
        known.registered(null, known.host)
                .returned("CODE-E", 0, -30, NOON.plusSeconds(60))
                .heard()
                .heardOf("CODE-E", 0);
        // the same event again, and an older total under another id
        EventPublisher.shared().publish(id, activation, NOON);
        EventPublisher.shared().publish(known.activation("CODE-E", 20, 20), NOON.minusSeconds(60));
        // what comes after them on the same key
        EventPublisher.shared().publish(machine.activation("CODE-E", 7, 7), NOON.plusSeconds(120));
        machine.heardOf("CODE-E", 7);

        assertThat(known.retire().status()).isEqualTo(200);
    }

    /** As a dead letter that is replayed when all else is over. */
    @Test
    void aRegistrationThatComesAfterTheRetirementBringsNothingBack() throws Exception {
        var machine = new Machine("lic-replayed");
        EventPublisher.shared()
                .publish(new LicenseServerRetired(machine.server, "on-" + machine.name, "replaced", false, "ada"));
        machine.heard()
                .registered(null, machine.host)
                .activated("CODE-F", 3, NOON)
                .heardOf("CODE-F", 3);

        await("the registration")
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        count("select count(*) from license_server_view where host_id = '" + machine.host + "'") == 1);
        assertThat(machine.retire().status()).isEqualTo(200);
    }
}
