package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Invariant.Before;
import dev.interlock.upgrade.domain.Invariant.LastAlone;
import dev.interlock.upgrade.domain.Invariant.Scope;
import dev.interlock.upgrade.domain.Ordering.Moment;
import dev.interlock.upgrade.domain.Plan.Limits;
import dev.interlock.upgrade.domain.Run.Status;
import dev.interlock.upgrade.domain.Step.Trait;
import dev.interlock.upgrade.domain.StepState.Failed;
import dev.interlock.upgrade.domain.StepState.Running;
import dev.interlock.upgrade.domain.StepState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A million and more moves of the pure decider with random faults, timing, crashes, adoptions, people, gates and interlocks; after each
 * the procedure's invariants hold. No host, no database, no clock: a seed gives the same story again. The same search finds
 * the breach in a procedure and in a decider that are broken on purpose.
 */
class InvariantSimulationTest {
    private static final long MOVES = 1_000_000;
    private static final int MOVES_TO_FIND_A_DEFECT = 50_000;
    /** Whatever a step may have to find out for its event. */
    private static final Map<String, String> FOUND = Map.of(
            Findings.SCHEMA_VERSION, "12.5",
            Findings.BACKUP_WHAT, "database",
            Findings.BACKUP_REFERENCE, "/backups/1",
            Findings.BACKUP_BYTES, "1");

    private static final Failure BROKEN = new Failure("exit-1", "It broke.", "Mend it.");

    interface Decider {
        Decision decide(Run run, Fact fact);
    }

    /** A procedure to be simulated: a plan of any shape, and what must hold of it. */
    interface Case {
        Plan plan(Random random);

        List<Invariant> invariants();
    }

    @Test
    @Clause({"G3", "G11", "G12", "G16", "G17", "K5", "K9", "K10", "L84"})
    void theInvariantsOfEveryProcedureHoldWhateverHappens() {
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("keeper", KEEPER);
        cases.put("cluster", cluster(true));
        cases.put("igel-ums", UMS);
        cases.put("pcoip-license-server", LICENSE_SERVER);
        long firstSeed = 20_261_121;
        for (var each : cases.entrySet()) {
            var tally = search(each.getValue(), RunDecider::decide, firstSeed, MOVES / cases.size());
            System.out.println("simulated " + each.getKey() + " from seed " + firstSeed + ": " + tally);
            assertThat(tally.breach).as("%s", tally).isNull();
            assertThat(tally.moves).isGreaterThanOrEqualTo(MOVES / cases.size());
            assertThat(tally.ends.keySet())
                    .as("ways to end that were seen")
                    .contains(Status.COMPLETED, Status.ABORTED, Status.PAUSED);
            assertThat(tally.interlocks).as("interlocks that broke").isPositive();
        }
    }

    @Test
    void theSearchFindsTheBreachInAProcedureThatPassesByAFailedServer() {
        var tally = search(cluster(false), RunDecider::decide, 1, MOVES_TO_FIND_A_DEFECT);
        System.out.println("simulated a broken procedure: " + tally);
        assertThat(tally.breach).as("%s", tally).isNotNull();
    }

    @Test
    void theSearchFindsTheBreachInADeciderThatIsAStepAhead() {
        Decider ahead = (run, fact) -> {
            Decision decision = RunDecider.decide(run, fact);
            if (!(fact instanceof Fact.StepDone done)
                    || !(decision instanceof Decided decided)
                    || decided.commands().isEmpty()) {
                return decision;
            }
            Optional<Step> tooEarly = run.plan().stages().stream()
                    .flatMap(s -> s.lanes().stream())
                    .filter(l -> l.steps().stream().anyMatch(s -> s.id().equals(done.stepId())))
                    .flatMap(l -> l.steps().stream()
                            .dropWhile(s -> !s.id().equals(done.stepId()))
                            .skip(2)
                            .limit(1))
                    .findFirst();
            var commands = new ArrayList<>(decided.commands());
            tooEarly.ifPresent(s -> commands.add(new Command.Show(s.id(), s.hostId(), "", "running", 1)));
            return new Decided(decided.run(), commands);
        };
        var tally = search(KEEPER, ahead, 1, MOVES_TO_FIND_A_DEFECT);
        System.out.println("simulated a broken decider: " + tally);
        assertThat(tally.breach).as("%s", tally).isNotNull();
    }

