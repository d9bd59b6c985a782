package dev.interlock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.faults.Fault;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PublishedContract;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The lab's estate: many hosts at once, two instances, and faults. */
class LabProbingTest {

    private static final Map<String, Object> SELDOM = Map.of(
            "interlock.inventory.probe.every", "1h",
            "interlock.inventory.probe.first-retry", "1h",
            "interlock.inventory.probe.last-retry", "1h");

    private static List<JsonNode> awaitAll(InventoryUnderTest inventory, int hosts, Predicate<JsonNode> as) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> inventory.all("/api/v1/hosts?limit=500"),
                        all -> all.size() == hosts && all.stream().allMatch(as));
    }

    private static boolean reachable(JsonNode host) {
        return host.path("status").asText().equals("reachable");
    }

    @Test
    void twoHundredHostsAreProbedAtOnceWithinTheLimitByTwoInstancesEachOnce() {
        int limit = 40;
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        try (var lab = Lab.builder().start()) {
            for (int i = 1; i <= 200; i++) {
                lab.addKeeper("kcm-%03d".formatted(i));
            }
            lab.onCommand(moment -> {
                if (moment instanceof Moment.Started) {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                } else if (moment instanceof Moment.Answered) {
                    running.decrementAndGet();
                }
            });
            var settings = new HashMap<>(SELDOM);
            settings.put("interlock.inventory.probe.concurrency", limit);
            settings.put("interlock.inventory.probe.timeout.total", "60s");
            try (var one = InventoryUnderTest.start(lab.credentials(), settings);
                    var other = one.another()) {
                var report = one.importFile("csv", lab.inventoryCsv());
                assertThat(report.body().path("rejected")).isEmpty();
                assertThat(report.body().path("created").asInt()).isEqualTo(200);

                var all = awaitAll(other, 200, LabProbingTest::reachable);

                assertThat(all)
                        .allSatisfy(host -> assertThat(host.path("components")
                                        .path(0)
                                        .path("variant")
                                        .asText())
                                .isEqualTo("standalone"));
                assertThat(most.get()).as("at once").isBetween(2, 2 * limit);
                assertThat(lab.hosts()).as("one script a host").allMatch(host -> host.commands() == 1);
                var discovered = KafkaProbe.shared()
                        .await(
                                Channel.INVENTORY_EVENTS.topic(),
                                200,
                                message -> ids(all).contains(String.valueOf(message.key())));
                assertThat(discovered).hasSize(200);
                assertThat(discovered.subList(0, 5))
                        .allSatisfy(message ->
                                assertThat(PublishedContract.breaches(message)).isEmpty());
                assertThat(one.importFile("ansible-ini", lab.inventoryIni())
                                .body()
                                .path("created")
                                .asInt())
                        .as("the same estate in another format is the same estate")
                        .isZero();
            }
        }
    }

    private static List<String> ids(List<JsonNode> hosts) {
        return hosts.stream().map(host -> host.path("hostId").asText()).toList();
    }

    @Test
    @Clause({"K3", "G5"})
    void eachFaultyHostShowsItsOwnReasonAndTheOthersAreNotDisturbed() {
        try (var lab = Lab.builder().credential("fleet").start()) {
            lab.addKeeper("fine");
            lab.add("tomcat", "keeper-connection-manager", "tomcat", "old");
            lab.addKeeper("refuse").fail(Fault.REFUSE);
            lab.addKeeper("hang").fail(Fault.HANG);
            lab.addKeeper("drop").fail(Fault.DROP, "0");
            lab.addKeeper("auth").fail(Fault.AUTH);
            lab.addKeeper("clock").fail(Fault.CLOCK, "90");
            lab.addKeeper("repo").fail(Fault.REPO404);
            var settings = new HashMap<>(SELDOM);
            settings.put("interlock.inventory.probe.timeout.total", "3s");
            settings.put("interlock.ssh.connect", "2s");
            settings.put("interlock.ssh.handshake", "2s");
            settings.put("interlock.ssh.authentication", "2s");
            try (var inventory = InventoryUnderTest.start(lab.credentials(), settings)) {
                var csv = lab.inventoryCsv();
                lab.addKeeper("late").fail(Fault.HOSTKEY);
                inventory.importFile("csv", csv);
                inventory.host(
                        "late",
                        lab.host("late").address(),
                        lab.host("late").port(),
                        lab.host("fine").hostKey());

                var hosts = awaitAll(inventory, 9, host -> host.path("probedAt").isTextual()).stream()
                        .collect(Collectors.toMap(
                                host -> host.path("name").asText(), host -> host, (a, b) -> b, HashMap::new));

                assertThat(state(hosts, "fine")).isEqualTo("reachable");
                assertThat(state(hosts, "tomcat")).isEqualTo("reachable");
                assertThat(state(hosts, "refuse")).isEqualTo("unreachable refused");
                assertThat(state(hosts, "hang")).isEqualTo("unreachable timed-out");
                assertThat(state(hosts, "drop")).isEqualTo("unreachable connection-lost");
                assertThat(state(hosts, "auth")).isEqualTo("unreachable authentication-failed");
                assertThat(state(hosts, "late")).isEqualTo("host-key-changed host-key-changed");
                assertThat(host(hosts, "tomcat")
                                .path("components")
                                .path(0)
                                .path("variant")
                                .asText())
                        .isEqualTo("tomcat");
                assertThat(host(hosts, "clock").path("clock").path("skewed").asBoolean())
                        .isTrue();
                assertThat(inventory.eventNames(
                                host(hosts, "clock").path("hostId").asText(), 2))
                        .containsExactly("HostDiscovered", "ClockSkewDetected");
                for (var name : List.of("fine", "repo")) {
                    hosts.put(
                            name,
                            inventory
                                    .probe(host(hosts, name).path("hostId").asText())
                                    .body());
                }
                assertThat(host(hosts, "fine").path("pendingUpdates").findValuesAsText("kcm"))
                        .containsExactly("1.5.0");
                assertThat(host(hosts, "fine").path("pendingUpdates").has("keeper-guacamole-standalone"))
                        .as("what the pattern kcm-* misses")
                        .isTrue();
                assertThat(host(hosts, "repo").path("pendingUpdates").isObject())
                        .as("a repository that does not answer is not an empty one")
                        .isFalse();
                assertThat(lab.effects()).as("a probe changes nothing").isEmpty();
            }
        }
    }

    private static JsonNode host(Map<String, JsonNode> hosts, String name) {
        return Objects.requireNonNull(hosts.get(name), name);
    }

    private static String state(Map<String, JsonNode> hosts, String name) {
        var host = host(hosts, name);
        return (host.path("status").asText() + " "
                        + host.path("trouble").path("reason").asText())
                .strip();
    }
}
