package dev.interlock.upgrade.domain;

import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.upgrade.domain.Decision.Decided;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One decision being made: the run as it will be, and what follows. */
final class Move {
    static final String SYSTEM = "interlock";

    final Map<String, StepState> steps;
    final List<Command> commands = new ArrayList<>();
    final Story story;
    Status status;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    Asked asked;

    private final Run before;
    private final Plan plan;
    private final Instant at;

    Move(Run run, Instant at) {
        this.before = run;
        this.plan = run.plan();
        this.at = at;
        this.steps = new LinkedHashMap<>(run.steps());
        this.status = run.status();
        this.startedAt = run.startedAt();
        this.endedAt = run.endedAt();
        this.asked = run.asked();
        this.story = new Story(run, steps);
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
            int open = 0;
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
                    case Waiting w -> open++;
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
                    midway.size() > stage.width() - going - open || (fresh.size() > 0 && !midway.containsAll(fresh));
            for (Step step : midway) {
                if (going + open < stage.width()) {
                    begin(step);
                    if (step.action() instanceof Gate) {
                        open++;
                    } else {
                        going++;
                    }
                }
            }
            // A run that is to rest need not wait for a person's answer.
            running |= going > 0 || (open > 0 && status == Status.RUNNING);
            halted |= stageHalted;
            earlierSettled &= going == 0 && open == 0 && !waiting && !stageHalted;
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

    private void rest(boolean halted) {
        switch (status) {
            case PAUSING -> paused();
            case ABORTING -> {
                status = Status.ABORTED;
                endedAt = at;
                Asked by = Objects.requireNonNull(asked);
                announce(story.aborted(by, seconds()));
            }
            case RUNNING -> {
                if (steps.values().stream().allMatch(StepState::done)) {
                    completed();
                } else if (halted) {
                    asked = new Asked(
                            "step-failed", SYSTEM, "a host failed in a stage that must succeed before others follow");
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
        announce(story.paused(by));
    }

    private void completed() {
        status = Status.COMPLETED;
        endedAt = at;
        announce(story.completed(seconds()));
    }

    private void failed() {
        status = Status.FAILED;
        endedAt = at;
        List<String> names = plan.steps()
                .filter(s -> state(s) instanceof Failed)
                .map(s -> plan.target(s.hostId()).name())
                .distinct()
                .toList();
        String reason = names.size() + " of " + plan.targets().size() + " hosts failed: " + String.join(", ", names);
        asked = new Asked("step-failed", SYSTEM, reason);
        announce(story.failed(reason, seconds()));
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
        if (step.action() instanceof Gate gate) {
            steps.put(step.id(), new Waiting(attempt, at));
            show(step);
            announce(story.gateOpened(step, gate));
            return;
        }
        steps.put(step.id(), new Running(attempt, at, at.plus(step.max())));
        show(step);
        commands.add(new Command.Execute(step.id(), attempt, false));
    }

    void fail(Step step, Failed failed) {
        steps.put(step.id(), failed);
        announce(story.broke(step, failed));
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

    /** Tells what it means that a step succeeded. */
    void done(Step step) {
        story.reached(step).ifPresent(this::announce);
        boolean wantedAgain = plan.steps().anyMatch(s -> s.hostId().equals(step.hostId()) && !state(s).done());
        if (!wantedAgain) {
            commands.add(new Command.Release(step.hostId()));
        }
    }

    void announceResumed(String reason, String by) {
        announce(story.resumed(reason, by));
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

    private double seconds() {
        return startedAt == null ? 0 : Duration.between(startedAt, at).toMillis() / 1000.0;
    }
}
