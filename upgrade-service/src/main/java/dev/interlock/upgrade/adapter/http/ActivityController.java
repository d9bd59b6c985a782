package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.security.MayView;
import dev.interlock.platform.security.Roles;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.app.ShowActivity;
import dev.interlock.upgrade.app.ShowActivity.Waiting;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What goes on now, for those who would else have to read every run. */
@Controller("/api/v1/activity")
@Tag(name = "activity")
class ActivityController {
    private final ShowActivity activity;

    ActivityController(ShowActivity activity) {
        this.activity = activity;
    }

    @Get
    @MayView
    @Operation(
            operationId = "showActivity",
            summary = "Show what goes on now, and what waits for whom",
            description =
                    "Runs that have not ended or that failed and were not followed by another; plans that wait for a decision or for"
                            + " their start; and whatever in these runs stands still until a person acts.")
    ActivityView show() {
        var now = activity.handle();
        return new ActivityView(
                now.runs().stream().map(RunSummary::of).toList(),
                now.plans().stream().map(PlanSummary::of).toList(),
                now.runs().stream()
                        .flatMap(run -> ShowActivity.waiting(run.run()).stream().map(each -> WaitingView.of(run, each)))
                        .toList());
    }

    @Introspected
    record ActivityView(List<RunSummary> runs, List<PlanSummary> plans, List<WaitingView> waiting) {}

    /**
     * @param kind gate, failed-step or paused-run
     * @param role who may act: operator, approver or admin
     * @param stepId null when the run rests as a whole, as are the next two
     * @param reason the gate's question, why the step failed, or why the run was paused
     * @param next what to do
     * @param since null when it is not known
     */
    @Introspected
    record WaitingView(
            String kind,
            UUID runId,
            UUID deploymentId,
            String deployment,
            String role,
            @Nullable String stepId,
            @Nullable String host,
            @Nullable String step,
            List<String> clauses,
            String reason,
            String next,
            @Nullable Instant since) {
        static WaitingView of(StoredRun stored, Waiting waiting) {
            var run = stored.run();
            var plan = run.plan();
            return switch (waiting) {
                case Waiting.AtGate(var lane, var step, var gate, var state) ->
                    new WaitingView(
                            "gate",
                            run.id(),
                            plan.deploymentId(),
                            plan.deployment(),
                            gate.role(),
                            step.id(),
                            gate.ofDeployment() ? null : lane.hostName(),
                            step.title(),
                            step.clauses(),
                            gate.question(),
                            "Answer the gate.",
                            state.since());
                case Waiting.AtFailure(var lane, var step, var state) ->
                    new WaitingView(
                            "failed-step",
                            run.id(),
                            plan.deploymentId(),
                            plan.deployment(),
                            Roles.OPERATOR,
                            step.id(),
                            lane.hostName(),
                            step.title(),
                            step.clauses(),
                            state.failure().sentence(),
                            state.failure().next(),
                            state.at());
                case Waiting.Paused(var asked) ->
                    new WaitingView(
                            "paused-run",
                            run.id(),
                            plan.deploymentId(),
                            plan.deployment(),
                            Roles.OPERATOR,
                            null,
                            null,
                            null,
                            List.of(),
                            asked.reason() + " (" + asked.by() + ")",
                            "Resume or abort the run.",
                            null);
            };
        }
    }
}
