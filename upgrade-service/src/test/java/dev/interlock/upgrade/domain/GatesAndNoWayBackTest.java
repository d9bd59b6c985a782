package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Run.Status;
import dev.interlock.upgrade.domain.Step.OnFailure;
import dev.interlock.upgrade.domain.Step.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One host: a gate, a stage without a way back, a proof. */
class GatesAndNoWayBackTest {
    private static final String NO_WAY_BACK = "The host is in update mode: the way is forward.";
    private static final Failure BROKEN = new Failure("exit-1", "It broke.", "Mend it.");
    private static final Host WEB = Estate.host("web-1");

    private final List<UpgradeEvent> events = new ArrayList<>();
    private Run run = Estate.run(plan());

    private static Step step(String id, Action action, Trait... traits) {
        return new Step(
                        id,
                        "Do " + id,
                        List.of("G12"),
                        WEB.id(),
                        action,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        "before",
                        "after",
                        OnFailure.STOP_AND_ASK,
                        true)
                .with(traits);
    }

    private static Stage stage(String name, String noWayBack, Step... steps) {
        return new Stage(
                name,
                1,
                true,
                noWayBack.isEmpty() ? null : noWayBack,
                List.of(new Stage.Lane(WEB.id(), "web-1", List.of(steps))));
    }

    private static Plan plan() {
        Plan keeper = Estate.plan(1, 1);
        return new Plan(
                keeper.product(),
                keeper.deploymentId(),
                keeper.deployment(),
                keeper.from(),
                keeper.target(),
                keeper.repository(),
                keeper.limits(),
                null,
                keeper.targets(),
                List.of(
                        stage("Freeze", "", step("freeze", new Gate("No changes from now on?", "approver", true))),
                        stage(
                                "Install",
                                NO_WAY_BACK,
                                step("install", new Action.StopServices(List.of("guacd")), Trait.NEEDED, Trait.OUTAGE)),
                        stage(
                                "Prove",
                                "",
                                step("prove", new Action.ProveVersion(Map.of(), List.of(), List.of(), Map.of())))),
                List.of());
    }

    private void happens(Fact fact) {
        Decision decision = RunDecider.decide(run, fact);
        assertThat(decision).as("%s", fact).isInstanceOf(Decided.class);
        run = ((Decided) decision).run();
        ((Decided) decision).commands().forEach(c -> {
            if (c instanceof Command.Announce a) {
                events.add(a.event());
            }
        });
    }

    private String refusal(Fact fact) {
        return ((Refused) RunDecider.decide(run, fact)).reason().text();
    }

    private static Fact done(String step, Map<String, String> findings) {
        return new Fact.StepDone(step, 1, List.of(), findings, NOON);
    }

    private static Fact confirm(boolean yes) {
        return new Fact.GateAnswered("freeze", yes, "ada", "announced at noon", NOON);
    }

    @Test
    void aGateWaitsForAPersonAndNothingElseBegins() {
        happens(new Fact.Begun("olga", NOON));

        assertThat(run.state("freeze")).isEqualTo(new StepState.Waiting(1, NOON));
        assertThat(run.state("install")).isEqualTo(new StepState.Pending(0));
        assertThat(run.status()).isEqualTo(Status.RUNNING);
        assertThat(events.getLast())
                .isEqualTo(new UpgradeEvent.GateOpened(
                        run.plan().deploymentId(),
                        run.planId(),
                        run.id(),
                        "freeze",
                        null,
                        "G12",
                        "No changes from now on?",
                        "approver"));
    }

    @Test
    void confirmedItLetsTheRunGoOnAndIsToldWithWhoSaidWhat() {
        happens(new Fact.Begun("olga", NOON));
        happens(confirm(true));

        assertThat(run.state("install")).isInstanceOf(StepState.Running.class);
        assertThat(events.getLast())
                .isEqualTo(new UpgradeEvent.GatePassed(
                        run.plan().deploymentId(),
                        run.planId(),
                        run.id(),
                        "freeze",
                        null,
                        "confirmed",
                        "announced at noon",
                        "ada"));
        assertThat(refusal(confirm(true))).isEqualTo("The gate freeze is succeeded, not open.");
    }

    @Test
    void refusedItStopsTheRunAndOpensAgainWithARetry() {
        happens(new Fact.Begun("olga", NOON));
        happens(confirm(false));

        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(events).anySatisfy(e -> assertThat(e).isInstanceOf(UpgradeEvent.StepFailed.class));

        happens(new Fact.RetryAsked("freeze", "olga", "now it is", NOON));
        happens(new Fact.ResumeAsked("olga", "go", NOON));
        assertThat(run.state("freeze")).isEqualTo(new StepState.Waiting(2, NOON));
    }

    @Test
    void aRunRestsWhileAGateIsOpenAndTheAnswerCountsWhenItGoesOn() {
        happens(new Fact.Begun("olga", NOON));
        happens(new Fact.PauseAsked("olga", "lunch", NOON));
        assertThat(run.status()).isEqualTo(Status.PAUSED);

        happens(confirm(true));
        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(run.state("install")).isEqualTo(new StepState.Pending(0));

        happens(new Fact.ResumeAsked("olga", "back", NOON));
        assertThat(run.state("install")).isInstanceOf(StepState.Running.class);
    }

    @Test
    void anAbortIsRefusedFromTheFirstStepWithoutAWayBackToTheLast() {
        happens(new Fact.Begun("olga", NOON));
        happens(confirm(true));

        Fact abort = new Fact.AbortAsked("olga", "wrong day", NOON);
        assertThat(refusal(abort)).isEqualTo(NO_WAY_BACK);

        happens(done("install", Map.of()));
        happens(abort);
        assertThat(run.status()).isEqualTo(Status.ABORTING);
    }

    @Test
    void aRunWithAnOpenGateIsAbortedAtOnce() {
        happens(new Fact.Begun("olga", NOON));
        happens(new Fact.AbortAsked("olga", "wrong day", NOON));

        assertThat(run.status()).isEqualTo(Status.ABORTED);
    }

    @Test
    void aStepThatIsNeededIsNotSkipped() {
        happens(new Fact.Begun("olga", NOON));
        happens(confirm(true));
        happens(new Fact.StepBroke("install", 1, BROKEN, List.of(), NOON));

        assertThat(refusal(new Fact.SkipAsked("install", "olga", "never mind", NOON)))
                .isEqualTo("The step install cannot be skipped: what follows would do harm without it.");
    }

    @Test
    void anInterlockThatBreaksPausesTheRunAtItsNextSafePoint() {
        happens(new Fact.Begun("olga", NOON));
        happens(confirm(true));
        happens(new Fact.InterlockBroke("interlock", "The clocks of the servers differ by 90 s.", NOON));
        assertThat(run.status()).isEqualTo(Status.PAUSING);

        happens(done("install", Map.of("note", "kept")));
        assertThat(run.status()).isEqualTo(Status.PAUSED);
        assertThat(events.getLast())
                .isEqualTo(new UpgradeEvent.UpgradePaused(
                        run.plan().deploymentId(),
                        run.planId(),
                        run.id(),
                        "interlock",
                        "The clocks of the servers differ by 90 s.",
                        "interlock"));
        assertThat(run.found(WEB.id())).containsEntry("note", "kept");
    }
}
