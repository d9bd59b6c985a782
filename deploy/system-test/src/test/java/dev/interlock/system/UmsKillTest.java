package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.PrivateInfrastructure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of upgrade-service at every boundary of every kind of step of the UMS procedure and before and after each effect. Several
 * networks are upgraded side by side; each waits at its next place to die, and one kill is for all of them. Beside them the same run
 * undisturbed: all must have the same effects on the hosts and tell the same story in the same order.
 */
class UmsKillTest {
    private static final int NETWORKS = 6;

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
            // The hosts' time runs thirty times as fast as the controller needs to come back: nothing may seem to hang.
            var patient = Stream.of(
                            "stop-patience",
                            "renew-patience",
                            "reconnect-patience",
                            "answer-patience",
                            "enter-max",
                            "install-max")
                    .collect(Collectors.<String, String, Object>toMap(
                            patience -> "interlock.upgrade.ums." + patience, patience -> "5h"));
            try (var inventory = new InventoriedLab(lab, servers);
                    var controller = Controller.start(servers, lab, patient, logs)) {
                var calm = Upgrade.start(controller.rest(), inventory.deployment("calm"), "12.05.100", 1);
                controller.awaitCompleted(List.of(calm), () -> "nobody is killed");

                var assassin = new Assassin(controller, points);
                lab.onCommand(assassin::on);
                var killed = new ArrayList<String>();
                for (int i = 0; i < NETWORKS; i++) {
                    killed.add(Upgrade.start(controller.rest(), inventory.deployment(network(i)), "12.05.100", 1));
                }
                var killing = Thread.startVirtualThread(assassin::kill);
                controller.awaitCompleted(killed, assassin::toString);
                killing.interrupt();

                assertThat(assassin.done)
                        .as("places at which the controller was killed")
                        .containsExactlyInAnyOrderElementsOf(points);
                for (int i = 0; i < NETWORKS; i++) {
                    assertThat(effects(lab, network(i)))
                            .as("effects in %s", network(i))
                            .isEqualTo(effects(lab, "calm"));
                }
                var events = new RunEvents(servers);
                var calmStory = story(events, calm, "calm");
                assertThat(calmStory).as("the undisturbed story").hasSizeGreaterThan(20);
                for (int i = 0; i < NETWORKS; i++) {
                    int each = i;
                    await("the whole story is told")
                            .atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(story(events, killed.get(each), network(each)))
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

        private final Controller controller;
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

        Assassin(Controller controller, List<UmsKillPoint> points) {
            this.controller = controller;
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
                        if (!controller.kill()) {
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

    /** The run's events, without what differs between any two runs. */
    private static List<String> story(RunEvents events, String run, String network) throws IOException {
        return events.of(run).stream()
                .map(event -> {
                    // these happen on several hosts side by side: among them no order is promised
                    boolean together = event.type().equals("PreflightPassed")
                            || event.type().equals("NodeReturnedToNormalMode");
                    var data = event.data();
                    return event.type() + " "
                            + (together ? "" : data.path("hostName").asText().replace(network + "-", "")) + " "
                            + data.path("gateId").asText() + " "
                            + data.path("n").asText() + "/"
                            + data.path("m").asText();
                })
                .toList();
    }
}
