package dev.interlock.upgrade.domain;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A plan being carried out. {@link RunDecider} alone moves it.
 *
 * @param asked who or what last made it pause, abort or fail, and why
 * @param steps by the plan's step ids, in the plan's order
 */
public record Run(
        UUID id,
        UUID planId,
        String planHash,
        Plan plan,
        Status status,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Asked asked,
        Map<String, StepState> steps) {
    public Run {
        steps = Collections.unmodifiableMap(steps);
    }

    /** @param cause operator, step-failed, interlock or window-closed */
    public record Asked(String cause, String by, String reason) {}

    public enum Status {
        /** Waits for room among the other runs. */
        QUEUED,
        RUNNING,
        /** Goes on to the next safe point, then rests. */
        PAUSING,
        PAUSED,
        /** Goes on to the next safe point, then ends. */
        ABORTING,
        ABORTED,
        COMPLETED,
        /** Nothing can go on: some host failed. A retry or a skip makes it run again. */
        FAILED;

        /** Whether it holds its deployment, so that no other run may begin there. */
        public boolean active() {
            return switch (this) {
                case QUEUED, RUNNING, PAUSING, PAUSED, ABORTING -> true;
                case ABORTED, COMPLETED, FAILED -> false;
            };
        }

        /** Whether it waits for a person to let it go on. */
        public boolean resting() {
            return switch (this) {
                case PAUSED, FAILED -> true;
                case QUEUED, RUNNING, PAUSING, ABORTING, ABORTED, COMPLETED -> false;
            };
        }

        /** Whether somebody has to carry it on now. */
        public boolean moving() {
            return switch (this) {
                case QUEUED, RUNNING, PAUSING, ABORTING -> true;
                case PAUSED, ABORTED, COMPLETED, FAILED -> false;
            };
        }

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public static Run queued(UUID id, UUID planId, String planHash, Plan plan) {
        var steps = new LinkedHashMap<String, StepState>();
        plan.steps().forEach(step -> steps.put(step.id(), new StepState.Pending(0)));
        return new Run(id, planId, planHash, plan, Status.QUEUED, null, null, null, steps);
    }

    public StepState state(String stepId) {
        return Objects.requireNonNull(steps.get(stepId), () -> "no step " + stepId);
    }

    /** Hosts that have been proven to run the new version. */
    public int updated() {
        return (int) plan.steps()
                .filter(s -> s.action().milestone() == Milestone.NODE_UPDATED
                        && state(s.id()) instanceof StepState.Succeeded)
                .count();
    }

    /** What the steps that succeeded on a host have found out, the latest word of each name. */
    public Map<String, String> found(UUID hostId) {
        var found = new LinkedHashMap<String, String>();
        plan.steps().filter(s -> s.hostId().equals(hostId)).forEach(s -> {
            if (state(s.id()) instanceof StepState.Succeeded done) {
                found.putAll(done.findings());
            }
        });
        return found;
    }

    /** Hosts with a failed step. */
    public int failedHosts() {
        return (int) plan.steps()
                .filter(s -> state(s.id()) instanceof StepState.Failed)
                .map(Step::hostId)
                .distinct()
                .count();
    }
}
