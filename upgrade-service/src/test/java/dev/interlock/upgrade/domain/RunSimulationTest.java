package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Plan.Limits;
import dev.interlock.upgrade.domain.Run.Status;
import dev.interlock.upgrade.domain.StepState.Failed;
import dev.interlock.upgrade.domain.StepState.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Thousands of runs with random faults, people, crashes and delays; after each move the invariants hold. */
class RunSimulationTest {
    private static final int RUNS = 4_000;
    private static final Failure BROKEN = new Failure("exit-1", "It broke.", "Mend it.");

    private long moves;

    @Test
    @Clause({"K5", "K9"})
    void invariantsHoldUnderRandomFaultsPeopleAndCrashes() {
        var ends = new HashMap<Status, Integer>();
        for (int seed = 0; seed < RUNS; seed++) {
            ends.merge(new Simulation(seed).play(), 1, Integer::sum);
        }
        System.out.println("simulated runs: " + RUNS + ", moves: " + moves + ", ends: " + ends);
        assertThat(ends).containsKeys(Status.COMPLETED, Status.FAILED, Status.ABORTED);
    }

    private final class Simulation {
        private final int seed;
        private final Random random;
        private final Plan plan;
        private Run run;
        private Instant now = Estate.NOON;
        private final Set<String> executed = new HashSet<>();
        private final Set<String> executedSteps = new HashSet<>();
        private final List<Command.Execute> inFlight = new ArrayList<>();
        private final List<Integer> nodesUpdated = new ArrayList<>();

        Simulation(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            int hosts = 1 + random.nextInt(6);
            var limits = new Limits(
                    1 + random.nextInt(3),
                    random.nextInt(4) == 0 ? 1 : 0,
                    random.nextInt(4) == 0 ? 1 + random.nextInt(3) : null);
            Window window =
                    random.nextInt(5) == 0 ? new Window(now, now.plusSeconds(300 + random.nextInt(2000)), "UTC") : null;
            this.plan = Estate.plan(Estate.hosts(hosts), limits, window);
            this.run = Estate.run(plan);
        }

        Status play() {
            happens(new Fact.Begun("olga", now));
            int calm = 40 + random.nextInt(120);
            for (int i = 0; i < calm && run.status() != Status.COMPLETED && run.status() != Status.ABORTED; i++) {
                disturb();
            }
            // From here on nobody disturbs: whatever is going on must come to rest by its own deadlines.
            for (int i = 0; run.status().moving(); i++) {
                assertThat(i).as("seed %d does not come to rest", seed).isLessThan(1000);
                now = now.plus(Duration.ofMinutes(16));
                happens(new Fact.ClockReached(now));
            }
            return run.status();
        }

        private void disturb() {
            now = now.plusSeconds(random.nextInt(20));
            String someStep = List.copyOf(run.steps().keySet())
                    .get(random.nextInt(run.steps().size()));
            String failed = run.steps().entrySet().stream()
                    .filter(e -> e.getValue() instanceof Failed)
                    .map(Map.Entry::getKey)
                    .findAny()
                    .orElse(someStep);
            switch (random.nextInt(24)) {
                case 0 -> happens(new Fact.PauseAsked("olga", "because", now));
                case 1, 2 -> happens(new Fact.ResumeAsked("olga", "because", now));
                case 3 -> {
                    if (random.nextInt(12) == 0) {
                        happens(new Fact.AbortAsked("olga", "because", now));
                    }
                }
                case 4, 5 -> happens(new Fact.RetryAsked(failed, "olga", "because", now));
                case 6 -> happens(new Fact.SkipAsked(failed, "olga", "because", now));
                case 7 -> {
                    // The instance dies: its answers are lost, another one takes over.
                    inFlight.clear();
                    happens(new Fact.Adopted(now));
                }
                case 8 -> happens(new Fact.ClockReached(now));
                case 9 -> happens(new Fact.StepDone(someStep, random.nextInt(3), List.of(), now));
                case 10 -> happens(new Fact.StepBroke(someStep, 7, BROKEN, List.of(), now));
                default -> answer();
            }
        }

        private void answer() {
            if (inFlight.isEmpty()) {
                happens(new Fact.ClockReached(now));
                return;
            }
            Command.Execute order = inFlight.remove(random.nextInt(inFlight.size()));
            switch (random.nextInt(10)) {
                case 0 -> happens(new Fact.StepBroke(order.stepId(), order.attempt(), BROKEN, List.of(), now));
                case 1 -> {} // no answer ever: the deadline ends it
                default -> happens(new Fact.StepDone(order.stepId(), order.attempt(), List.of(), now));
            }
        }

