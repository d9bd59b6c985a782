package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.Finding.Weight;
import dev.interlock.upgrade.domain.Plan.Limits;
import dev.interlock.upgrade.domain.Situation.Agent;
import dev.interlock.upgrade.domain.Situation.Coverage;
import dev.interlock.upgrade.domain.Situation.Lock;
import dev.interlock.upgrade.domain.Situation.Moment;
import dev.interlock.upgrade.domain.Situation.Stake;
import dev.interlock.upgrade.domain.Step.Trait;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each interlock: what it lets through, what it does not, and in which words. */
class InterlockTest {
    private static final Duration OUTAGE = Duration.ofMinutes(10);

    private Moment moment = Moment.STARTING;
    private Instant now = NOON;
    private Plan plan = Estate.plan(2, 1);
    private @Nullable Run run;
    private @Nullable UUID otherRun;
    private @Nullable List<String> orphans = List.of();
    private @Nullable String clockSkew;
    private @Nullable Coverage coverage;
    private @Nullable String unknownServer;
    private Duration outage = OUTAGE;
    private List<Stake> stakes = List.of();
    private List<Lock> locks = List.of();
    private Map<String, Set<String>> words = Map.of();

    private List<Finding> check() {
        return Interlock.check(new Situation(
                moment,
                now,
                plan,
                run,
                otherRun,
                orphans,
                clockSkew,
                coverage,
                unknownServer,
                outage,
                stakes,
                locks,
                words));
    }

    private Finding only() {
        assertThat(check()).hasSize(1);
        return check().getFirst();
    }

    private static Agent licensed(String name, @Nullable Instant graceEndsAt) {
        return new Agent(Estate.id(name), name, true, graceEndsAt, false);
    }

    private static Agent never(String name) {
        return new Agent(Estate.id(name), name, false, null, false);
    }

    private static Plan with(Plan p, @Nullable Window window, String product, List<Stage> stages) {
        return new Plan(
                product,
                p.deploymentId(),
                p.deployment(),
                p.from(),
                p.target(),
                p.repository(),
                p.limits(),
                window,
                p.targets(),
                stages,
                p.notes());
    }

    private static Plan withTraits(Plan p, String word, Trait... traits) {
        return with(
                p,
                p.window(),
                p.product(),
                p.stages().stream()
                        .map(stage -> new Stage(
                                stage.name(),
                                stage.width(),
                                stage.haltOnFailure(),
                                stage.noWayBack(),
                                stage.lanes().stream()
                                        .map(lane -> new Stage.Lane(
                                                lane.hostId(),
                                                lane.hostName(),
                                                lane.steps().stream()
                                                        .map(s -> s.action()
                                                                        .word()
                                                                        .equals(word)
                                                                ? s.with(traits)
                                                                : s)
                                                        .toList()))
                                        .toList()))
                        .toList());
    }

    @Test
    void withNothingInTheWayNothingIsFound() {
        for (Moment each : Moment.values()) {
            moment = each;
            assertThat(check()).isEmpty();
        }
    }

    @Test
    void anotherRunOfTheDeploymentBlocks() {
        otherRun = Estate.id("other");
        assertThat(only())
                .isEqualTo(new Finding(
                        "one-run",
                        "P9",
                        Weight.BLOCKS,
                        "Run " + otherRun + " has the deployment web.",
                        "Wait until it has ended, or abort it.",
                        List.of()));
    }

    // ---- grace

    @Test
    @Clause("L37")
    void anAgentWhoseGraceEndsWithinTheOutageBlocksAndIsNamed() {
        coverage = new Coverage(
                200,
                List.of(
                        licensed("ws-7", NOON.plus(OUTAGE)),
                        licensed("ws-8", NOON.plus(OUTAGE).plusSeconds(1))));
        Finding finding = only();
        assertThat(finding.interlock()).isEqualTo("grace-budget");
        assertThat(finding.clause()).isEqualTo("L37");
        assertThat(finding.weight()).isEqualTo(Weight.BLOCKS);
        assertThat(finding.sentence())
                .isEqualTo(
                        "1 of 200 agents would run out of grace while the license server is away for up to 10 min: the"
                                + " first is ws-7, whose grace ends at 2026-03-01T12:10:00Z.");
        assertThat(finding.subjects()).containsExactly("ws-7");
        words = Map.of("grace-budget", Set.of("ws-7"));
        assertThat(only().blocks()).as("nobody's word opens it").isTrue();
    }