    /** A person skips the last server's update: what it needs cannot be skipped, so this decider, which lets him, is found out. */
    @Test
    void theSearchFindsTheBreachInADeciderThatLetsPeopleSkipWhatIsNeeded() {
        Decider lenient = (run, fact) -> {
            if (fact instanceof Fact.SkipAsked skip
                    && run.steps().get(skip.stepId()) instanceof Failed failed
                    && RunDecider.decide(run, fact) instanceof Refused) {
                var steps = new LinkedHashMap<>(run.steps());
                var skipped = new StepState.Skipped(failed.attempt(), skip.at(), skip.by(), skip.reason());
                steps.put(skip.stepId(), skipped);
                var after = new Run(
                        run.id(),
                        run.planId(),
                        run.planHash(),
                        run.plan(),
                        run.status(),
                        run.startedAt(),
                        run.endedAt(),
                        run.asked(),
                        steps);
                return new Decided(
                        after,
                        List.of(new Command.Show(skip.stepId(), Estate.id("web-1"), "", "skipped", failed.attempt())));
            }
            return RunDecider.decide(run, fact);
        };
        var tally = search(cluster(true), lenient, 1, MOVES_TO_FIND_A_DEFECT);
        System.out.println("simulated a lenient decider: " + tally);
        assertThat(tally.breach).as("%s", tally).isNotNull();
    }

    // ---- what is simulated

    static final Case KEEPER = new Case() {
        @Override
        public Plan plan(Random random) {
            var limits = new Limits(
                    1 + random.nextInt(3),
                    random.nextInt(4) == 0 ? 1 : 0,
                    random.nextInt(4) == 0 ? 1 + random.nextInt(3) : null);
            Window window = random.nextInt(5) == 0
                    ? new Window(Estate.NOON, Estate.NOON.plusSeconds(300 + random.nextInt(2000)), "UTC")
                    : null;
            return Estate.plan(Estate.hosts(1 + random.nextInt(4)), limits, window);
        }

        @Override
        public List<Invariant> invariants() {
            return Invariants.KEEPER;
        }
    };

    static final Case LICENSE_SERVER = new Case() {
        private final PcoipLicenseServer procedure = new PcoipLicenseServer(new PcoipLicenseServer.Settings(
                "pcoip-license-server",
                500,
                3815,
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10),
                Duration.ofMinutes(15),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                "/var/lib/interlock/rpms"));