        private void happens(Fact fact) {
            moves++;
            if (!(RunDecider.decide(run, fact) instanceof Decided decided)) {
                return;
            }
            Run before = run;
            run = decided.run();
            for (Command command : decided.commands()) {
                switch (command) {
                    case Command.Execute e -> ordered(e, before);
                    case Command.Announce a -> {
                        if (a.event() instanceof UpgradeEvent.NodeUpdated updated) {
                            nodesUpdated.add(updated.n());
                        }
                    }
                    case Command.Show s -> {}
                    case Command.Release r -> {}
                }
            }
            check();
        }

        private void ordered(Command.Execute order, Run before) {
            String what = "seed " + seed + " " + order;
            assertThat(run.state(order.stepId())).as(what).isInstanceOf(Running.class);
            if (order.again()) {
                assertThat(before.state(order.stepId())).as(what).isInstanceOf(Running.class);
                assertThat(executed).as(what).contains(order.stepId() + "#" + order.attempt());
            } else {
                assertThat(executed.add(order.stepId() + "#" + order.attempt()))
                        .as("%s twice", what)
                        .isTrue();
            }
            executedSteps.add(order.stepId());
            String host = order.stepId().substring(order.stepId().indexOf('.'));
            String verb = order.stepId().substring(0, order.stepId().indexOf('.'));
            List<String> sequence = List.of("check", "stop", "install", "start", "prove");
            sequence.subList(0, sequence.indexOf(verb)).forEach(earlier -> {
                assertThat(run.state(earlier + host).done())
                        .as("%s before %s ended", what, earlier)
                        .isTrue();
                assertThat(executedSteps).as(what).contains(earlier + host);
            });
            Stage second = plan.stages().get(1);
            boolean ofCanary = second.lanes().stream()
                    .anyMatch(l -> l.steps().getFirst().id().equals(order.stepId()));
            if (second.haltOnFailure() && verb.equals("stop") && !ofCanary) {
                assertThat(second.lanes().stream()
                                .flatMap(l -> l.steps().stream())
                                .allMatch(s -> run.state(s.id()).done()))
                        .as("%s before the canary", what)
                        .isTrue();
            }
            inFlight.add(order);
        }

        private void check() {
            String what = "seed " + seed + " " + run.status();
            for (Stage stage : plan.stages()) {
                long going = stage.lanes().stream()
                        .flatMap(l -> l.steps().stream())
                        .filter(s -> run.state(s.id()) instanceof Running)
                        .count();
                assertThat(going).as("%s hosts at once", what).isLessThanOrEqualTo(stage.width());
            }
            boolean anyGoing = run.steps().values().stream().anyMatch(Running.class::isInstance);
            assertThat(anyGoing)
                    .as("%s moves exactly while a step is going on", what)
                    .isEqualTo(run.status().moving());
            assertThat(run.status() == Status.COMPLETED)
                    .as("%s is completed exactly when every step is done", what)
                    .isEqualTo(run.steps().values().stream().allMatch(StepState::done)
                            && !run.status().active()
                            && run.status() != Status.ABORTED);
            if (run.status() == Status.PAUSED || run.status() == Status.ABORTED || run.status() == Status.FAILED) {
                nobodyHalfWay(what);
            }
            for (int i = 0; i < nodesUpdated.size(); i++) {
                assertThat(nodesUpdated.get(i)).as("%s counts its nodes", what).isEqualTo(i + 1);
            }
        }

        /** At rest a host's services are down only where a step failed, or a person brought one back while the run rests. */
        private void nobodyHalfWay(String what) {
            Set<UUID> failedOrBroughtBack = new HashSet<>();
            plan.steps().forEach(s -> {
                StepState state = run.state(s.id());
                if (state instanceof Failed
                        || (state instanceof StepState.Pending p && p.attempt() > 0)
                        || state instanceof StepState.Skipped) {
                    failedOrBroughtBack.add(s.hostId());
                }
            });
            plan.stages().stream().flatMap(s -> s.lanes().stream()).forEach(lane -> {
                if (failedOrBroughtBack.contains(lane.hostId())) {
                    return;
                }
                int done = 0;
                while (done < lane.steps().size()
                        && run.state(lane.steps().get(done).id()).done()) {
                    done++;
                }
                if (done > 0) {
                    assertThat(lane.steps().get(done - 1).safeAfter())
                            .as("%s leaves a host half-way", what)
                            .isTrue();
                }
            });
        }
    }
}
