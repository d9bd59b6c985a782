package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.upgrade.UpgradeService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of upgrade-service at every boundary of every kind of step of the UMS procedure and before and after each effect. Several
 * networks are upgraded side by side; each waits at its next place to die, and one kill is for all of them. Beside them the same run
 * undisturbed: all must have the same effects on the hosts and tell the same story in the same order.
 */
class UmsKillTest {
    private static final int NETWORKS = 6;
    private static final String UPGRADES = "interlock.upgrade.events.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path logs;

    @Test
    @Clause({"G11", "G14", "G16", "G17", "G18", "G25"})
    void killedAnywhereEveryNetworkIsUpdatedWithEachEffectOnceAndTheSameStory() throws Exception {
        var points = UmsKillPoint.all();
        try (var servers = PrivateInfrastructure.start();
                var lab = Lab.builder()
                        .timeScale(30)
                        .umsDatabase(servers.jdbcUrl("ums"), servers.username(), servers.password())
                        .start()) {
            lab.addUms("calm", 2, 1, 1);
            for (int i = 0; i < NETWORKS; i++) {
                lab.addUms(network(i), 2, 1, 1);
            }
            var properties = ServiceUnderTest.properties("upgrade", servers);
            properties.put("interlock.credentials.dir", lab.credentials().toString());
            properties.put("interlock.upgrade.engine.lease", "2s");
            properties.put("interlock.upgrade.engine.scan", "200ms");
            // The hosts' time runs thirty times as fast as the controller needs to come back: nothing may seem to hang.
            for (String patience : List.of(
                    "stop-patience",
                    "renew-patience",
                    "reconnect-patience",
                    "answer-patience",
                    "enter-max",
                    "install-max")) {
                properties.put("interlock.upgrade.ums." + patience, "5h");
            }
            try (var inventory = new InventoriedLab(lab, servers);
                    var upgrade = new ServiceProcess(UpgradeService.class, properties, logs.resolve("upgrade.log"))) {
                upgrade.revive();
                var rest = new Rest(upgrade.uri(), TestTokens.token("pat", "operator"));
                var calm = Upgrade.start(rest, inventory.deployment("calm"), "12.05.100", 1);
                completed(rest, upgrade, List.of(calm));

                var assassin = new Assassin(upgrade, points);
                lab.onCommand(assassin::on);
                var killed = new ArrayList<String>();
                for (int i = 0; i < NETWORKS; i++) {
                    killed.add(Upgrade.start(rest, inventory.deployment(network(i)), "12.05.100", 1));
                }
                var killing = Thread.startVirtualThread(assassin::kill);
                try {
                    completed(rest, upgrade, killed);
                } catch (ConditionTimeoutException e) {
                    throw new AssertionError(assassin.toString(), e);
                }
                killing.interrupt();

                assertThat(assassin.done)
                        .as("places at which the controller was killed")
                        .containsExactlyInAnyOrderElementsOf(points);
                for (int i = 0; i < NETWORKS; i++) {
                    assertThat(effects(lab, network(i)))
                            .as("effects in %s", network(i))
                            .isEqualTo(effects(lab, "calm"));
                }
                var probe = new KafkaProbe(servers.bootstrapServers());
                var calmStory = story(probe, calm, "calm");
                assertThat(calmStory).as("the undisturbed story").hasSizeGreaterThan(20);
                for (int i = 0; i < NETWORKS; i++) {
                    int each = i;
                    await("the whole story is told")
                            .atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(story(probe, killed.get(each), network(each)))
                                    .isEqualTo(calmStory));
                }
                System.out.println("UmsKillTest: " + assassin.done.size() + " places, " + assassin.rounds + " kills");
            }
        }
    }

    private static String network(int i) {
        return "killed" + i;
    }

    /** Kills the controller when every network that still has a place to die is at its next one. */
    private static final class Assassin {
        private static final Duration LONGEST_WAIT = Duration.ofSeconds(12);

        private final ServiceProcess upgrade;
        private final Map<String, Deque<UmsKillPoint>> due = new LinkedHashMap<>();
        private final Set<String> waiting = new HashSet<>();
        private final Map<String, Command> commands = new HashMap<>();
        private final Map<String, Integer> takenUp = new HashMap<>();
        private final Set<String> begun = new HashSet<>();
        final List<UmsKillPoint> done = new ArrayList<>();
        int rounds;

        private boolean armed;

        /** @param life of the controller that sent it, counted by kills */
        private record Command(String step, int life) {}

        Assassin(ServiceProcess upgrade, List<UmsKillPoint> points) {
            this.upgrade = upgrade;
            for (int i = 0; i < points.size(); i++) {
                due.computeIfAbsent(network(i % NETWORKS), n -> new ArrayDeque<>())
                        .add(points.get(i));
            }
        }

        synchronized void on(Moment moment) {
            String network = moment.host().split("-", 2)[0];
            String host = moment.host().split("-", 2)[1];
            Deque<UmsKillPoint> points = due.get(network);
            if (points == null) {
                return;
            }
            if (moment instanceof Moment.Started(var h, var id, var script)) {
                String step = UmsKillPoint.step(script);
                if (step != null) {
                    commands.put(id, new Command(step, rounds));
                    takenUp.put(network, rounds);
                    begun.add(moment.host() + " " + step);
                    notifyAll();
                }
            }
            boolean effect = moment instanceof Moment.EffectDue || moment instanceof Moment.EffectDone;
            Command command = commands.get(moment.commandId());
            if (!effect && command == null) {
                return;
            }
            String step = command == null ? null : command.step();
            try {
                while (true) {
                    UmsKillPoint next = points.peek();
                    boolean alive = effect
                            ? takenUp.getOrDefault(network, -1) == rounds
                            : command != null && command.life() == rounds;
                    if (next == null) {
                        return;
                    }
                    if (armed && alive && !waiting.contains(network) && next.is(moment, host, step)) {
                        waiting.add(network);
                        notifyAll();
                        for (int round = rounds; round == rounds; ) {
                            wait();
                        }
                        return;
                    }
                    boolean ofLater = effect && points.stream().anyMatch(p -> p.is(moment, host, step));
                    // update mode lasts until somebody alive has seen it: only so all later places come in their order
                    ofLater |= moment instanceof Moment.EffectDue installing
                            && installing.effect().kind() == Kind.UPGRADE
                            && host.startsWith("server")
                            && !begun.contains(moment.host() + " update-server");
                    if (armed && !ofLater && !waiting.contains(network)) {
                        return;
                    }
                    wait();
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        /** Until interrupted. */
        void kill() {
            try {
                while (true) {
                    synchronized (this) {
                        armed = true;
                        notifyAll();
                        long first = 0;
                        while (waiting.isEmpty() || (!everybody() && !longAgo(first))) {
                            if (!waiting.isEmpty() && first == 0) {
                                first = System.nanoTime();
                            }
                            wait(100);
                        }
                        if (!upgrade.kill()) {
                            throw new AssertionError("the controller was dead already");
                        }
                        rounds++;
                        for (String network : waiting) {
                            done.add(Objects.requireNonNull(due.get(network)).remove());
                        }
                        waiting.clear();
                        notifyAll();
                    }
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean everybody() {
            return due.entrySet().stream().allMatch(e -> e.getValue().isEmpty() || waiting.contains(e.getKey()));
        }

        @Override
        public synchronized String toString() {
            return rounds + " kills; next " + due + "; waiting " + waiting;
        }

        private static boolean longAgo(long first) {
            return first != 0 && System.nanoTime() - first > LONGEST_WAIT.toNanos();
        }
    }

    /** Revives the controller as often as it dies and confirms what it asks, until all runs are completed. */
    private static void completed(Rest rest, ServiceProcess upgrade, List<String> runs) {
        await("the runs complete")
                .dontCatchUncaughtExceptions()
                .atMost(Duration.ofMinutes(6))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    upgrade.revive();
                    int completed = 0;
                    for (String run : runs) {
                        var now = rest.get("/runs/" + run);
                        if (now.status() != 200) {
                            return false;
                        }
                        String status = now.body().get("status").asText();
                        assertThat(status).as("%s", failures(now.body())).isIn("queued", "running", "completed");
                        completed += status.equals("completed") ? 1 : 0;
                        for (String gate : steps(now.body(), "waiting")) {
                            rest.post("/runs/" + run + "/gates/" + gate, Map.of("confirmed", true, "comment", "done"));
                        }
                    }
                    return completed == runs.size();
                });
    }

    private static List<String> steps(JsonNode run, String state) {
        var found = new ArrayList<String>();
        for (var stage : run.get("stages")) {
            for (var lane : stage.get("lanes")) {
                for (var step : lane.get("steps")) {
                    if (step.get("state").asText().equals(state)) {
                        found.add(step.get("stepId").asText());
                    }
                }
            }
        }
        return found;
    }

    private static List<String> failures(JsonNode run) {
        return run.findValuesAsText("code").isEmpty()
                ? List.of()
                : run.findValues("failure").stream()
                        .filter(f -> f.has("code"))
                        .map(JsonNode::toString)
                        .toList();
    }

    /** How often each effect happened, host by host. */
    private static Map<String, Integer> effects(Lab lab, String network) {
        var counted = new TreeMap<String, Integer>();
        for (var host : List.of("server-1", "server-2", "balancer-1", "console-1")) {
            for (var effect : lab.host(network + "-" + host).effects()) {
                counted.merge(host + " " + UmsKillPoint.said(effect), 1, Integer::sum);
            }
        }
        assertThat(counted).as("%s", network).containsEntry("server-2 " + Kind.RENEW + " schema", 1);
        return counted;
    }

    /** The run's events, each once, without what differs between any two runs. */
    private static List<String> story(KafkaProbe probe, String run, String network) throws IOException {
        var ids = new LinkedHashSet<String>();
        var told = new ArrayList<String>();
        for (var message : probe.all(UPGRADES)) {
            JsonNode data = JSON.readTree(message.value());
            if (data.path("runId").asText().equals(run) && ids.add(message.header("ce_id"))) {
                String type = message.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1");
                // these happen on several hosts side by side: among them no order is promised
                boolean together = type.equals("PreflightPassed") || type.equals("NodeReturnedToNormalMode");
                told.add(type + " "
                        + (together ? "" : data.path("hostName").asText().replace(network + "-", "")) + " "
                        + data.path("gateId").asText() + " " + data.path("n").asText() + "/"
                        + data.path("m").asText());
            }
        }
        return told;
    }
}