    @Test
    @Clause("L37")
    void agentsWithEnoughGraceAndThoseNotInGraceLetItThrough() {
        coverage = new Coverage(200, List.of(licensed("ws-8", NOON.plus(Duration.ofDays(3)))));
        assertThat(check()).isEmpty();
        outage = Duration.ofDays(7);
        assertThat(only().sentence())
                .isEqualTo(
                        "The license server may be away for 7 days, longer than the 7 days that agents go on without it.");
    }

    @Test
    @Clause("L38")
    void whoWasNeverLicensedOrHasNoGraceLeftIsNamedAndWantsAWord() {
        coverage = new Coverage(
                5,
                List.of(
                        never("ws-1"),
                        new Agent(Estate.id("ws-2"), "ws-2", true, NOON.minusSeconds(5), true),
                        licensed("ws-3", NOON)));
        Finding finding = only();
        assertThat(finding.weight()).isEqualTo(Weight.WANTS_WORD);
        assertThat(finding.subjects()).containsExactly("ws-1", "ws-2", "ws-3");
        assertThat(finding.sentence())
                .startsWith("3 of 5 agents were never licensed or have no grace left")
                .contains("ws-1, ws-2, ws-3");
        assertThat(finding.blocks()).isTrue();

        words = Map.of("refused-agents", Set.of("ws-1", "ws-2", "ws-3", "ws-9"));
        assertThat(only().weight()).isEqualTo(Weight.ACKNOWLEDGED);
        assertThat(only().blocks()).isFalse();
        words = Map.of("refused-agents", Set.of("ws-1", "ws-2"));
        assertThat(only().weight()).as("a longer list asks again").isEqualTo(Weight.WANTS_WORD);
    }

    @Test
    void aPlanWithoutAnOutageAsksNoAgent() {
        coverage = new Coverage(1, List.of(never("ws-1")));
        outage = Duration.ZERO;
        assertThat(check()).isEmpty();
    }

    @Test
    void aLicenseServerThatNobodyNamedIsSaidForTheApprover() {
        plan = with(plan, null, Product.PCOIP_LICENSE_SERVER.id(), plan.stages());
        assertThat(only().weight()).isEqualTo(Weight.NOTE);
        assertThat(only().next()).contains("licenseServerId");
        assertThat(only().blocks()).isFalse();
    }

    @Test
    @Clause("L38")
    void aLicenseServerThatIsNamedAndUnknownBlocks() {
        unknownServer = "lic-emae";
        assertThat(only().weight()).isEqualTo(Weight.BLOCKS);
        assertThat(only().sentence())
                .isEqualTo(
                        "web names the license server 'lic-emae', of which nothing has been heard or which is out of service: who depends on it is not"
                                + " known.");
        outage = Duration.ZERO;
        assertThat(check()).isEmpty();
    }

    /** The longest of all hosts; what was measured before what the plan allows; and none of an outage that has begun. */
    @Test
    @Clause("L37")
    void theOutageIsWhatIsMarkedAsOne() {
        Duration web1 = Duration.ofSeconds(30);
        Duration web2 = Duration.ofSeconds(70);
        assertThat(Situation.outage(plan, null, s -> s.id().endsWith("web-1") ? web1 : web2))
                .as("stop, install and start of the slower host")
                .isEqualTo(web2.multipliedBy(3));
        assertThat(Situation.outage(plan, Estate.run(plan), Step::max)).isEqualTo(Duration.ofMinutes(19));
        Run going = state(Estate.run(plan), "stop.web-2", new StepState.Running(1, NOON, NOON.plusSeconds(9)));
        assertThat(Situation.outage(plan, going, s -> s.id().endsWith("web-1") ? web1 : web2))
                .as("web-2's outage has begun: going on ends it")
                .isEqualTo(web1.multipliedBy(3));
        Plan none = withTraits(withTraits(withTraits(plan, "stop-services"), "upgrade-packages"), "start-services");
        assertThat(Situation.outage(none, null, Step::max)).isZero();
    }

    private static Run state(Run run, String step, StepState state) {
        var steps = new LinkedHashMap<>(run.steps());
        steps.put(step, state);
        return new Run(
                run.id(),
                run.planId(),
                run.planHash(),
                run.plan(),
                run.status(),
                run.startedAt(),
                run.endedAt(),
                run.asked(),
                steps);
    }

    // ---- the cluster

