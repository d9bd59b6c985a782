package dev.interlock.upgrade.domain;

import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Procedure.Reason;
import dev.interlock.upgrade.domain.Run.Asked;
import dev.interlock.upgrade.domain.Run.Status;
import dev.interlock.upgrade.domain.StepState.Failed;
import dev.interlock.upgrade.domain.StepState.Pending;
import dev.interlock.upgrade.domain.StepState.Running;
import dev.interlock.upgrade.domain.StepState.Skipped;
import dev.interlock.upgrade.domain.StepState.Succeeded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Moves runs: {@code decide(run, fact) → (run', commands)}. Knows neither clock nor database nor hosts, so that every move can be
 * tried out; {@code run-transitions.md} beside its test shows all of them.
 */
public final class RunDecider {
    private RunDecider() {}

    public static Decision decide(Run run, Fact fact) {
        return switch (fact) {
            case Fact.Begun f -> begun(run, f);
            case Fact.Adopted f -> adopted(run, f);
            case Fact.StepDone f -> stepDone(run, f);
            case Fact.StepBroke f -> stepBroke(run, f);
            case Fact.ClockReached f -> clockReached(run, f);
            case Fact.PauseAsked f -> pauseAsked(run, f);
            case Fact.ResumeAsked f -> resumeAsked(run, f);
            case Fact.AbortAsked f -> abortAsked(run, f);
            case Fact.RetryAsked f -> retryAsked(run, f);
            case Fact.SkipAsked f -> skipAsked(run, f);
        };
    }

    // ---- facts of the engine: what does not concern the run as it is now is no news

    private static Decision begun(Run run, Fact.Begun fact) {
        return switch (run.status()) {
            case QUEUED -> {
                var move = new Move(run, fact.at());
                move.status = Status.RUNNING;
                move.startedAt = fact.at();
                Plan plan = run.plan();
                move.announce(new UpgradeEvent.UpgradeStarted(
                        plan.deploymentId(),
                        plan.deployment(),
                        run.planId(),
                        run.id(),
                        run.planHash(),
                        plan.product(),
                        plan.from().text(),
                        plan.target().text(),
                        plan.targets().size(),
                        run.steps().size(),
                        fact.by()));
                yield move.advance();
            }
            case RUNNING, PAUSING, PAUSED, ABORTING, ABORTED, COMPLETED, FAILED -> noNews(run);
        };
    }

    private static Decision adopted(Run run, Fact.Adopted fact) {
        return switch (run.status()) {
            case RUNNING, PAUSING, ABORTING -> {
                var move = new Move(run, fact.at());
                run.plan().steps().forEach(step -> {
                    if (run.state(step.id()) instanceof Running now) {
                        move.steps.put(
                                step.id(),
                                new Running(
                                        now.attempt(), now.since(), fact.at().plus(step.max())));
                        move.commands.add(new Command.Execute(step.id(), now.attempt(), true));
                    }
                });
                yield move.advance();
            }
            case QUEUED, PAUSED, ABORTED, COMPLETED, FAILED -> noNews(run);
        };
    }

    private static Decision stepDone(Run run, Fact.StepDone fact) {
        if (!(run.steps().get(fact.stepId()) instanceof Running now) || now.attempt() != fact.attempt()) {
            return noNews(run);
        }
        var move = new Move(run, fact.at());
        Step step = step(run, fact.stepId());
        move.steps.put(step.id(), new Succeeded(now.attempt(), now.since(), fact.at(), fact.checks()));
        move.show(step);
        move.announceDone(step, fact.checks());
        return move.advance();
    }

    private static Decision stepBroke(Run run, Fact.StepBroke fact) {
        if (!(run.steps().get(fact.stepId()) instanceof Running now) || now.attempt() != fact.attempt()) {
            return noNews(run);
        }
        var move = new Move(run, fact.at());
        move.fail(
                step(run, fact.stepId()),
                new Failed(now.attempt(), now.since(), fact.at(), fact.failure(), fact.checks()));
        return move.advance();
    }

    private static Decision clockReached(Run run, Fact.ClockReached fact) {
        return switch (run.status()) {
            case RUNNING, PAUSING, ABORTING -> {
                var move = new Move(run, fact.at());
                run.plan().steps().forEach(step -> {
                    if (run.state(step.id()) instanceof Running now
                            && !now.deadline().isAfter(fact.at())) {
                        move.fail(step, new Failed(now.attempt(), now.since(), fact.at(), timedOut(step), List.of()));
                    }
                });
                Window window = run.plan().window();
                if (move.status == Status.RUNNING
                        && window != null
                        && !fact.at().isBefore(window.end())) {
                    move.status = Status.PAUSING;
                    move.asked =
                            new Asked("window-closed", "interlock", "the maintenance window ended at " + window.end());
                }
                yield move.advance();
            }
            case QUEUED, PAUSED, ABORTED, COMPLETED, FAILED -> noNews(run);
        };
    }

    // ---- what people ask for: done, or refused with a reason

    private static Decision pauseAsked(Run run, Fact.PauseAsked fact) {
        return switch (run.status()) {
            case RUNNING -> {
                var move = new Move(run, fact.at());
                move.status = Status.PAUSING;
                move.asked = new Asked("operator", fact.by(), fact.reason());
                yield move.advance();
            }
            case QUEUED -> refused("The run has not begun.", "Abort it, or wait until it runs.");
            case PAUSING, PAUSED ->
                refused("The run is " + run.status().word() + " already.", "Nothing needs to be done.");
            case ABORTING -> refused("The run is being aborted.", "Wait until it has come to its safe point.");
            case ABORTED, COMPLETED, FAILED -> ended(run);
        };
    }

    private static Decision resumeAsked(Run run, Fact.ResumeAsked fact) {
        return switch (run.status()) {
            case PAUSING, PAUSED -> {
                Window window = run.plan().window();
                if (window != null && !window.contains(fact.at())) {
                    yield windowClosed(window);
                }
                String halted = halted(run);
                if (halted != null) {
                    yield refused(
                            "The stage '" + halted + "' must succeed before others follow, and a host failed in it.",
                            "Retry or skip the failed step, then resume; or abort the run.");
                }
                var move = new Move(run, fact.at());
                move.status = Status.RUNNING;
                move.asked = null;
                if (run.status() == Status.PAUSED) {
                    move.announceResumed(fact.reason(), fact.by());
                }
                yield move.advance();
            }
            case QUEUED, RUNNING -> refused("The run is not paused.", "Nothing needs to be done.");
            case ABORTING -> refused("The run is being aborted.", "Make a new plan for what remains.");
            case ABORTED, COMPLETED, FAILED -> ended(run);
        };
    }

    private static Decision abortAsked(Run run, Fact.AbortAsked fact) {
        return switch (run.status()) {
            case QUEUED, RUNNING, PAUSING, PAUSED -> {
                var move = new Move(run, fact.at());
                move.status = Status.ABORTING;
                move.asked = new Asked("operator", fact.by(), fact.reason());
                yield move.advance();
            }
            case ABORTING -> refused("The run is being aborted already.", "Wait until it has come to its safe point.");
            case ABORTED, COMPLETED, FAILED -> ended(run);
        };
    }

    private static Decision retryAsked(Run run, Fact.RetryAsked fact) {
        return repaired(
                run, fact.at(), fact.stepId(), fact.by(), fact.reason(), failed -> new Pending(failed.attempt()));
    }

    private static Decision skipAsked(Run run, Fact.SkipAsked fact) {
        return repaired(
                run,
                fact.at(),
                fact.stepId(),
                fact.by(),
                fact.reason(),
                failed -> new Skipped(failed.attempt(), fact.at(), fact.by(), fact.reason()));
    }

    private interface Repair {
        StepState of(Failed failed);
    }

    private static Decision repaired(Run run, Instant at, String stepId, String by, String reason, Repair repair) {
        StepState state = run.steps().get(stepId);
        if (state == null) {
            return refused("The plan has no step " + stepId + ".", "Read the run and use the id of one of its steps.");
        }
        if (!(state instanceof Failed failed)) {
            return refused(
                    "The step " + stepId + " is " + state.word() + ", not failed.",
                    "Only a failed step can be retried or skipped.");
        }
        return switch (run.status()) {
            case RUNNING, PAUSING, PAUSED -> {
                var move = new Move(run, at);
                move.steps.put(stepId, repair.of(failed));
                move.show(step(run, stepId));
                yield move.advance();
            }
            case FAILED -> {
                Window window = run.plan().window();
                if (window != null && !window.contains(at)) {
                    yield windowClosed(window);
                }
                var move = new Move(run, at);
                move.status = Status.RUNNING;
                move.asked = null;
                move.endedAt = null;
                move.steps.put(stepId, repair.of(failed));
                move.announceResumed(reason, by);
                move.show(step(run, stepId));
                yield move.advance();
            }
            case ABORTING -> refused("The run is being aborted.", "Make a new plan for what remains.");
            case QUEUED, ABORTED, COMPLETED -> ended(run);
        };
    }

    private static Refused windowClosed(Window window) {
        return new Refused(new Reason(
                "K4",
                "The maintenance window was open from " + window.start() + " to " + window.end() + ".",
                "Make a new plan with a window that is open, and have it approved."));
    }

    private static Refused ended(Run run) {
        return refused("The run is " + run.status().word() + ".", "Make a new plan for what remains.");
    }

    private static Refused refused(String text, String next) {
        return new Refused(new Reason("run-state", text, next));
    }

    private static Decided noNews(Run run) {
        return new Decided(run, List.of());
    }

    private static Step step(Run run, String id) {
        return run.plan().steps().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    private static Failure timedOut(Step step) {
        String sentence = "'" + step.title() + "' did not end within " + inWords(step.max()) + ".";
        return new Failure(
                "timed-out",
                sentence,
                switch (step.onFailure()) {
                    case RETRY -> "Nothing was changed on the host. See why it is slow, then retry the step.";
                    case STOP_AND_ASK ->
                        "What was begun on the host may still be going on there. Look at the host, then retry: the retry observes first.";
                });
    }

    private static String inWords(Duration d) {
        return d.toSeconds() % 60 == 0 && d.toMinutes() > 0 ? d.toMinutes() + " min" : d.toMillis() / 1000.0 + " s";
    }

    /** The first stage that must not fail, and in which a host has, there or before; null if there is none. */
    private static @Nullable String halted(Run run) {
        var failed = new HashSet<UUID>();
        for (Stage stage : run.plan().stages()) {
            stage.lanes().stream()
                    .flatMap(l -> l.steps().stream())
                    .filter(s -> run.state(s.id()) instanceof Failed)
                    .forEach(s -> failed.add(s.hostId()));
            if (stage.haltOnFailure() && stage.lanes().stream().anyMatch(l -> failed.contains(l.hostId()))) {
                return stage.name();
            }
        }
        return null;
    }

    /** One decision being made. */
    private static final class Move {
        private final Run before;
        private final Plan plan;
        private final Instant at;
        private final Map<String, StepState> steps;
        private final List<Command> commands = new ArrayList<>();
        private Status status;
        private @Nullable Instant startedAt;
        private @Nullable Instant endedAt;
        private @Nullable Asked asked;

        Move(Run run, Instant at) {
            this.before = run;
            this.plan = run.plan();
            this.at = at;
            this.steps = new LinkedHashMap<>(run.steps());
            this.status = run.status();
            this.startedAt = run.startedAt();
            this.endedAt = run.endedAt();
            this.asked = run.asked();
        }

        /** Begins what may begin now, and sees whether the run has come to rest. */
        Decided advance() {
            var blocked = new HashSet<UUID>();
            boolean earlierSettled = true;
            boolean running = false;
            boolean halted = false;
            for (Stage stage : plan.stages()) {
                var fresh = new ArrayList<Step>();
                var left = new HashSet<UUID>();
                // Lanes between two steps: those that come straight from a step go before those that a person brought
                // back.
                var midway = new ArrayList<Step>();
                var broughtBack = new ArrayList<Step>();
                int going = 0;
                boolean failed = false;
                for (Stage.Lane lane : stage.lanes()) {
                    int next = firstUndone(lane);
                    if (next == lane.steps().size()) {
                        continue;
                    }
                    left.add(lane.hostId());
                    Step step = lane.steps().get(next);
                    Step previous = next == 0 ? null : lane.steps().get(next - 1);
                    switch (state(step)) {
                        case Running r -> going++;
                        case Failed f -> failed = true;
                        case Pending p -> {
                            if (previous == null) {
                                if (blocked.contains(lane.hostId())) {
                                    failed = true;
                                } else {
                                    fresh.add(step);
                                }
                            } else if (mayGoOn(previous)) {
                                boolean straight = p.attempt() == 0 && state(previous) instanceof Succeeded;
                                (straight ? midway : broughtBack).add(step);
                            }
                        }
                        case Succeeded s -> throw new IllegalStateException("done: " + step.id());
                        case Skipped s -> throw new IllegalStateException("done: " + step.id());
                    }
                }
                boolean stageHalted = stage.haltOnFailure() && failed;
                midway.addAll(broughtBack);
                if (status == Status.RUNNING && earlierSettled && !stageHalted) {
                    midway.addAll(fresh);
                }
                boolean waiting =
                        midway.size() > stage.width() - going || (fresh.size() > 0 && !midway.containsAll(fresh));
                for (Step step : midway) {
                    if (going < stage.width()) {
                        begin(step);
                        going++;
                    }
                }
                running |= going > 0;
                halted |= stageHalted;
                earlierSettled &= going == 0 && !waiting && !stageHalted;
                blocked.addAll(left);
            }
            if (!running) {
                rest(halted);
            }
            return new Decided(
                    new Run(
                            before.id(),
                            before.planId(),
                            before.planHash(),
                            plan,
                            status,
                            startedAt,
                            endedAt,
                            asked,
                            steps),
                    commands);
        }

        private static final String SYSTEM = "interlock";

        private void rest(boolean halted) {
            switch (status) {
                case PAUSING -> paused();
                case ABORTING -> {
                    status = Status.ABORTED;
                    endedAt = at;
                    Asked by = Objects.requireNonNull(asked);
                    announce(new UpgradeEvent.UpgradeAborted(
                            plan.deploymentId(),
                            before.planId(),
                            before.id(),
                            by.reason(),
                            by.by(),
                            updated(),
                            plan.targets().size(),
                            seconds()));
                }
                case RUNNING -> {
                    if (steps.values().stream().allMatch(StepState::done)) {
                        completed();
                    } else if (halted) {
                        asked = new Asked(
                                "step-failed",
                                SYSTEM,
                                "a host failed in a stage that must succeed before others follow");
                        paused();
                    } else {
                        failed();
                    }
                }
                case QUEUED, PAUSED, ABORTED, COMPLETED, FAILED -> {}
            }
        }

        private void paused() {
            status = Status.PAUSED;
            Asked by = Objects.requireNonNull(asked);
            announce(new UpgradeEvent.UpgradePaused(
                    plan.deploymentId(), before.planId(), before.id(), by.cause(), by.reason(), by.by()));
        }

        private void completed() {
            status = Status.COMPLETED;
            endedAt = at;
            List<Check> postchecks = plan.steps()
                    .filter(s -> s.action() instanceof Action.ProveVersion)
                    .flatMap(s ->
                            state(s) instanceof Succeeded done ? done.checks().stream() : java.util.stream.Stream.of())
                    .toList();
            announce(new UpgradeEvent.UpgradeCompleted(
                    plan.deploymentId(),
                    plan.deployment(),
                    before.planId(),
                    before.id(),
                    plan.product(),
                    plan.from().text(),
                    plan.target().text(),
                    updated(),
                    plan.targets().size(),
                    steps.size(),
                    (int) steps.values().stream()
                            .filter(Skipped.class::isInstance)
                            .count(),
                    (int) postchecks.stream().filter(Check::held).count(),
                    (int) postchecks.stream().filter(c -> !c.held()).count(),
                    seconds()));
        }

        private void failed() {
            status = Status.FAILED;
            endedAt = at;
            List<String> names = plan.steps()
                    .filter(s -> state(s) instanceof Failed)
                    .map(s -> plan.target(s.hostId()).name())
                    .distinct()
                    .toList();
            String reason =
                    names.size() + " of " + plan.targets().size() + " hosts failed: " + String.join(", ", names);
            asked = new Asked("step-failed", SYSTEM, reason);
            announce(new UpgradeEvent.UpgradeFailed(
                    plan.deploymentId(),
                    before.planId(),
                    before.id(),
                    reason,
                    "Remove the cause that each failed step names, then retry the step: the run goes on where it stopped.",
                    updated(),
                    plan.targets().size(),
                    seconds()));
        }

        /** On the way to a pause or an end only those go on whose host would otherwise be left half-way. */
        private boolean mayGoOn(Step previous) {
            return switch (status) {
                case RUNNING -> true;
                case PAUSING, ABORTING -> !previous.safeAfter();
                case QUEUED, PAUSED, ABORTED, COMPLETED, FAILED -> false;
            };
        }

        private void begin(Step step) {
            int attempt = state(step).attempt() + 1;
            steps.put(step.id(), new Running(attempt, at, at.plus(step.max())));
            show(step);
            commands.add(new Command.Execute(step.id(), attempt, false));
        }

        void fail(Step step, Failed failed) {
            steps.put(step.id(), failed);
            String host = plan.target(step.hostId()).name();
            Failure why = failed.failure();
            if (step.action() instanceof Action.CheckHost) {
                announce(new UpgradeEvent.PreflightFailed(
                        plan.deploymentId(),
                        before.planId(),
                        before.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        failed.checks(),
                        why.reason() + ": " + why.sentence(),
                        why.next()));
            } else {
                announce(new UpgradeEvent.StepFailed(
                        plan.deploymentId(),
                        before.planId(),
                        before.id(),
                        step.id(),
                        step.hostId(),
                        host,
                        step.action().word(),
                        step.clauses().isEmpty() ? null : step.clauses().getFirst(),
                        failed.attempt(),
                        why.reason(),
                        why.sentence(),
                        step.onFailure().word(),
                        why.next()));
            }
            show(step);
            commands.add(new Command.Release(step.hostId()));
            Integer threshold = plan.limits().failureThreshold();
            if (threshold != null && status == Status.RUNNING) {
                Set<UUID> hosts = new HashSet<>();
                plan.steps().filter(s -> state(s) instanceof Failed).forEach(s -> hosts.add(s.hostId()));
                if (hosts.size() >= threshold) {
                    status = Status.PAUSING;
                    asked = new Asked(
                            "step-failed", SYSTEM, hosts.size() + " hosts failed, and the plan stops at " + threshold);
                }
            }
        }

        void announceDone(Step step, List<Check> checks) {
            Plan.Target target = plan.target(step.hostId());
            switch (step.action()) {
                case Action.CheckHost c ->
                    announce(new UpgradeEvent.PreflightPassed(
                            plan.deploymentId(),
                            before.planId(),
                            before.id(),
                            step.id(),
                            step.hostId(),
                            target.name(),
                            checks));
                case Action.StopServices s ->
                    announce(new UpgradeEvent.NodeDrained(
                            plan.deploymentId(),
                            before.planId(),
                            before.id(),
                            step.id(),
                            step.hostId(),
                            target.name(),
                            "services",
                            null));
                case Action.ProveVersion p -> {
                    announce(new UpgradeEvent.NodeUpdated(
                            plan.deploymentId(),
                            before.planId(),
                            before.id(),
                            step.id(),
                            step.hostId(),
                            target.name(),
                            target.version().text(),
                            plan.target().text(),
                            updated(),
                            plan.targets().size(),
                            checks));
                    commands.add(new Command.Release(step.hostId()));
                }
                case Action.UpgradePackages u -> {}
                case Action.StartServices s -> {}
            }
        }

        void announceResumed(String reason, String by) {
            announce(new UpgradeEvent.UpgradeResumed(plan.deploymentId(), before.planId(), before.id(), reason, by));
        }

        void announce(UpgradeEvent event) {
            commands.add(new Command.Announce(event));
        }

        void show(Step step) {
            commands.add(new Command.Show(
                    step.id(),
                    step.hostId(),
                    plan.target(step.hostId()).name(),
                    state(step).word(),
                    state(step).attempt()));
        }

        private StepState state(Step step) {
            return Objects.requireNonNull(steps.get(step.id()));
        }

        private int firstUndone(Stage.Lane lane) {
            int i = 0;
            while (i < lane.steps().size() && state(lane.steps().get(i)).done()) {
                i++;
            }
            return i;
        }

        private int updated() {
            return (int) plan.steps()
                    .filter(s -> s.action() instanceof Action.ProveVersion && state(s) instanceof Succeeded)
                    .count();
        }

        private double seconds() {
            return startedAt == null ? 0 : Duration.between(startedAt, at).toMillis() / 1000.0;
        }
    }
}
