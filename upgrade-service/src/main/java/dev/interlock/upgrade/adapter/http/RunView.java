package dev.interlock.upgrade.adapter.http;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Runs.Attempt;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Stage;
import dev.interlock.upgrade.domain.Step;
import dev.interlock.upgrade.domain.StepState;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run with all its steps.
 *
 * @param reason why it pauses, was aborted or failed
 * @param lastEvent number of the newest event in its stream
 * @param carriedBy the instance that carries it now
 */
@Introspected
record RunView(
        UUID id,
        UUID planId,
        String planHash,
        UUID deploymentId,
        String deployment,
        String product,
        String fromVersion,
        String toVersion,
        String status,
        @Nullable String cause,
        @Nullable String reason,
        @Nullable String askedBy,
        int updatedNodes,
        int failedNodes,
        int nodes,
        String startedBy,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        long lastEvent,
        @Nullable String carriedBy,
        List<StageView> stages) {
    private static final TypeReference<Map<String, Double>> PHASES = new TypeReference<>() {};

    @Introspected
    record StageView(String name, int width, List<LaneView> lanes) {}

    @Introspected
    record LaneView(UUID hostId, String hostName, List<StepView> steps) {}

    /** @param state pending, waiting (for a person), running, succeeded, failed or skipped */
    @Introspected
    record StepView(
            String stepId,
            String title,
            String action,
            List<String> clauses,
            String state,
            int attempt,
            @Nullable Instant since,
            @Nullable Instant deadline,
            @Nullable Instant endedAt,
            @Nullable StepFailureView failure,
            @Nullable String skippedBy,
            @Nullable String skipReason,
            List<Check> checks,
            Map<String, String> findings,
            @Nullable GateView gate,
            List<AttemptView> attempts) {}

    /** @param role who may answer */
    @Introspected
    record GateView(String question, String role) {}

    /**
     * @param code short and stable
     * @param reason what happened, for a person
     */
    @Introspected
    record StepFailureView(String code, String reason, String nextStep) {}

    /**
     * @param phases seconds in each phase, by the host's clock
     * @param takenUp how often an instance took it up, after the one before had died
     */
    @Introspected
    record AttemptView(
            int attempt,
            Instant begunAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable String reason,
            Map<String, Double> phases,
            String carriedBy,
            int takenUp) {}

    static RunView of(StoredRun s, List<Attempt> attempts) {
        Run r = s.run();
        Map<String, List<Attempt>> ofStep = attempts.stream().collect(Collectors.groupingBy(Attempt::stepId));
        Run.Asked asked = r.asked();
        return new RunView(
                r.id(),
                r.planId(),
                r.planHash(),
                r.plan().deploymentId(),
                r.plan().deployment(),
                r.plan().product(),
                r.plan().from().text(),
                r.plan().target().text(),
                r.status().word(),
                asked == null ? null : asked.cause(),
                asked == null ? null : asked.reason(),
                asked == null ? null : asked.by(),
                r.updated(),
                r.failedHosts(),
                r.plan().targets().size(),
                s.startedBy(),
                s.queuedAt(),
                r.startedAt(),
                r.endedAt(),
                s.lastEvent(),
                s.owner(),
                r.plan().stages().stream().map(stage -> stage(r, stage, ofStep)).toList());
    }

    private static StageView stage(Run run, Stage stage, Map<String, List<Attempt>> attempts) {
        return new StageView(
                stage.name(),
                stage.width(),
                stage.lanes().stream()
                        .map(lane -> new LaneView(
                                lane.hostId(),
                                lane.hostName(),
                                lane.steps().stream()
                                        .map(step -> step(
                                                step,
                                                run.state(step.id()),
                                                attempts.getOrDefault(step.id(), List.of())))
                                        .toList()))
                        .toList());
    }

    private static StepView step(Step step, StepState state, List<Attempt> attempts) {
        Instant since = null;
        Instant deadline = null;
        Instant endedAt = null;
        StepFailureView failure = null;
        String skippedBy = null;
        String skipReason = null;
        List<Check> checks = List.of();
        Map<String, String> findings = Map.of();
        switch (state) {
            case StepState.Pending p -> {}
            case StepState.Running s -> {
                since = s.since();
                deadline = s.deadline();
            }
            case StepState.Waiting s -> since = s.since();
            case StepState.Succeeded s -> {
                since = s.since();
                endedAt = s.at();
                checks = s.checks();
                findings = s.findings();
            }
            case StepState.Failed s -> {
                since = s.since();
                endedAt = s.at();
                checks = s.checks();
                failure = new StepFailureView(
                        s.failure().reason(),
                        s.failure().sentence(),
                        s.failure().next());
            }
            case StepState.Skipped s -> {
                endedAt = s.at();
                skippedBy = s.by();
                skipReason = s.reason();
            }
        }
        return new StepView(
                step.id(),
                step.title(),
                step.action().word(),
                step.clauses(),
                state.word(),
                state.attempt(),
                since,
                deadline,
                endedAt,
                failure,
                skippedBy,
                skipReason,
                checks,
                findings,
                step.action() instanceof Gate gate ? new GateView(gate.question(), gate.role()) : null,
                attempts.stream()
                        .map(a -> new AttemptView(
                                a.attempt(),
                                a.begunAt(),
                                a.endedAt(),
                                a.outcome(),
                                a.reason(),
                                Json.read(a.phases(), PHASES),
                                a.carriedBy(),
                                a.takenUp()))
                        .toList());
    }
}