    @Test
    @Clause("G2")
    void orphansBlockUntilTheFirstChange() {
        orphans = List.of("server ums-4", "load-balancer lb-9");
        assertThat(only())
                .isEqualTo(new Finding(
                        "orphans",
                        "G2",
                        Weight.BLOCKS,
                        "web has registered what does not exist: server ums-4, load-balancer lb-9.",
                        "Delete it in the product, then probe the deployment again.",
                        List.of("server ums-4", "load-balancer lb-9")));
        run = state(Estate.run(plan), "check.web-1", new StepState.Running(1, NOON, NOON.plusSeconds(9)));
        assertThat(check()).as("looking changes nothing").hasSize(1);
        run = state(Estate.run(plan), "stop.web-1", new StepState.Running(1, NOON, NOON.plusSeconds(9)));
        assertThat(check()).isEmpty();
    }

    @Test
    @Clause("G2")
    void aClusterThatWasNotComparedIsSaidForTheApprover() {
        orphans = null;
        assertThat(check()).as("Keeper registers nothing").isEmpty();
        plan = with(plan, null, Product.IGEL_UMS.id(), plan.stages());
        assertThat(only().weight()).isEqualTo(Weight.NOTE);
    }

    @Test
    @Clause("G5")
    void clocksThatAreApartBlockAtAnyTime() {
        clockSkew = "The clocks of ums-1 and ums-2 are 90.0 s apart (± 0.2 s); 60 s are allowed.";
        run = state(Estate.run(plan), "stop.web-1", new StepState.Running(1, NOON, NOON.plusSeconds(9)));
        for (Moment each : Moment.values()) {
            moment = each;
            assertThat(only().sentence()).isEqualTo(clockSkew);
            assertThat(only().weight()).isEqualTo(Weight.BLOCKS);
        }
    }

    @Test
    @Clause("L17")
    void aPlanThatDestroysAMachineWithLicencesBlocks() {
        stakes = List.of(
                new Stake(Estate.id("web-1"), "lic-1", "AbCd-1234", 25),
                new Stake(Estate.id("elsewhere"), "lic-2", "AbCd-9999", 5));
        assertThat(check()).as("an upgrade in place destroys nothing").isEmpty();
        plan = withTraits(plan, "prove-version", Trait.DESTROYS);
        assertThat(only().clause()).isEqualTo("L17");
        assertThat(only().weight()).isEqualTo(Weight.BLOCKS);
        assertThat(only().sentence())
                .isEqualTo(
                        "The plan destroys machines on which licences are active, and they would be lost: 25 of AbCd-1234 on"
                                + " lic-1.");
    }

    // ---- never reboot

    @Test
    @Clause("P9")
    void aHostThatMustNotGoDownBlocksAnotherRun() {
        locks = List.of(new Lock(Estate.id("web-2"), "web-2", Estate.id("other"), "Install", NOON));
        assertThat(only().sentence())
                .isEqualTo("web-2 must not go down now: run " + Estate.id("other") + " is at 'Install' there.");
        run = Estate.run(plan);
        locks = List.of(new Lock(Estate.id("web-2"), "web-2", Estate.id("run"), "Install", NOON));
        assertThat(check()).as("its own").isEmpty();
    }

    @Test
    @Clause("P9")
    void aHostIsLockedFromTheBeginningOfSuchAStepUntilItIsDone() {
        Run marked = Estate.run(withTraits(plan, "upgrade-packages", Trait.NEVER_REBOOT));
        assertThat(Situation.locks(marked)).isEmpty();
        var locked = List.of(new Lock(
                Estate.id("web-1"), "web-1", marked.id(), "Upgrade Keeper's packages on web-1 to 1.5.0", NOON));
        assertThat(Situation.locks(state(marked, "install.web-1", new StepState.Running(1, NOON, NOON.plusSeconds(9)))))
                .isEqualTo(locked);
        assertThat(Situation.locks(state(
                        marked,
                        "install.web-1",
                        new StepState.Failed(1, NOON, NOON, new Failure("a", "b", "c"), List.of()))))
                .as("half-way")
                .isEqualTo(locked);
        assertThat(Situation.locks(
                        state(marked, "install.web-1", new StepState.Succeeded(1, NOON, NOON, List.of(), Map.of()))))
                .isEmpty();
        assertThat(Situation.locks(state(marked, "stop.web-1", new StepState.Running(1, NOON, NOON.plusSeconds(9)))))
                .isEmpty();
    }

