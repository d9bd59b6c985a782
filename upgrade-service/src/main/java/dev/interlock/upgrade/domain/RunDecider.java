package dev.interlock.upgrade.domain;

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
import dev.interlock.upgrade.domain.StepState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
            case Fact.InterlockBroke f -> interlockBroke(run, f);
            case Fact.GateAnswered f -> gateAnswered(run, f);
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
                move.announce(move.story.started(fact.by()));
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
        move.steps.put(step.id(), new Succeeded(now.attempt(), now.since(), fact.at(), fact.checks(), fact.findings()));
        move.show(step);
        move.done(step);
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

    private static Decision interlockBroke(Run run, Fact.InterlockBroke fact) {
        return switch (run.status()) {
            case RUNNING -> {
                var move = new Move(run, fact.at());
                move.status = Status.PAUSING;
                move.asked = new Asked(fact.cause(), Move.SYSTEM, fact.reason());
                yield move.advance();
            }
            case QUEUED, PAUSING, PAUSED, ABORTING, ABORTED, COMPLETED, FAILED -> noNews(run);
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
                String noWayBack = noWayBack(run);
                if (noWayBack != null) {
                    yield refused(noWayBack, "Resume the run, and retry what failed: the way is forward.");
                }
                var move = new Move(run, fact.at());
                move.status = Status.ABORTING;
                move.asked = new Asked("operator", fact.by(), fact.reason());
                yield move.advance();
            }
            case ABORTING -> refused("The run is being aborted already.", "Wait until it has come to its safe point.");
            case ABORTED, COMPLETED, FAILED -> ended(run);
        };
    }

    private static Decision gateAnswered(Run run, Fact.GateAnswered fact) {
        StepState state = run.steps().get(fact.stepId());
        if (!(state instanceof Waiting waiting)) {
            return refused(
                    state == null
                            ? "The plan has no gate " + fact.stepId() + "."
                            : "The gate " + fact.stepId() + " is " + state.word() + ", not open.",
                    "Only an open gate can be answered: the run shows which are waiting.");
        }
        return switch (run.status()) {
            case RUNNING, PAUSING, PAUSED, ABORTING -> {
                var move = new Move(run, fact.at());
                Step step = step(run, fact.stepId());
                var check = new Check("confirmed", clause(step), fact.confirmed(), fact.by() + ": " + fact.comment());
                if (fact.confirmed()) {
                    move.steps.put(
                            step.id(),
                            new Succeeded(waiting.attempt(), waiting.since(), fact.at(), List.of(check), Map.of()));
                    move.show(step);
                    move.announce(move.story.gatePassed(step, fact));
                } else {
                    move.fail(
                            step,
                            new Failed(
                                    waiting.attempt(),
                                    waiting.since(),
                                    fact.at(),
                                    new Failure(
                                            "gate-refused",
                                            fact.by() + " did not confirm '" + step.title() + "': " + fact.comment(),
                                            "Do what the gate asks for, then retry it; or abort the run."),
                                    List.of(check)));
                }
                yield move.advance();
            }
            case QUEUED, ABORTED, COMPLETED, FAILED -> ended(run);
        };
    }

    private static @Nullable String clause(Step step) {
        return step.clauses().isEmpty() ? null : step.clauses().getFirst();
    }

    private static Decision retryAsked(Run run, Fact.RetryAsked fact) {
        return repaired(
                run, fact.at(), fact.stepId(), fact.by(), fact.reason(), failed -> new Pending(failed.attempt()));
    }

    private static Decision skipAsked(Run run, Fact.SkipAsked fact) {
        if (run.steps().get(fact.stepId()) instanceof Failed
                && step(run, fact.stepId()).is(Step.Trait.NEEDED)) {
            return refused(
                    "The step " + fact.stepId() + " cannot be skipped: what follows would do harm without it.",
                    "Remove the cause of its failure, then retry it.");
        }
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

    /** Why the run cannot be aborted now; null if it can. */
    private static @Nullable String noWayBack(Run run) {
        String why = null;
        boolean begun = false;
        for (Stage stage : run.plan().stages()) {
            if (stage.noWayBack() == null) {
                continue;
            }
            for (Stage.Lane lane : stage.lanes()) {
                for (Step step : lane.steps()) {
                    begun |= run.state(step.id()).attempt() > 0;
                    why = why == null && !run.state(step.id()).done() ? stage.noWayBack() : why;
                }
            }
        }
        return begun ? why : null;
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
}
