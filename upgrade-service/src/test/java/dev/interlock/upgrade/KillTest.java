package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.Member;
import dev.interlock.lab.CommandListener;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestInfrastructure;
import dev.interlock.upgrade.adapter.json.Json;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two instances of the service on one database, each a process of its own. The one that carries a run gets SIGKILL at a chosen point
 * of a step; the other takes over, and the run ends as if nothing had been: each effect once, the same events in the same order.
 */
class KillTest {
    private static final Map<String, Object> PROPERTIES = ServiceUnderTest.properties("upgrade");
    private static final List<ServiceProcess> CHILDREN = new CopyOnWriteArrayList<>();
    private static Lab lab;
    private static int hosts;

    /** Where the carrier dies: the {@code time}-th moment of this kind. */
    record Point(String name, Predicate<Moment> here, int time) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Point> points() {
        return Stream.of(
                new Point("before guacd stops", m -> effect(m, Kind.STOP, "guacd", false), 1),
                new Point("in the middle of the transaction", m -> effect(m, Kind.UPGRADE, "kcm-guacd", true), 1),
                new Point("before the start is answered", m -> m instanceof Moment.Answering, 4),
                new Point("after the proof was answered", m -> m instanceof Moment.Answered, 5));
    }

    private static boolean effect(Moment moment, Kind kind, String subject, boolean done) {
        var effect = switch (moment) {
            case Moment.EffectDue due -> done ? null : due.effect();
            case Moment.EffectDone was -> done ? was.effect() : null;
            case Moment.Started s -> null;
            case Moment.Answering a -> null;
            case Moment.Answered a -> null;
        };
        return effect != null
                && effect.kind() == kind
                && effect.subject().replace(".service", "").equals(subject);
    }

    @BeforeAll
    static void open() {
        lab = Lab.builder().timeScale(10).start();
        CHILDREN.add(startChild());
        CHILDREN.add(startChild());
        CHILDREN.forEach(ServiceProcess::awaitReady);
    }

    @AfterAll
    static void close() {
        CHILDREN.forEach(ServiceProcess::close);
        lab.close();
    }

    private static ServiceProcess startChild() {
        var properties = new HashMap<>(PROPERTIES);
        properties.put("interlock.credentials.dir", lab.credentials().toString());
        properties.put("interlock.upgrade.engine.lease", "2s");
        properties.put("interlock.upgrade.engine.scan", "200ms");
        Path log = Path.of("target", "kill-test", "instance-" + CHILDREN.size() + "-" + hosts + ".log");
        return new ServiceProcess(UpgradeService.class, properties, log).start();
    }

    private static Api any(String person, String role) {
        ServiceProcess alive =
                CHILDREN.stream().filter(ServiceProcess::isAlive).findFirst().orElseThrow();
        return Api.of(alive.uri(), person, role);
    }

    /** As the listener of inventory's topics would have it. */
    private static void tell(HostState host, DeploymentState deployment) throws SQLException {
        String url = String.valueOf(PROPERTIES.get("datasources.default.url"));
        var infrastructure = TestInfrastructure.get();
        try (var db = DriverManager.getConnection(url, infrastructure.username(), infrastructure.password());
                var hostRows = db.prepareStatement("INSERT INTO host_view VALUES (?, ?, ?::jsonb)");
                var deployments = db.prepareStatement("INSERT INTO deployment_view VALUES (?, ?, ?, ?::jsonb)")) {
            hostRows.setObject(1, host.hostId());
            hostRows.setString(2, host.name());
            hostRows.setString(3, Json.write(host));
            hostRows.execute();
            deployments.setObject(1, deployment.deploymentId());
            deployments.setString(2, deployment.name());
            deployments.setString(3, deployment.product());
            deployments.setString(4, Json.write(deployment));
            deployments.execute();
        }
    }

    @ParameterizedTest
    @MethodSource("points")
    void theOtherInstanceEndsTheRunWithEachEffectOnce(Point point) throws Exception {
        String name = "kill-" + ++hosts;
        LabHost host = lab.addKeeper(name);
        UUID deployment = UUID.randomUUID();
        tell(
                Stage.state(host, lab.credential()),
                new DeploymentState(
                        deployment,
                        name,
                        "keeper-connection-manager",
                        List.of(new Member(Stage.id(name), "node")),
                        Map.of()));
        ObjectNode order = Api.JSON
                .createObjectNode()
                .put("deploymentId", deployment.toString())
                .put("targetVersion", "1.5.0");
        JsonNode plan = any("olga", "operator").post("/plans", order).is(201).body();
        any("paul", "approver")
                .post(
                        "/plans/" + plan.at("/id").asText() + "/approval",
                        Api.JSON.createObjectNode().put("hash", plan.at("/hash").asText()))
                .is(200);
        var times = new AtomicInteger();
        var killed = new AtomicBoolean();
        CommandListener killer = moment -> {
            if (moment.host().equals(name) && point.here().test(moment) && times.incrementAndGet() == point.time()) {
                killCarrier(deployment);
                killed.set(true);
            }
        };
        lab.onCommand(killer);
        UUID run = UUID.fromString(any("olga", "operator")
                .post(
                        "/runs",
                        Api.JSON.createObjectNode().put("planId", plan.at("/id").asText()))
                .is(202)
                .text("/id"));
        Awaitility.await("killed " + point).atMost(Duration.ofSeconds(30)).untilTrue(killed);
        lab.noLonger(killer);
        ServiceProcess replacement = startChild();
        JsonNode ended = Awaitility.await("the run ends")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> any("vera", "viewer").get("/runs/" + run).is(200).body(),
                        r -> !List.of("queued", "running")
                                .contains(r.at("/status").asText()));
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        RunOnLabTest.eachEffectOnce(host, "guacamole");
        assertThat(RunOnLabTest.order(host)).containsExactly(Kind.STOP, Kind.UPGRADE, Kind.START);
        assertThat(
                        KafkaProbe.shared()
                                .await(
                                        "interlock.upgrade.events.v1",
                                        7,
                                        m -> deployment.toString().equals(m.key()))
                                .stream()
                                .map(m -> m.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1")))
                .containsExactly(
                        "UpgradePlanned",
                        "UpgradeApproved",
                        "UpgradeStarted",
                        "PreflightPassed",
                        "NodeDrained",
                        "NodeUpdated",
                        "UpgradeCompleted");
        CHILDREN.removeIf(child -> !child.isAlive());
        CHILDREN.add(replacement);
        replacement.awaitReady();
    }

    /** The row says who carries it; its process dies at once, without a word. */
    private static void killCarrier(UUID deployment) {
        JsonNode run = any("vera", "viewer")
                .get("/runs?deploymentId=" + deployment)
                .is(200)
                .body()
                .at("/items/0");
        String carrier = any("vera", "viewer")
                .get("/runs/" + run.at("/id").asText())
                .is(200)
                .body()
                .at("/carriedBy")
                .asText();
        for (ServiceProcess child : CHILDREN) {
            if (child.isInstance(carrier)) {
                assertThat(child.kill()).isTrue();
                return;
            }
        }
        throw new AssertionError("nobody of ours carries the run: " + carrier);
    }
}
