package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.NOON;
import static dev.interlock.upgrade.domain.RunTransitionsTest.after;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Plan.Limits;
import dev.interlock.upgrade.domain.Run.Status;
import dev.interlock.upgrade.domain.StepState.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunDeciderTest {
    private static final Failure BROKEN = new Failure("disk-full", "The disk is full.", "Make room.");
    private final List<UpgradeEvent> events = new ArrayList<>();
    private Run run = Estate.run(Estate.plan(1, 1));

    private void happens(Fact fact) {
        Decided decided = (Decided) RunDecider.decide(run, fact);
        decided.commands().forEach(c -> {
            if (c instanceof Command.Announce a) {
                events.add(a.event());
            }
        });
        run = decided.run();
    }

    private void begin(Plan plan) {
        run = Estate.run(plan);
        happens(new Fact.Begun("olga", NOON));
    }

    private void done(String step) {
        happens(new Fact.StepDone(step, run.state(step).attempt(), List.of(), NOON.plusSeconds(1)));
    }

    private void broke(String step) {
        happens(new Fact.StepBroke(step, run.state(step).attempt(), BROKEN, List.of(), NOON.plusSeconds(1)));
    }

    private List<String> going() {
        return run.steps().entrySet().stream()
                .filter(e -> e.getValue() instanceof Running)
                .map(e -> e.getKey())
                .toList();
    }

    private void upgrade(String host) {
        Stream.of("stop.", "install.", "start.", "prove.").forEach(verb -> done(verb + host));
    }

    private List<String> told() {
        return events.stream().map(e -> e.getClass().getSimpleName()).toList();
    }

    @Test
    @Clause({"K5", "K8", "K9", "K10"})
    void aRunOfOneHostGoesThroughItsStepsAndTellsItsStory() {
        begin(Estate.plan(1, 1));
        done("check.web-1");
        assertThat(going()).containsExactly("stop.web-1");
        done("stop.web-1");
        assertThat(going()).containsExactly("install.web-1");
        done("install.web-1");
        assertThat(going()).containsExactly("start.web-1");
        done("start.web-1");
        happens(new Fact.StepDone(
                "prove.web-1",
                1,
                List.of(
                        new Check("package-versions", "K10", true, "all 1.5.0"),
                        new Check("processes", "K10", true, "younger")),
                NOON.plusSeconds(90)));
        assertThat(run.status()).isEqualTo(Status.COMPLETED);
        assertThat(told())
                .containsExactly("UpgradeStarted", "PreflightPassed", "NodeDrained", "NodeUpdated", "UpgradeCompleted");
        assertThat(events.getLast())
                .isEqualTo(new UpgradeEvent.UpgradeCompleted(
                        Estate.DEPLOYMENT,
                        "web",
                        Estate.id("plan"),
                        Estate.id("run"),
                        "keeper-connection-manager",
                        "1.4.0",
                        "1.5.0",
                        1,
                        1,
                        5,
                        0,
                        2,
                        0,
                        90.0));
    }

    @Test
    void noMoreHostsThanThePlanAllowsAreWorkedOnAtOnce() {
        begin(Estate.plan(5, 2));
        List.of("check.web-1", "check.web-2", "check.web-3", "check.web-4", "check.web-5")
                .forEach(this::done);
        assertThat(going()).containsExactly("stop.web-1", "stop.web-2");
        upgrade("web-2");
        assertThat(going()).containsExactly("stop.web-1", "stop.web-3");
    }

    @Test
    void nothingIsChangedBeforeEveryHostWasLookedAt() {
        begin(Estate.plan(3, 3));
        done("check.web-1");
        done("check.web-3");
        assertThat(going()).containsExactly("check.web-2");
        broke("check.web-2");
        assertThat(going()).containsExactly("stop.web-1", "stop.web-3");
    }

    @Test
    void aFailedHostStaysBehindAndTheOthersGoOnAndTheEndIsHonest() {
        begin(Estate.plan(2, 1));
        done("check.web-1");
        done("check.web-2");
        done("stop.web-1");
        broke("install.web-1");
        upgrade("web-2");
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.updated()).isEqualTo(1);
        assertThat(told())
                .containsExactly(
                        "UpgradeStarted",
                        "PreflightPassed",
                        "PreflightPassed",
                        "NodeDrained",
                        "StepFailed",
                        "NodeDrained",
                        "NodeUpdated",
                        "UpgradeFailed");
        assertThat(run.asked()).isEqualTo(new Run.Asked("step-failed", "interlock", "1 of 2 hosts failed: web-1"));
    }

    @Test
    void aRetryGoesOnWhereTheHostStoppedWithTheNextAttempt() {
        begin(Estate.plan(1, 1));
        done("check.web-1");
        done("stop.web-1");
        broke("install.web-1");
        happens(new Fact.RetryAsked("install.web-1", "olga", "made room", NOON.plusSeconds(9)));
        assertThat(going()).containsExactly("install.web-1");
        assertThat(run.state("install.web-1").attempt()).isEqualTo(2);
        assertThat(run.state("stop.web-1").attempt()).isEqualTo(1);
        done("install.web-1");
        done("start.web-1");
        done("prove.web-1");
        assertThat(run.status()).isEqualTo(Status.COMPLETED);
        assertThat(told()).endsWith("StepFailed", "UpgradeFailed", "UpgradeResumed", "NodeUpdated", "UpgradeCompleted");
    }

    @Test
    void aSkippedStepIsCountedAndTheHostGoesOnWithTheNext() {
        begin(Estate.plan(1, 1));
        done("check.web-1");
        done("stop.web-1");
        broke("install.web-1");
        happens(new Fact.SkipAsked("install.web-1", "olga", "installed by hand", NOON));
        done("start.web-1");
        done("prove.web-1");
        assertThat(((UpgradeEvent.UpgradeCompleted) events.getLast()).skippedSteps())
                .isEqualTo(1);
    }

    @Test
    void aPauseLetsNoHostRestWithItsServicesDown() {
        begin(Estate.plan(2, 1));
        done("check.web-1");
        done("check.web-2");
        done("stop.web-1");
        happens(new Fact.PauseAsked("olga", "lunch", NOON));
        assertThat(run.status()).isEqualTo(Status.PAUSING);
        Stream.of("install.web-1", "start.web-1").forEach(this::done);
        assertThat(run.status()).isEqualTo(Status.PAUSING);
        done("prove.web-1");
        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(going()).isEmpty();
        happens(new Fact.ResumeAsked("olga", "back", NOON));
        assertThat(going()).containsExactly("stop.web-2");
        assertThat(told()).endsWith("NodeUpdated", "UpgradePaused", "UpgradeResumed");
    }

    @Test
    @Clause("K4")
    void theEndOfTheWindowPausesAtTheNextSafePoint() {
        Window window = new Window(NOON, NOON.plusSeconds(100), "Europe/Berlin");
        begin(Estate.plan(Estate.hosts(2), new Limits(1, 0, null), window));
        done("check.web-1");
        done("check.web-2");
        happens(new Fact.ClockReached(NOON.plusSeconds(99)));
        assertThat(run.status()).isEqualTo(Status.RUNNING);
        done("stop.web-1");
        happens(new Fact.ClockReached(NOON.plusSeconds(100)));
        assertThat(run.status()).isEqualTo(Status.PAUSING);
        Stream.of("install.web-1", "start.web-1", "prove.web-1").forEach(this::done);
        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(((UpgradeEvent.UpgradePaused) events.getLast()).cause()).isEqualTo("window-closed");
        assertThat(RunDecider.decide(run, new Fact.ResumeAsked("olga", "go on", NOON.plusSeconds(700))))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aFailedCanaryStopsTheRunUntilItIsMended() {
        begin(Estate.plan(Estate.hosts(3), new Limits(3, 1, null), null));
        Stream.of("check.web-1", "check.web-2", "check.web-3").forEach(this::done);
        assertThat(going()).containsExactly("stop.web-1");
        broke("stop.web-1");
        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(RunDecider.decide(run, new Fact.ResumeAsked("olga", "go on", NOON)))
                .isInstanceOf(Refused.class);
        happens(new Fact.RetryAsked("stop.web-1", "olga", "mended", NOON));
        happens(new Fact.ResumeAsked("olga", "go on", NOON));
        upgrade("web-1");
        assertThat(going()).containsExactly("stop.web-2", "stop.web-3");
    }

    @Test
    void aCanaryThatCannotEvenBeLookedAtStopsTheRunToo() {
        begin(Estate.plan(Estate.hosts(2), new Limits(1, 1, null), null));
        broke("check.web-1");
        done("check.web-2");
        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(RunDecider.decide(run, new Fact.ResumeAsked("olga", "go on", NOON)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void theRunPausesWhenAsManyHostsFailedAsThePlanSays() {
        begin(Estate.plan(Estate.hosts(5), new Limits(2, 0, 2), null));
        Stream.of("check.web-1", "check.web-2", "check.web-3", "check.web-4", "check.web-5")
                .forEach(this::done);
        broke("stop.web-1");
        assertThat(run.status()).isEqualTo(Status.RUNNING);
        broke("stop.web-2");
        assertThat(run.status()).isEqualTo(Status.PAUSING);
        assertThat(going()).containsExactly("stop.web-3");
    }

    @Test
    void aStepThatDoesNotEndCountsAsFailedAtItsDeadline() {
        begin(Estate.plan(1, 1));
        happens(new Fact.ClockReached(NOON.plusSeconds(59)));
        assertThat(going()).containsExactly("check.web-1");
        happens(new Fact.ClockReached(NOON.plusSeconds(60)));
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(((StepState.Failed) run.state("check.web-1")).failure().sentence())
                .isEqualTo("'Check web-1 before any change' did not end within 1 min.");
        Run before = run;
        happens(new Fact.StepDone("check.web-1", 1, List.of(), NOON.plusSeconds(61)));
        assertThat(run).isEqualTo(before);
    }

    @Test
    void whoTakesARunOverCarriesOutTheSameAttemptAgainWithFreshTime() {
        begin(Estate.plan(1, 1));
        done("check.web-1");
        var taken = (Decided) RunDecider.decide(run, new Fact.Adopted(NOON.plusSeconds(100)));
        assertThat(taken.commands()).containsExactly(new Command.Execute("stop.web-1", 1, true));
        assertThat(((Running) taken.run().state("stop.web-1")).deadline()).isEqualTo(NOON.plusSeconds(220));
    }

    @Test
    void anAbortEndsAtTheSafePointAndSaysHowManyHostsAreNew() {
        begin(Estate.plan(2, 1));
        done("check.web-1");
        done("check.web-2");
        done("stop.web-1");
        happens(new Fact.AbortAsked("olga", "wrong day", NOON));
        Stream.of("install.web-1", "start.web-1", "prove.web-1").forEach(this::done);
        assertThat(run.status()).isEqualTo(Status.ABORTED);
        assertThat(((UpgradeEvent.UpgradeAborted) events.getLast()).updatedNodes())
                .isEqualTo(1);
        assertThat(after(run, new Fact.ClockReached(NOON.plusSeconds(9999)))).isEqualTo(run);
    }
}
