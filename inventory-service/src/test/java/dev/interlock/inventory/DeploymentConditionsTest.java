package dev.interlock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.InventoryEvent.OrphanFound;
import dev.interlock.contracts.InventoryEvent.OrphanRemoved;
import dev.interlock.embedded.Ports;
import dev.interlock.inventory.app.JudgeDeployment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.faults.Fault;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registrations compared with members (G2) and members' clocks with each other (G5), over real SSH, with real PostgreSQL and Kafka. */
class DeploymentConditionsTest {

    private static final Map<String, Object> SELDOM = Map.of(
            "interlock.inventory.probe.every", "1h",
            "interlock.inventory.probe.first-retry", "1h",
            "interlock.inventory.probe.last-retry", "1h");

    private static final EventCodec CODEC = new EventCodec();
    private static final KeyPair CLIENT = ShellHost.newKey();

    @SuppressWarnings("NullAway.Init")
    private static InventoryUnderTest inventory;

    private final List<ShellHost> machines = new ArrayList<>();
    private final String site = UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @BeforeAll
    static void start(@TempDir Path credentials) throws IOException {
        ShellHost.store(CLIENT, credentials);
        inventory = InventoryUnderTest.start(credentials, SELDOM);
    }

    @AfterAll
    static void stop() {
        inventory.close();
    }

    @AfterEach
    void stopMachines() throws Exception {
        for (var machine : machines) {
            machine.close();
        }
    }

    private record Member(String id, String name, ShellHost machine) {}

    private Member member(String name, String... units) throws IOException {
        var full = name + "-" + site;
        var machine = new ShellHost(directory.resolve(full), CLIENT);
        machines.add(machine);
        machine.hasUms("12.04.100", units);
        machine.program("uname", "case $1 in -r) echo 5.14.0;; -m) echo x86_64;; -n) echo " + full + ";; esac");
        machine.registered("", null);
        var id = inventory.host(full, "127.0.0.1", machine.port(), machine.publicKey());
        return new Member(id, full, machine);
    }

    private String deployment(Member... members) {
        var answer = inventory.post("/api/v1/deployments", body(members));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.text("deploymentId");
    }

    private String body(Member... members) {
        var places = new ArrayList<String>();
        for (var member : members) {
            var role = member.name().startsWith("lb") ? "load-balancer" : "server";
            places.add("{\"host\":\"" + member.id() + "\",\"role\":\"" + role + "\"}");
        }
        return "{\"name\":\"ums " + site + "\",\"product\":\"igel-ums\",\"members\":[" + String.join(",", places)
                + "]}";
    }

