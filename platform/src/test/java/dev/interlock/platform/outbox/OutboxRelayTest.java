package dev.interlock.platform.outbox;

import static dev.interlock.platform.probe.Probe.inTransaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.platform.probe.Probe;
import dev.interlock.platform.telemetry.TraceContext;
import dev.interlock.testkit.Infrastructure;
import dev.interlock.testkit.TestInfrastructure;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class OutboxRelayTest extends OutboxTesting {

    @Override
    Infrastructure servers() {
        return TestInfrastructure.get();
    }

    @Test
    void anEventReachesKafkaAsACloudEventInBinaryMode() {
        var service = service();
        var host = UUID.randomUUID();
        var trace = TraceContext.begin();
        trace.run(() -> inTransaction(service, connection -> {
            service.getBean(Outbox.class).add(Probe.told(host, "old"));
            return host;
        }));
        var record = await().atMost(Duration.ofSeconds(10))
                .until(() -> read(Channel.INVENTORY_EVENTS, host), records -> records.size() == 1)
                .getFirst();
        assertThat(record.key()).isEqualTo(host.toString());
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).contains("\"reason\": \"old\"");
        var headers = headers(record);
        assertThat(headers)
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_type", "dev.interlock.inventory.HostRetired.v1")
                .containsEntry("ce_source", "/interlock/inventory-service")
                .containsEntry("ce_subject", host.toString())
                .containsEntry("ce_dataschema", "urn:interlock:schema:dev.interlock.inventory.HostRetired.v1")
                .containsEntry("content-type", "application/json")
                .containsKeys("ce_id", "ce_time", "traceparent");
        assertThat(headers.get("traceparent")).contains(trace.traceId());
        assertThat(UUID.fromString(headers.get("ce_id")).version()).isEqualTo(7);
        await().untilAsserted(() -> assertThat(waiting(service)).isZero());
    }

    @Test
    void aTombstoneHasAKeyAndNoValue() {
        var service = service();
        var deployment = UUID.randomUUID();
        inTransaction(service, connection -> {
            service.getBean(Outbox.class)
                    .state(new DeploymentState(deployment, "kcm", "keeper-connection-manager", List.of(), Map.of()));
            service.getBean(Outbox.class).tombstone(Channel.INVENTORY_DEPLOYMENTS, deployment.toString());
            return deployment;
        });
        var records = await().until(() -> read(Channel.INVENTORY_DEPLOYMENTS, deployment), all -> all.size() == 2);
        assertThat(records.getFirst().value()).isNotNull();
        assertThat(records.getLast().value()).isNull();
        assertThat(headers(records.getLast())).containsKeys("ce_id", "ce_type", "ce_time");
    }

    @Test
    void anEventOutsideATransactionIsRefused() {
        var outbox = service().getBean(Outbox.class);
        assertThatThrownBy(() -> outbox.add(Probe.told(UUID.randomUUID(), "lost")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEventTooLargeForKafkaIsRefusedWhileItsTransactionCanStillFail() {
        var service = service("interlock.outbox.max-event-bytes", 2048);
        assertThatThrownBy(() -> inTransaction(service, connection -> {
                    service.getBean(Outbox.class).add(Probe.told(UUID.randomUUID(), "x".repeat(3000)));
                    return 1;
                }))
                .hasStackTraceContaining("is more than the 2048");
    }

    @Test
    void aRolledBackTransactionAnnouncesNothing() {
        var service = service("interlock.outbox.relay.enabled", false);
        assertThatThrownBy(() -> inTransaction(service, connection -> {
                    service.getBean(Outbox.class).add(Probe.told(UUID.randomUUID(), "undone"));
                    throw new IllegalStateException("stop");
                }))
                .hasStackTraceContaining("stop");
        inTransaction(service, connection -> {
            service.getBean(Outbox.class).add(Probe.told(UUID.randomUUID(), "done"));
            return 1;
        });
        assertThat(waiting(service)).isEqualTo(1);
    }

    @Test
    void withTheRelaySwitchedOffRowsStayForDebezium() throws SQLException {
        var service = service("interlock.outbox.relay.enabled", false);
        var host = UUID.randomUUID();
        announce(service, host, "kept");
        var row = inTransaction(service, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT aggregatetype, aggregateid, type, payload ->> 'reason', source FROM outbox");
                    var found = select.executeQuery()) {
                found.next();
                return List.of(
                        found.getString(1),
                        found.getString(2),
                        found.getString(3),
                        found.getString(4),
                        found.getString(5));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(row)
                .containsExactly(
                        "interlock.inventory.events.v1",
                        host.toString(),
                        "dev.interlock.inventory.HostRetired.v1",
                        "kept",
                        "/interlock/inventory-service");
    }

    /** With a poll interval of an hour only NOTIFY wakes the relay; not one of many single commits may go unnoticed. */
    @Test
    void theRelayIsWokenByEachCommitAndNeverMissesOne() {
        var service = service("interlock.outbox.relay.poll-interval", "1h");
        var host = UUID.randomUUID();
        for (int i = 0; i < 150; i++) {
            announce(service, host, Integer.toString(i));
            if (i % 3 == 0) {
                // let it fall asleep at every stage
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> waiting(service) == 0);
            }
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> waiting(service) == 0);
        assertThat(reasons(host)).hasSize(150).isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
    }

    /** Each transaction counts under a row lock; half of them announce before they take it, when the count is not known. */
    @Test
    void forOneKeyEventsComeInTheOrderOfTheCommits() throws Exception {
        var service = service();
        var hosts = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        try (var workers = Executors.newFixedThreadPool(8)) {
            var done = new ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < 800; i++) {
                var host = hosts.get(i % hosts.size());
                done.add(workers.submit(() -> announceCounted(service, host)));
            }
            for (var each : done) {
                each.get();
            }
        }
        for (var host : hosts) {
            var counts = await().atMost(Duration.ofSeconds(10)).until(() -> reasons(host), all -> all.size() >= 200);
            assertThat(counts).hasSize(200);
            for (int i = 0; i < 200; i++) {
                assertThat(counts.get(i)).isEqualTo(Integer.toString(i + 1));
            }
        }
    }

    @Test
    void eventsOfManyKeysInOneTransactionAndAgainstTheirOrderDoNotDeadlock() throws Exception {
        var service = service();
        var hosts = new ArrayList<UUID>();
        for (int i = 0; i < 40; i++) {
            hosts.add(UUID.randomUUID());
        }
        try (var workers = Executors.newFixedThreadPool(6)) {
            var done = new ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < 60; i++) {
                done.add(workers.submit(() -> {
                    var shuffled = new ArrayList<>(hosts);
                    Collections.shuffle(shuffled, ThreadLocalRandom.current());
                    inTransaction(service, connection -> {
                        shuffled.forEach(host -> service.getBean(Outbox.class).add(Probe.told(host, "all")));
                        return 1;
                    });
                }));
            }
            for (var each : done) {
                each.get();
            }
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> waiting(service) == 0);
        assertThat(reasons(hosts.getFirst())).hasSize(60);
    }

    @Test
    void onlyOneOfTwoInstancesRelaysAndTheOtherTakesOver() {
        var first = service("interlock.outbox.relay.poll-interval", "200ms");
        await().until(() -> active(first));
        var second = service("interlock.outbox.relay.poll-interval", "200ms");
        var host = UUID.randomUUID();
        announce(second, host, "1");
        await().until(() -> reasons(host).size() == 1);
        assertThat(active(second)).isFalse();
        first.close();
        await().atMost(Duration.ofSeconds(5)).until(() -> active(second));
        announce(second, host, "2");
        await().until(() -> reasons(host).equals(List.of("1", "2")));
    }

    @Test
    void theRelaysConnectionKilledAgainAndAgainUnderLoadLosesNothingAndKeepsTheOrder() throws Exception {
        underLoad(() -> {
            for (int i = 0; i < 8; i++) {
                pause(300);
                sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name LIKE '%outbox-relay'");
            }
        });
    }
}
