package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect;
import dev.interlock.testkit.PrivateInfrastructure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs with SIGKILL of upgrade-service at every boundary of every step and inside every step. One host a place to die: several runs
 * go from host to host side by side, each host waits at its place, and one kill is for all that wait. The controller is started
 * again, and every run must finish. Beside them the same runs undisturbed: both must have the same effects on the hosts and tell the
 * same story in the same order.
 *
 * @param variant of the product on the n-th host
 */
record KilledAnywhere(
        String product, IntFunction<String> variant, String target, double timeScale, KillPoint.Steps steps) {
    private static final int RUNS = 6;

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
                for (var side : List.of("calm", "killed")) {
                    hosts.prepare(
                            lab.add(name(side, i), product, variant.apply(i), deployment(side, i % RUNS)),
                            points.get(i));
                }
            }
            try (var inventory = new InventoriedLab(lab, servers);
                    var controller = Controller.start(servers, lab, Map.of(), logs)) {
                var calm = upgrades(controller, inventory, "calm");
                controller.awaitCompleted(calm, () -> "nobody is killed");
                var assassin = new Assassin(controller, steps, points);
                lab.onCommand(assassin::on);
                var killed = upgrades(controller, inventory, "killed");
                controller.awaitCompleted(killed, assassin::toString);

                assertThat(assassin.done)
                        .as("places at which the controller was killed")
                        .containsExactlyInAnyOrderElementsOf(points);
                for (int i = 0; i < points.size(); i++) {
                    assertThat(effects(lab, name("killed", i)))
                            .as("effects on the host where the controller died at %s", points.get(i))
                            .isEqualTo(effects(lab, name("calm", i)));
                    hosts.compare(lab.host(name("calm", i)), lab.host(name("killed", i)));
                }
                var events = new RunEvents(servers);
                for (int run = 0; run < RUNS; run++) {
                    var calmStory = story(events, calm.get(run), "calm");
                    assertThat(calmStory).as("the undisturbed story").hasSizeGreaterThan(2 * (points.size() / RUNS));
                    var killedRun = killed.get(run);
                    await("the whole story is told")
                            .atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(story(events, killedRun, "killed"))
                                    .isEqualTo(calmStory));
                }
                System.out.printf("%s: killed at %d places, %d kills%n", product, assassin.done.size(), assassin.kills);
            }
        }
    }

    private List<String> upgrades(Controller controller, InventoriedLab inventory, String side) {
        return IntStream.range(0, RUNS)
                .mapToObj(
                        run -> Upgrade.start(controller.rest(), inventory.deployment(deployment(side, run)), target, 1))
                .toList();
    }

    /**
     * Kills the controller when every run that still has places to die is at one of them: there it cannot be at a later one too,
     * for a run works on one host after another, the preflight excepted.
     */
    private static final class Assassin {
        private final Controller controller;
        private final KillPoint.Steps procedure;
        /** Run → host → where the controller still has to die. */
        private final Map<Integer, Map<String, KillPoint>> due = new LinkedHashMap<>();

        private final Map<String, Integer> runs = new HashMap<>();
        private final Map<String, Command> commands = new HashMap<>();
        private final Map<String, Integer> seen = new HashMap<>();
        private final Set<String> waiting = new HashSet<>();
        /** The one that is being answered, with all others in their places. */
        private @Nullable String told;

        final List<KillPoint> done = new ArrayList<>();
        int kills;

        /** @param life of the controller that sent it, counted by kills; -1: of none that still lives */
        private record Command(String step, int life) {}

        Assassin(Controller controller, KillPoint.Steps procedure, List<KillPoint> points) {
            this.controller = controller;
            this.procedure = procedure;
            for (int i = 0; i < points.size(); i++) {
                runs.put(name("killed", i), i % RUNS);
                due.computeIfAbsent(i % RUNS, run -> new LinkedHashMap<>()).put(name("killed", i), points.get(i));
            }
        }

        synchronized void on(Moment moment) {
            var host = moment.host();
            if (moment instanceof Moment.Started(var h, var id, var script)) {
                var step = procedure.of(script, host);
                if (step != null) {
                    commands.put(id, new Command(step, controller.isAlive() ? kills : -1));
                }
            }
            var command = commands.get(moment.commandId());
            var point = due(host).get(host);
            if (point == null || command == null) {
                return;
            }
            var when = KillPoint.When.of(moment);
            if (host.equals(told) && when == KillPoint.When.ANSWERED) {
                kill();
            } else if (waiting.contains(host)) {
                awaitKill(host); // units are stopped and started side by side: nothing else happens here meanwhile
            } else if (point.step().equals(command.step()) && command.life() == kills && isReached(point, when, host)) {
                arrive(host);
            }
        }

        /** Before it is answered a host waits for all others, so that the kill can follow right upon the answer. */
        private boolean isReached(KillPoint point, KillPoint.When when, String host) {
            return point.when() == KillPoint.When.ANSWERED
                    ? when == KillPoint.When.ANSWERING
                    : when == point.when() && seen.merge(host, 1, Integer::sum) == point.nth();
        }

        private void arrive(String host) {
            waiting.add(host);
            if (due.keySet().stream().allMatch(this::isInPlace)) {
                waiting.stream().filter(this::diesOnAnswer).findFirst().ifPresentOrElse(this::tell, this::kill);
            }
            awaitKill(host);
        }

        private void awaitKill(String host) {
            try {
                for (int life = kills; life == kills && !host.equals(told); ) {
                    wait();
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean diesOnAnswer(String host) {
            var point = due(host).get(host);
            return point != null && point.when() == KillPoint.When.ANSWERED;
        }

        private void tell(String host) {
            told = host;
            notifyAll();
        }

        /** Another one that is to die on an answer has its turn when it has come there again. */
        private void kill() {
            if (controller.kill()) {
                for (String host : waiting) {
                    if (host.equals(told) || !diesOnAnswer(host)) {
                        done.add(Objects.requireNonNull(due(host).remove(host)));
                    }
                }
            }
            kills++;
            seen.keySet().removeAll(waiting);
            waiting.clear();
            told = null;
            notifyAll();
        }
        /** The preflight goes on at all hosts of a run at once, what follows at one. */
        private boolean isInPlace(int run) {
            var places = due.getOrDefault(run, Map.of());
            var preflight = places.entrySet().stream()
                    .filter(place ->
                            procedure.preflight().contains(place.getValue().step()))
                    .map(Map.Entry::getKey)
                    .toList();
            return places.isEmpty()
                    || (preflight.isEmpty()
                            ? places.keySet().stream().anyMatch(waiting::contains)
                            : waiting.containsAll(preflight));
        }

        private Map<String, KillPoint> due(String host) {
            return due.getOrDefault(runs.getOrDefault(host, -1), Map.of());
        }

        @Override
        public synchronized String toString() {
            return kills + " kills; to come " + due + "; waiting " + waiting;
        }
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

    /** The run's events, without what differs between any two runs: ids, times and the hosts' first names. */
    private static List<String> story(RunEvents events, String run, String side) throws IOException {
        var told = new ArrayList<String>();
        for (var event : events.of(run)) {
            told.add(event.type() + " " + event.data().path("hostName").asText().replace(side, "") + " "
                    + event.data().path("n").asText() + "/"
                    + event.data().path("m").asText());
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

    private static String name(String side, int i) {
        return "%s-%02d".formatted(side, i);
    }

    private static String deployment(String side, int run) {
        return side + "-run-" + run;
    }
}
