package dev.interlock.upgrade.domain;

import dev.interlock.contracts.UpgradeEvent.Check;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How far one step has come. {@code attempt} counts from 1; 0 means that it was never begun. */
public sealed interface StepState {
    int attempt();

    record Pending(int attempt) implements StepState {}

    /** @param deadline after which it counts as failed: nothing is in progress for ever */
    record Running(int attempt, Instant since, Instant deadline) implements StepState {}

    /** A gate that is open until a person answers. */
    record Waiting(int attempt, Instant since) implements StepState {}

    /** @param findings what the step found out; see {@link Findings} */
    record Succeeded(int attempt, Instant since, Instant at, List<Check> checks, Map<String, String> findings)
            implements StepState {
        public Succeeded {
            checks = List.copyOf(checks);
            findings = Map.copyOf(findings);
        }
    }

    record Failed(int attempt, Instant since, Instant at, Failure failure, List<Check> checks) implements StepState {
        public Failed {
            checks = List.copyOf(checks);
        }
    }

    record Skipped(int attempt, Instant at, String by, String reason) implements StepState {}

    default boolean done() {
        return switch (this) {
            case Succeeded s -> true;
            case Skipped s -> true;
            case Pending p -> false;
            case Running r -> false;
            case Waiting w -> false;
            case Failed f -> false;
        };
    }

    default String word() {
        return switch (this) {
            case Pending p -> "pending";
            case Running r -> "running";
            case Waiting w -> "waiting";
            case Succeeded s -> "succeeded";
            case Failed f -> "failed";
            case Skipped s -> "skipped";
        };
    }
}