        @Override
        public Plan plan(Random random) {
            var hosts = new LinkedHashMap<UUID, Host>();
            var members = new ArrayList<Deployment.Member>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                var host = new Host(
                        Estate.id("ls-" + i),
                        "ls-" + i,
                        "10.0.0.1",
                        22,
                        "interlock",
                        "fleet",
                        "ssh-ed25519 AAAA",
                        "reachable",
                        Map.of("pcoip-license-server", "22.09"),
                        Map.of("flexnetls-TERADICI", "active"));
                hosts.put(host.id(), host);
                members.add(new Deployment.Member(host.id(), "license-server"));
            }
            Map<String, String> settings = Map.of(
                    "install",
                    List.of("repository", "temporary-connection", "carried").get(random.nextInt(3)));
            var order = new Procedure.Order(
                    new Deployment(Estate.DEPLOYMENT, "licenses", "pcoip-license-server", members, settings),
                    hosts,
                    new Version("23.04"),
                    List.of(new Release(
                            Product.PCOIP_LICENSE_SERVER, new Version("23.04"), "teradici", Map.of(), false, "")),
                    new Limits(1, 0, null),
                    null);
            if (procedure.plan(order) instanceof Procedure.Planning.Planned planned) {
                assertThat(new Ordering(planned.plan(), Invariants.LICENSE_SERVER).inPlan())
                        .isEmpty();
                return planned.plan();
            }
            throw new AssertionError(procedure.plan(order).toString());
        }

        @Override
        public List<Invariant> invariants() {
            return Invariants.LICENSE_SERVER;
        }
    };

    static final Case UMS = new Case() {
        @Override
        public Plan plan(Random random) {
            return IgelUmsHighAvailabilityTest.network(
                    1 + random.nextInt(3),
                    random.nextInt(2),
                    random.nextInt(2),
                    random.nextInt(4) == 0 ? "12.04.110" : "12.05.100");
        }

        @Override
        public List<Invariant> invariants() {
            return Invariants.UMS;
        }
    };

    /**
     * A cluster as IGEL's: all checked, a gate, each server in turn, the last one renews, all return. Keeper's actions stand for
     * those of the cluster: stop for entering update mode, upgrade for installing, start for renewing, prove for returning.
     *
     * @param halting false: a failed server is passed by, which is the defect
     */
    static Case cluster(boolean halting) {
        return new Case() {
            @Override
            public Plan plan(Random random) {
                int servers = 2 + random.nextInt(3);
                Plan keeper = Estate.plan(servers, 1);
                List<Host> hosts = Estate.hosts(servers);
                Host last = hosts.getLast();
                return new Plan(
                        keeper.product(),
                        keeper.deploymentId(),
                        keeper.deployment(),
                        keeper.from(),
                        keeper.target(),
                        keeper.repository(),
                        new Limits(1, 0, null),
                        null,
                        keeper.targets(),
                        List.of(
                                stage("check", servers, halting, null, hosts, h -> List.of(check(h))),
                                stage("freeze", 1, halting, null, List.of(last), h -> List.of(gate(h))),
                                stage(
                                        "update",
                                        1,
                                        halting,
                                        "The way is forward.",
                                        hosts,
                                        h -> List.of(stop(h), install(h))),
                                stage(
                                        "renew",
                                        1,
                                        halting,
                                        "The way is forward.",
                                        List.of(last),
                                        h -> List.of(renew(h))),
                                stage("return", servers, halting, null, hosts, h -> List.of(prove(h)))),
                        List.of());
            }

            @Override
            public List<Invariant> invariants() {
                return CLUSTER;
            }
        };
    }

    private static final List<Invariant> CLUSTER = List.of(
            new Before("G2", "Checked first", Scope.ALL, Set.of("check-host"), Set.of("stop-services")),
            new Before("G12", "Announced first", Scope.ANY, Set.of("gate:freeze"), Set.of("stop-services")),
            new Before(
                    "G11",
                    "In update mode first",
                    Scope.SAME_HOST,
                    Set.of("stop-services"),
                    Set.of("upgrade-packages")),
            new LastAlone("G16", "The last renews", Set.of("upgrade-packages"), Set.of("start-services")),
            new Before("G17", "Renewed first", Scope.ALL, Set.of("start-services"), Set.of("prove-version")),
            new Before("G25", "All returned", Scope.ALL, Set.of("prove-version"), Set.of(Invariant.COMPLETED)));

    private interface Steps {
        List<Step> of(Host host);
    }

    private static Stage stage(
            String name, int width, boolean halt, @Nullable String noWayBack, List<Host> hosts, Steps steps) {
        return new Stage(
                name,
                width,
                halt,
                noWayBack,
                hosts.stream()
                        .map(h -> new Stage.Lane(h.id(), h.name(), steps.of(h)))
                        .toList());
    }

    private static Step step(String verb, Host host, Action action, boolean safeAfter, Trait... traits) {
        return new Step(
                        verb + "." + host.name(),
                        verb,
                        List.of("G16"),
                        host.id(),
                        action,
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(2),
                        "before",
                        "after",
                        Step.OnFailure.STOP_AND_ASK,
                        safeAfter)
                .with(traits);
    }

    private static Step check(Host h) {
        return step(
                "check", h, new Action.CheckHost(List.of(), List.of(), Map.of(), 1, Duration.ZERO), true, Trait.NEEDED);
    }

    private static Step gate(Host h) {
        return step("freeze", h, new Gate("No changes?", "operator", true), true, Trait.NEEDED);
    }

    private static Step stop(Host h) {
        return step("stop", h, new Action.StopServices(List.of("ums")), false, Trait.NEEDED, Trait.NEVER_REBOOT);
    }

    private static Step install(Host h) {
        return step(
                "install",
                h,
                new Action.UpgradePackages(Map.of("ums", "12.5"), List.of("ums"), Duration.ZERO),
                true,
                Trait.NEEDED);
    }

    private static Step renew(Host h) {
        return step("renew", h, new Action.StartServices(List.of("ums"), Map.of(), Duration.ZERO), true, Trait.NEEDED);
    }

    private static Step prove(Host h) {
        return step("prove", h, new Action.ProveVersion(Map.of(), List.of(), List.of(), Map.of()), true);
    }

    // ---- the search

    static final class Tally {
        long moves;
        long runs;
        long interlocks;
        long answers;
        final EnumMap<Status, Integer> ends = new EnumMap<>(Status.class);

        @Nullable
        String breach;

        @Override
        public String toString() {
            return moves + " moves in " + runs + " runs, interlocks broken " + interlocks + ", gates answered "
                    + answers + ", ends " + ends + (breach == null ? ", no breach" : ", breach: " + breach);
        }
    }

    static Tally search(Case of, Decider decider, long firstSeed, long moves) {
        var tally = new Tally();
        for (long seed = firstSeed; tally.moves < moves && tally.breach == null; seed++) {
            new Simulation(of, decider, seed, tally).play();
            tally.runs++;
        }
        return tally;
    }

    private static final class Simulation {
        private final long seed;
        private final Random random;
        private final Decider decider;
        private final Tally tally;
        private final Ordering.Watch watch;
        private final List<String> ids;
        private final List<Command.Execute> inFlight = new ArrayList<>();
        private Run run;
        private Instant now = Estate.NOON;

        Simulation(Case of, Decider decider, long seed, Tally tally) {
            this.seed = seed;
            this.random = new Random(seed);
            this.decider = decider;
            this.tally = tally;
            Plan plan = of.plan(random);
            this.run = Estate.run(plan);
            this.ids = List.copyOf(run.steps().keySet());
            this.watch = new Ordering(plan, of.invariants()).new Watch();
        }

        void play() {
            happens(new Fact.Begun("olga", now));
            int length = 40 + random.nextInt(160);
            for (int i = 0;
                    i < length
                            && tally.breach == null
                            && run.status() != Status.COMPLETED
                            && run.status() != Status.ABORTED;
                    i++) {
                disturb();
            }
            tally.ends.merge(run.status(), 1, Integer::sum);
        }

        private Optional<String> step(Class<? extends StepState> in) {
            List<String> such = run.steps().entrySet().stream()
                    .filter(e -> in.isInstance(e.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            return such.isEmpty() ? Optional.empty() : Optional.of(such.get(random.nextInt(such.size())));
        }

        private void disturb() {
            now = now.plusSeconds(random.nextInt(30));
            String any = ids.get(random.nextInt(ids.size()));
            String failed = step(Failed.class).orElse(any);
            switch (random.nextInt(28)) {
                case 0 -> happens(new Fact.PauseAsked("olga", "because", now));
                case 1, 2 -> happens(new Fact.ResumeAsked("olga", "because", now));
                case 3 -> {
                    if (random.nextInt(10) == 0) {
                        happens(new Fact.AbortAsked("olga", "because", now));
                    }
                }
                case 4, 5 -> happens(new Fact.RetryAsked(failed, "olga", "because", now));
                case 6 -> happens(new Fact.SkipAsked(failed, "olga", "because", now));
                case 7 -> {
                    // the instance dies: its answers are lost, another one takes over
                    inFlight.clear();
                    happens(new Fact.Adopted(now));
                }
                case 8 -> happens(new Fact.ClockReached(now));
                case 9 -> happens(new Fact.StepDone(any, random.nextInt(3), List.of(), FOUND, now));
                case 10 -> happens(new Fact.StepBroke(any, random.nextInt(3), BROKEN, List.of(), now));
                case 11 -> {
                    tally.interlocks += run.status() == Status.RUNNING ? 1 : 0;
                    happens(new Fact.InterlockBroke("interlock", "clocks (G5): apart. Set them.", now));
                }
                case 12, 13, 14 -> {
                    Optional<String> gate = step(Waiting.class);
                    tally.answers += gate.isPresent() ? 1 : 0;
                    happens(new Fact.GateAnswered(gate.orElse(any), random.nextInt(4) > 0, "ada", "yes", now));
                }
                default -> answer();
            }
        }

        private void answer() {
            if (inFlight.isEmpty()) {
                // what is lost is ended by its deadline
                if (step(Running.class).isPresent()) {
                    now = now.plus(Duration.ofMinutes(16));
                }
                happens(new Fact.ClockReached(now));
                return;
            }
            Command.Execute order = inFlight.remove(random.nextInt(inFlight.size()));
            switch (random.nextInt(12)) {
                case 0 -> happens(new Fact.StepBroke(order.stepId(), order.attempt(), BROKEN, List.of(), now));
                case 1 -> {} // no answer ever
                default -> happens(new Fact.StepDone(order.stepId(), order.attempt(), List.of(), FOUND, now));
            }
        }

        private void happens(Fact fact) {
            tally.moves++;
            if (!(decider.decide(run, fact) instanceof Decided decided)) {
                return;
            }
            Status before = run.status();
            run = decided.run();
            for (Command command : decided.commands()) {
                switch (command) {
                    case Command.Show show -> {
                        switch (show.state()) {
                            case "running", "waiting" -> watch.sees(new Moment.Begun(show.stepId()));
                            case "succeeded" -> watch.sees(new Moment.Done(show.stepId(), false));
                            case "skipped" -> watch.sees(new Moment.Done(show.stepId(), true));
                            default -> {}
                        }
                    }
                    case Command.Execute execute -> inFlight.add(execute);
                    case Command.Announce announce -> {}
                    case Command.Release release -> {}
                }
            }
            if (run.status() == Status.COMPLETED && before != Status.COMPLETED) {
                watch.sees(new Moment.Completed());
            }
            if (!watch.breaches().isEmpty()) {
                tally.breach = "seed " + seed + ", on " + fact + ": " + watch.breaches();
            }
        }
    }
}