    // ---- the maintenance window

    private static Window berlin(String from, String to) {
        ZoneId zone = ZoneId.of("Europe/Berlin");
        return new Window(
                LocalDateTime.parse(from).atZone(zone).toInstant(),
                LocalDateTime.parse(to).atZone(zone).toInstant(),
                zone.getId());
    }

    private void window(Window window) {
        plan = Estate.plan(Estate.hosts(2), new Limits(1, 0, null), window);
    }

    @Test
    @Clause("K4")
    void aWindowThatCannotHoldThePlanRefusesIt() {
        moment = Moment.PLANNED;
        // two hosts one after the other may take 60 s + 2 × 20 min
        window(new Window(NOON.plusSeconds(3600), NOON.plusSeconds(3600 + 41 * 60), "UTC"));
        assertThat(plan.maximum()).isEqualTo(Duration.ofMinutes(41));
        assertThat(check()).isEmpty();
        window(new Window(NOON.plusSeconds(3600), NOON.plusSeconds(3600 + 41 * 60 - 1), "UTC"));
        assertThat(only().weight()).isEqualTo(Weight.REFUSES);
        assertThat(only().clause()).isEqualTo("K4");
        assertThat(only().sentence())
                .isEqualTo(
                        "The maintenance window (from 2026-03-01 13:00 to 2026-03-01 13:40 UTC, 40 min) holds 40 min, and the"
                                + " plan may take 41 min.");
    }

    /** On 29 March 2026 Berlin's clocks go from 02:00 to 03:00: from half past one to three is half an hour. */
    @Test
    @Clause("K4")
    void whereClocksAreSetForwardTheWindowIsShorterThanItLooks() {
        moment = Moment.PLANNED;
        now = Instant.parse("2026-03-20T00:00:00Z");
        window(berlin("2026-03-29T01:30", "2026-03-29T03:00"));
        assertThat(only().weight()).isEqualTo(Weight.REFUSES);
        assertThat(only().sentence())
                .contains("from 2026-03-29 01:30 to 2026-03-29 03:00 Europe/Berlin, 30 min")
                .contains("holds 30 min");
        window(berlin("2026-03-28T01:30", "2026-03-28T03:00"));
        assertThat(check()).as("the night before it is ninety minutes").isEmpty();
        // and in October the hour from two to three comes twice
        now = Instant.parse("2026-10-20T00:00:00Z");
        window(berlin("2026-10-25T02:45", "2026-10-25T03:15"));
        assertThat(check()).as("the first 02:45 is meant: ninety minutes").isEmpty();
    }

    @Test
    @Clause("K4")
    void aWindowThatIsClosedOrTooShortNowBlocksTheStart() {
        window(new Window(NOON, NOON.plusSeconds(3600), "UTC"));
        now = NOON.minusSeconds(1);
        assertThat(only().sentence()).startsWith("The maintenance window is not open yet");
        now = NOON.plusSeconds(19 * 60);
        assertThat(check()).isEmpty();
        now = NOON.plusSeconds(19 * 60 + 1);
        assertThat(only().sentence()).contains("is open for another 40 min, and the run may take 41 min");
        now = NOON.plusSeconds(3600);
        assertThat(only().sentence()).startsWith("The maintenance window is over");
    }

    @Test
    @Clause("K4")
    void whileRunningTheNextHostMustStillFit() {
        window(new Window(NOON, NOON.plusSeconds(3600), "UTC"));
        run = plan.steps()
                .filter(s -> s.id().startsWith("check."))
                .reduce(
                        Estate.run(plan),
                        (r, s) -> state(r, s.id(), new StepState.Succeeded(1, NOON, NOON, List.of(), Map.of())),
                        (a, b) -> b);
        moment = Moment.RUNNING;
        now = NOON.plusSeconds(40 * 60);
        assertThat(check()).as("twenty minutes are just enough").isEmpty();
        now = NOON.plusSeconds(40 * 60 + 1);
        assertThat(only().sentence()).contains("is open for another 19 min, and the next host may take 20 min");
        Run last = run;
        for (String verb : List.of("stop", "install", "start", "prove")) {
            last = state(last, verb + ".web-1", new StepState.Succeeded(1, NOON, NOON, List.of(), Map.of()));
        }
        run = state(last, "stop.web-2", new StepState.Running(1, NOON, NOON.plusSeconds(9)));
        assertThat(check()).as("no other host is to begin").isEmpty();
    }
}
