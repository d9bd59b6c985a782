package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.upgrade.UpgradeService;
import java.io.IOException;
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
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A run with SIGKILL of upgrade-service at every boundary of every step and inside every step. One host a place to die: the run
 * goes from host to host, the controller dies on each at another place, is started again, and must finish. Beside it the same run
 * undisturbed: both must have the same effects on the hosts and tell the same story in the same order.
 *
 * @param variant of the product on the n-th host
 */
record KilledAnywhere(
        String product, IntFunction<String> variant, String target, double timeScale, KillPoint.Steps steps) {
    private static final String UPGRADES = "interlock.upgrade.events.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What happens to a host beforehand, on both sides, and what else must be the same on both in the end. */
    interface Hosts {
        default void prepare(LabHost host, KillPoint point) {}

        default void compare(LabHost calm, LabHost killed) {}
    }

    void completesWithEachEffectOnceAndTheSameStory(Path logs, Hosts hosts) throws Exception {
        var points = steps.points();
        try (var servers = PrivateInfrastructure.start();
                var lab = Lab.builder().timeScale(timeScale).start()) {
            for (int i = 0; i < points.size(); i++) {
                hosts.prepare(lab.add(name("calm", i), product, variant.apply(i), "calm"), points.get(i));
                hosts.prepare(lab.add(name("killed", i), product, variant.apply(i), "killed"), points.get(i));
            }
            var upgradeProperties = ServiceUnderTest.properties("upgrade", servers);
            upgradeProperties.put("interlock.credentials.dir", lab.credentials().toString());
            upgradeProperties.put("interlock.upgrade.engine.lease", "2s");
            upgradeProperties.put("interlock.upgrade.engine.scan", "500ms");
            try (var inventory = new InventoriedLab(lab, servers);
                    var upgrade =
                            new ServiceProcess(UpgradeService.class, upgradeProperties, logs.resolve("upgrade.log"))) {
                var rest = new Rest(upgrade.uri(), token());
                upgrade.revive();

                var calm = run(rest, upgrade, inventory.deployment("calm"));
                var assassin = new Assassin(upgrade, steps, points);
                lab.onCommand(assassin::on);
                var killed = run(rest, upgrade, inventory.deployment("killed"));

                assertThat(assassin.done)
                        .as("places at which the controller was killed")
                        .containsExactlyInAnyOrderElementsOf(points);
                for (int i = 0; i < points.size(); i++) {
                    assertThat(effects(lab, name("killed", i)))
                            .as("effects on the host where the controller died at %s", points.get(i))
                            .isEqualTo(effects(lab, name("calm", i)));
                    hosts.compare(lab.host(name("calm", i)), lab.host(name("killed", i)));
                }
                var probe = new KafkaProbe(servers.bootstrapServers());
                var calmStory = story(probe, calm, "calm");
                assertThat(calmStory).as("the undisturbed story").hasSizeGreaterThan(2 * points.size());
                await("the whole story is told")
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(
                                () -> assertThat(story(probe, killed, "killed")).isEqualTo(calmStory));
            }
        }
    }

    /** Kills the controller once at each place, on the host of that place. */
    private static final class Assassin {
        private final ServiceProcess upgrade;
        private final Map<String, KillPoint> due = new ConcurrentHashMap<>();
        private final Map<String, String> commands = new ConcurrentHashMap<>();
        private final KillPoint.Steps procedure;
        private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
        private final Queue<KillPoint> done = new ConcurrentLinkedQueue<>();

        Assassin(ServiceProcess upgrade, KillPoint.Steps procedure, List<KillPoint> points) {
            this.upgrade = upgrade;
            this.procedure = procedure;
            for (int i = 0; i < points.size(); i++) {
                due.put(name("killed", i), points.get(i));
            }
        }

        void on(Moment moment) {
            if (moment instanceof Moment.Started(var host, var command, var script)) {
                var step = procedure.of(script, host);
                if (step != null) {
                    commands.put(command, step);
                }
            }
            var point = due.get(moment.host());
            var step = commands.get(moment.commandId());
            if (point == null || !point.step().equals(step) || KillPoint.When.of(moment) != point.when()) {
                return;
            }
            boolean inside = point.when() == KillPoint.When.EFFECT_DUE || point.when() == KillPoint.When.EFFECT_DONE;
            if (!upgrade.isAlive() && !inside) {
                return; // died at another host: this one's turn comes when the step is taken up again
            }
            var count = seen.computeIfAbsent(moment.host(), host -> new AtomicInteger());
            if (count.incrementAndGet() < point.nth()) {
                return;
            }
            if (!due.remove(moment.host(), point)) {
                return; // units are stopped and started side by side: the other one was here first
            }
            boolean killed = upgrade.kill();
            while (!killed && inside) {
                // died at another host: an effect under a claim is not repeated, so it waits for the controller
                await("the controller is back").atMost(Duration.ofMinutes(2)).until(upgrade::isAlive);
                killed = upgrade.kill();
            }
            if (killed) {
                done.add(point);
            } else {
                count.set(0);
                due.put(moment.host(), point);
            }
        }
    }

    /** Plans, approves, starts; revives the controller as often as it dies; answers the run's id once it has completed. */
    private String run(Rest rest, ServiceProcess upgrade, String deployment) {
        var run = Upgrade.start(rest, deployment, target, 1);
        // a lab host that was answering when the controller died has nobody to answer: no matter of this test
        await("the run completes")
                .dontCatchUncaughtExceptions()
                .atMost(Duration.ofMinutes(12))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    upgrade.revive();
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

    private static String token() {
        return TestTokens.token("pat", "operator");
    }

    private static String name(String prefix, int i) {
        return "%s-%02d".formatted(prefix, i);
    }
}