    private static String row(String name, String version) {
        return name + ";127.0.0.1;" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)) + ";" + version;
    }

    private static JsonNode await(String deployment, Predicate<JsonNode> as) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> inventory.get("/api/v1/deployments/" + deployment).body(), as);
    }

    private static List<String> orphans(JsonNode deployment) {
        var names = new ArrayList<String>();
        deployment
                .path("orphans")
                .forEach(each -> names.add(each.path("kind").asText() + " "
                        + each.path("registeredName").asText()));
        return names;
    }

    private static List<InventoryEvent> told(String deployment, Class<?>... kinds) {
        return inventory.events(deployment).stream()
                .map(message -> CODEC.parse(
                        InventoryEvent.class,
                        message.header("ce_type"),
                        Objects.requireNonNull(message.value()).getBytes(StandardCharsets.UTF_8)))
                .filter(event -> List.of(kinds).contains(event.getClass()))
                .toList();
    }

    private static List<InventoryEvent> awaitTold(String deployment, int count) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> told(deployment, OrphanFound.class, OrphanRemoved.class),
                        events -> events.size() >= count);
    }

    private static DeploymentState state(String deployment, Predicate<DeploymentState> as) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            var last = KafkaProbe.shared()
                                    .ofKey(Channel.INVENTORY_DEPLOYMENTS.topic(), deployment)
                                    .getLast();
                            return CODEC.parse(
                                    DeploymentState.class,
                                    last.header("ce_type"),
                                    Objects.requireNonNull(last.value()).getBytes(StandardCharsets.UTF_8));
                        },
                        as);
    }

    @Test
    @Clause("G2")
    void whatIsRegisteredButDoesNotExistIsToldOnceWithItsEvidenceAndAgainWhenItIsGone() throws IOException {
        var one = member("ums-1", "igel-ums-server", "igel-ums-broker");
        var two = member("ums-2", "igel-ums-server");
        var balancer = member("lb-1", "igel-ums-broker");
        var servers =
                row(one.name(), "12.04.100") + "\n" + row(two.name().toUpperCase(Locale.ROOT) + ".corp", "12.04.100");
        var network = "load-balancer;" + row(one.name(), "12.04.100") + ";normal\nload-balancer;"
                + row(balancer.name(), "12.04.100") + ";normal";
        for (var each : List.of(one, two)) {
            each.machine().registered(servers, network);
        }
        var id = deployment(one, two, balancer);
        inventory.probe(one.id());
        assertThat(orphans(await(id, each -> each.path("orphans").isArray())))
                .as("all that is registered exists")
                .isEmpty();
        assertThat(state(id, each -> each.orphans() != null).orphans()).isEmpty();

        var ghost = "ums-old-" + site;
        for (var each : List.of(one, two)) {
            each.machine()
                    .registered(
                            servers + "\n" + row(ghost, "12.03.110"),
                            network + "\nload-balancer;" + row("lb-old", "12.03.110") + ";normal");
        }
        for (int i = 0; i < 3; i++) {
            inventory.probe(one.id());
            inventory.probe(two.id());
        }
        var shown = await(id, each -> orphans(each).size() == 2);
        assertThat(orphans(shown)).containsExactly("load-balancer lb-old", "server " + ghost);
        assertThat(shown.path("orphans").path(1).path("next").asText()).contains("UMS Network > Server");
        assertThat(shown.path("registrations").path("state").asText()).isEqualTo("compared");
        assertThat(state(id, each -> each.orphans() != null && each.orphans().size() == 2)
                        .orphans())
                .extracting(orphan -> orphan.registeredName())
                .containsExactly("lb-old", ghost);

        for (var each : List.of(one, two)) {
            each.machine().registered(servers, network);
        }
        inventory.probe(two.id());
        await(id, each -> orphans(each).isEmpty());
        var story = awaitTold(id, 4);
        assertThat(story).hasSize(4);
        assertThat((OrphanFound) story.get(1)).satisfies(found -> {
            assertThat(found.registeredName()).isEqualTo(ghost);
            assertThat(found.registeredVersion()).isEqualTo("12.03.110");
            assertThat(found.readOn()).isIn(one.name(), two.name());
            assertThat(found.readBy()).contains("list-assigned-server");
            assertThat(found.comparedWith()).containsExactly(balancer.name(), one.name(), two.name());
            assertThat(found.next()).contains(ghost);
        });
        assertThat(story.subList(2, 4))
                .extracting(event -> ((OrphanRemoved) event).reason())
                .containsOnly("unregistered");
    }

    @Test
    @Clause("G2")
    void aMemberThatWasNeverLookedAtMayBeWhateverIsRegisteredByItsName() throws IOException {
        var one = member("ums-1", "igel-ums-server");
        var unseen = "ums-2-" + site;
        var two =
                inventory.host(unseen, "127.0.0.1", Ports.free(), one.machine().publicKey());
        one.machine()
                .registered(
                        row(one.name(), "12.04.100") + "\n" + row(unseen, "12.04.100"),
                        "load-balancer;" + row(unseen, "12.04.100") + ";normal\nload-balancer;"
                                + row("lb-old", "12.03.110") + ";normal");
        var id = deployment(one, new Member(two, unseen, one.machine()));
        inventory.probe(one.id());
        var shown = await(id, each -> each.path("orphans").isArray());
        assertThat(orphans(shown)).containsExactly("load-balancer lb-old");
    }

    @Test
    @Clause("G2")
    void anOrphanThatBecomesAMemberIsNoneAndARetiredDeploymentHasNone() throws IOException {
        var one = member("ums-1", "igel-ums-server");
        var two = member("ums-2", "igel-ums-server");
        one.machine()
                .registered(
                        row(one.name(), "12.04.100") + "\n" + row(two.name(), "12.04.100") + "\n"
                                + row("ums-gone", "12.04.100"),
                        null);
        var id = deployment(one);
        inventory.probe(one.id());
        await(id, each -> orphans(each).size() == 2);

        var version = inventory.get("/api/v1/deployments/" + id).header("ETag");
        assertThat(inventory
                        .put("/api/v1/deployments/" + id, body(one, two), "If-Match", version)
                        .status())
                .isEqualTo(200);

        assertThat(orphans(inventory.get("/api/v1/deployments/" + id).body())).containsExactly("server ums-gone");
        inventory.post("/api/v1/deployments/" + id + "/retirement", "{\"reason\":\"test\"}");
        assertThat(awaitTold(id, 4).subList(2, 4))
                .extracting(event -> ((OrphanRemoved) event).reason())
                .containsExactly("member", "deployment-retired");
    }

    @Test
    @Clause("G2")
    void aProbeThatEndsWhileTheMembersAreChangedIsComparedWithTheNewOnes() throws Exception {
        var one = member("ums-1", "igel-ums-server");
        var two = member("ums-2", "igel-ums-server");
        one.machine().registered(row(one.name(), "12.04.100") + "\n" + row(two.name(), "12.04.100"), null);
        var id = deployment(one);
        inventory.probe(one.id());
        await(id, each -> orphans(each).size() == 1);
        try (var changing = inventory.database();
                var looking = inventory.database()) {
            changing.setAutoCommit(false);
            try (var sql = changing.createStatement()) {
                sql.execute("select 1 from deployment where id = '" + id + "' for update");
                sql.execute("update deployment set version = version + 1 where id = '" + id + "'");
                sql.execute(
                        "insert into deployment_member (deployment_id, product, retired, position, host_id, role) values ('"
                                + id + "', 'igel-ums', false, 1, '" + two.id() + "', 'server')");
            }
            var probed = CompletableFuture.runAsync(() -> inventory.probe(one.id()));
            awaitSomebodyWaiting(looking);
            changing.commit();
            probed.get(30, TimeUnit.SECONDS);
        }
        await(id, each -> orphans(each).isEmpty());
        assertThat(awaitTold(id, 2).getLast()).isInstanceOf(OrphanRemoved.class);
    }

    private static void awaitSomebodyWaiting(Connection database) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            try (var sql = database.createStatement();
                    var waiting = sql.executeQuery("select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and datname = current_database()")) {
                if (waiting.next()) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nobody waits for the deployment");
    }

    @Test
    @Clause("G2")
    void aListThatCannotBeReadIsSaidWithWhatToDoAndClearsNothing() throws IOException {
        var one = member("ums-1", "igel-ums-server");
        var id = deployment(one);
        one.machine().program("umsadmin-cli", "echo 'umsadmin-cli: must be run as root' >&2; exit 1");
        inventory.probe(one.id());
        var shown = await(
                id, each -> each.path("registrations").path("state").asText().equals("unreadable"));
        assertThat(shown.path("registrations").path("detail").asText()).contains("must be run as root");
        assertThat(shown.path("registrations").path("next").asText()).contains("sudo");
        assertThat(shown.path("orphans").isArray()).as("not the same as none").isFalse();

        one.machine().registered(row(one.name(), "12.04.100") + "\n" + row("ums-old", "12.04.100"), null);
        inventory.probe(one.id());
        await(id, each -> orphans(each).size() == 1);
        one.machine().program("umsadmin-cli", "exit 1");
        inventory.probe(one.id());
        var still = await(
                id, each -> each.path("registrations").path("state").asText().equals("unreadable"));
        assertThat(orphans(still)).containsExactly("server ums-old");
        assertThat(inventory.get("/api/v1/hosts/" + one.id()).text("status")).isEqualTo("reachable");
    }

    @Test
    @Clause({"G5", "G6"})
    void twoClocksMoreThanAMinuteApartAreToldThoughEachIsWithinAMinuteOfOurs() throws IOException {
        var one = member("ums-1", "igel-ums-server");
        var two = member("ums-2", "igel-ums-server");
        var id = deployment(one, two);
        one.machine().clock(Duration.ofSeconds(25));
        two.machine().clock(Duration.ofSeconds(-25));
        inventory.probe(one.id());
        inventory.probe(two.id());
        assertThat(inventory
                        .get("/api/v1/deployments/" + id)
                        .body()
                        .path("clockSkew")
                        .isObject())
                .as("50 s")
                .isFalse();

        one.machine().clock(Duration.ofSeconds(45));
        two.machine().clock(Duration.ofSeconds(-45));
        for (int i = 0; i < 2; i++) {
            inventory.probe(one.id());
            inventory.probe(two.id());
        }
        var shown = await(id, each -> each.path("clockSkew").isObject()).path("clockSkew");
        assertThat(shown.path("host").asText()).isEqualTo(one.name());
        assertThat(shown.path("otherHost").asText()).isEqualTo(two.name());
        assertThat(shown.path("apartMillis").asLong()).isBetween(86_000L, 94_000L);
        assertThat(shown.path("next").asText()).contains("restart the HA services");
        assertThat(inventory
                        .get("/api/v1/hosts/" + one.id())
                        .body()
                        .path("clock")
                        .path("skewed")
                        .asBoolean())
                .as("against ours it is fine")
                .isFalse();
        assertThat(Objects.requireNonNull(
                                state(id, each -> each.clockSkew() != null).clockSkew())
                        .otherName())
                .isEqualTo(two.name());

        one.machine().clock(Duration.ZERO);
        inventory.probe(one.id());
        await(id, each -> !each.path("clockSkew").isObject());
        assertThat(inventory.eventNames(one.id(), 3))
                .containsExactly("HostDiscovered", "ClockSkewDetected", "ClockSkewCleared");
        state(id, each -> each.clockSkew() == null);
    }

    @Test
    @Clause("G5")
    void slowConnectionsWidenTheErrorBoundAndNeitherInventNorHideASkew() {
        try (var lab = Lab.builder().credential("fleet").start()) {
            lab.addKeeper("right");
            lab.addKeeper("fifty").fail(Fault.CLOCK, "50");
            lab.addKeeper("ninety").fail(Fault.CLOCK, "90");
            lab.addKeeper("slow").fail(Fault.CLOCK, "61");
            lab.host("slow").fail(Fault.SLOW, "1500");
            try (var inventory = InventoryUnderTest.start(lab.credentials(), SELDOM)) {
                inventory.importFile("csv", lab.inventoryCsv());
                var ids = Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(
                                () -> inventory.all("/api/v1/hosts?limit=50"),
                                all -> all.size() == 4
                                        && all.stream()
                                                .allMatch(host -> host.path("status")
                                                        .asText()
                                                        .equals("reachable")));
                assertThat(apart(inventory, "right", "fifty")).isFalse();
                assertThat(apart(inventory, "right", "ninety")).isTrue();
                assertThat(apart(inventory, "right", "slow"))
                        .as("61 s, right to more than one")
                        .isFalse();
                assertThat(apart(inventory, "fifty", "ninety")).as("40 s").isFalse();
                for (var host : ids) {
                    long error = host.path("clock").path("errorMillis").asLong();
                    long expected = switch (host.path("name").asText()) {
                        case "right" -> 0;
                        case "fifty" -> 50_000;
                        case "ninety" -> 90_000;
                        default -> 61_000;
                    };
                    assertThat(host.path("clock").path("offsetMillis").asLong())
                            .as(host.path("name").asText())
                            .isBetween(expected - error, expected + error);
                }
            }
        }
    }

    /** Makes the two a UMS deployment for a moment. */
    private static boolean apart(InventoryUnderTest inventory, String one, String other) {
        var created = inventory.post(
                "/api/v1/deployments",
                "{\"name\":\"%s and %s\",\"product\":\"igel-ums\",\"members\":[{\"host\":\"%s\"},{\"host\":\"%s\"}]}"
                        .formatted(one, other, one, other));
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        var path = "/api/v1/deployments/" + created.text("deploymentId");
        for (var name : List.of(one, other)) {
            var id = inventory
                    .all("/api/v1/hosts?q=" + name)
                    .getFirst()
                    .path("hostId")
                    .asText();
            inventory.probe(id);
        }
        // the probes' own judgement may still be on its way
        inventory.bean(JudgeDeployment.class).probed(UUID.fromString(hostId(inventory, one)), null, Instant.now());
        boolean apart = inventory.get(path).body().path("clockSkew").isObject();
        inventory.post(path + "/retirement", "{\"reason\":\"asked\"}");
        return apart;
    }

    private static String hostId(InventoryUnderTest inventory, String name) {
        return inventory
                .all("/api/v1/hosts?q=" + name)
                .getFirst()
                .path("hostId")
                .asText();
    }
}
