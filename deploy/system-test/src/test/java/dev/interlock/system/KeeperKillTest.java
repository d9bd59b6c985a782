package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.inventory.InventoryService;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.machine.Effect;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of upgrade-service at every boundary of every step of the Keeper procedure and inside every step. One host a place to
 * die: the run goes from host to host, the controller dies on each at another place, is started again, and must finish.
 * Beside it the same run undisturbed: both must have the same effects on the hosts and tell the same story in the same order.
 */
class KeeperKillTest {
    private static final String UPGRADES = "interlock.upgrade.events.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path logs;

    @Test
    @Clause({"K5", "K8", "K9", "K10"})
    void killedAnywhereTheRunCompletesWithEachEffectOnceAndTheSameStory() throws Exception {
        var points = KillPoint.all();
        try (var servers = PrivateInfrastructure.start();
                var lab = Lab.builder().timeScale(20).start()) {
            for (int i = 0; i < points.size(); i++) {
                lab.add(name("calm", i), "keeper-connection-manager", variant(i), "calm");
                lab.add(name("killed", i), "keeper-connection-manager", variant(i), "killed");
            }
            var inventoryProperties = ServiceUnderTest.properties("inventory", servers);
            inventoryProperties.put(
                    "interlock.credentials.dir", lab.credentials().toString());
            var upgradeProperties = ServiceUnderTest.properties("upgrade", servers);
            upgradeProperties.put("interlock.credentials.dir", lab.credentials().toString());
            upgradeProperties.put("interlock.upgrade.engine.lease", "2s");
            upgradeProperties.put("interlock.upgrade.engine.scan", "500ms");
            try (var inventory = InventoryService.start(inventoryProperties);
                    var upgrade = new UpgradeProcess(upgradeProperties, logs.resolve("upgrade.log"))) {
                var hosts = new Rest(inventory.getBean(EmbeddedServer.class).getURI(), token());
                importCsv(inventory.getBean(EmbeddedServer.class).getURI(), lab.inventoryCsv());
                await("all hosts are probed")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> reachable(hosts) == 2L * points.size());
                var rest = new Rest(upgrade.uri(), token());
                upgrade.revive(rest);

                var calm = run(rest, upgrade, deployment(hosts, "calm"));
                var assassin = new Assassin(upgrade, points);
                lab.onCommand(assassin::on);
                var killed = run(rest, upgrade, deployment(hosts, "killed"));

                assertThat(assassin.done)
                        .as("places at which the controller was killed")
                        .containsExactlyInAnyOrderElementsOf(points);
                for (int i = 0; i < points.size(); i++) {
                    assertThat(effects(lab, name("killed", i)))
                            .as("effects on the host where the controller died at %s", points.get(i))
                            .isEqualTo(effects(lab, name("calm", i)));
                }
                var probe = new KafkaProbe(servers.bootstrapServers());
                var calmStory = story(probe, calm, "calm");
                assertThat(calmStory).as("the undisturbed story").hasSizeGreaterThan(3 * points.size());
                await("the whole story is told")
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(story(probe, killed, "killed")).isEqualTo(calmStory));
            }
        }
    }

    /** Kills the controller once at each place, on the host of that place. */
    private static final class Assassin {
        private final UpgradeProcess upgrade;
        private final Map<String, KillPoint> due = new ConcurrentHashMap<>();
        private final Map<String, KillPoint.Step> steps = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
        private final Queue<KillPoint> done = new ConcurrentLinkedQueue<>();

        Assassin(UpgradeProcess upgrade, List<KillPoint> points) {
            this.upgrade = upgrade;
            for (int i = 0; i < points.size(); i++) {
                due.put(name("killed", i), points.get(i));
            }
        }

        void on(Moment moment) {
            if (moment instanceof Moment.Started(var host, var command, var script)) {
                var step = KillPoint.Step.of(script, host);
                if (step != null) {
                    steps.put(command, step);
                }
            }
            var point = due.get(moment.host());
            var step = steps.get(moment.commandId());
            if (point == null || point.step() != step || KillPoint.When.of(moment) != point.when()) {
                return;
            }
            if (!upgrade.isAlive()) {
                return; // died at another host: this one's turn comes when the step is taken up again
            }
            var count = seen.computeIfAbsent(moment.host(), host -> new AtomicInteger());
            if (count.incrementAndGet() < point.nth()) {
                return;
            }
            if (upgrade.kill()) {
                due.remove(moment.host());
                done.add(point);
            } else {
                count.set(0);
            }
        }
    }

    /** Plans, approves, starts; revives the controller as often as it dies; answers the run's id once it has completed. */
    private static String run(Rest rest, UpgradeProcess upgrade, String deployment) {
        var plan = await("a plan")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> rest.post(
                                "/plans",
                                Map.of("deploymentId", deployment, "targetVersion", "1.5.0", "concurrency", 1)),
                        answer -> answer.status() == 201)
                .body();
        rest.as(TestTokens.token("alex", "approver"))
                .post(
                        "/plans/" + plan.get("id").asText() + "/approval",
                        Map.of("hash", plan.get("hash").asText()))
                .accepted();
        var run = rest.post("/runs", Map.of("planId", plan.get("id").asText()))
                .accepted()
                .get("id")
                .asText();
        // a lab host that was answering when the controller died has nobody to answer: no matter of this test
        await("the run completes")
                .dontCatchUncaughtExceptions()
                .atMost(Duration.ofMinutes(12))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    upgrade.revive(rest);
                    var now = rest.get("/runs/" + run);
                    if (now.status() != 200) {
                        return false;
                    }
                    var status = now.body().get("status").asText();
                    assertThat(status).as("%s", now.body()).isIn("queued", "running", "completed");
                    return status.equals("completed");
                });
        return run;
    }

    /** In order, but for the units of one command: systemd stops and starts those side by side. */
    private static List<String> effects(Lab lab, String host) {
        var effects = new ArrayList<String>();
        var together = new ArrayList<String>();
        Effect.@Nullable Kind kind = null;
        for (var effect : lab.host(host).effects()) {
            if (effect.kind() != kind) {
                together.sort(null);
                effects.addAll(together);
                together.clear();
                kind = effect.kind();
            }
            together.add(effect.kind() + " " + effect.subject() + " " + effect.detail());
        }
        together.sort(null);
        effects.addAll(together);
        return effects;
    }

    /** The run's events, each once, without what differs between any two runs: ids, times and the hosts' first names. */
    private static List<String> story(KafkaProbe probe, String run, String prefix) throws IOException {
        var ids = new LinkedHashSet<String>();
        var told = new ArrayList<String>();
        for (var message : probe.all(UPGRADES)) {
            JsonNode data = JSON.readTree(message.value());
            if (data.path("runId").asText().equals(run) && ids.add(message.header("ce_id"))) {
                told.add(message.header("ce_type") + " "
                        + data.path("hostName").asText().replace(prefix, "") + " "
                        + data.path("n").asText() + "/" + data.path("m").asText());
            }
        }
        // the checks go on at all hosts at once, before anything else: among them no order is promised
        int from = 0;
        while (from < told.size() && !told.get(from).contains("PreflightPassed")) {
            from++;
        }
        int to = from;
        while (to < told.size() && told.get(to).contains("PreflightPassed")) {
            to++;
        }
        told.subList(from, to).sort(null);
        return told;
    }

    private static long reachable(Rest hosts) {
        long count = 0;
        for (var host : hosts.get("/hosts?limit=200").accepted().get("items")) {
            count += host.get("status").asText().equals("reachable") ? 1 : 0;
        }
        return count;
    }

    private static String deployment(Rest hosts, String name) {
        for (var deployment : hosts.get("/deployments").accepted().get("items")) {
            if (deployment.get("name").asText().equals(name)) {
                return deployment.get("deploymentId").asText();
            }
        }
        throw new AssertionError("no deployment " + name);
    }

    private static void importCsv(URI inventory, String csv) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(inventory.resolve("/api/v1/imports?format=csv"))
                            .header("Authorization", "Bearer " + token())
                            .header("Content-Type", "text/csv")
                            .POST(HttpRequest.BodyPublishers.ofString(csv))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s", answer.body()).isBetween(200, 299);
            assertThat(JSON.readTree(answer.body()).get("rejected")).isEmpty();
        }
    }

    private static String token() {
        return TestTokens.token("pat", "operator");
    }

    private static String name(String prefix, int i) {
        return "%s-%02d".formatted(prefix, i);
    }

    private static String variant(int i) {
        return i % 2 == 0 ? "standalone" : "tomcat";
    }
}
