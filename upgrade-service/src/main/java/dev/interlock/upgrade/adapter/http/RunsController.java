package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.ETags;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.problem.Problems;
import dev.interlock.platform.security.Actor;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayView;
import dev.interlock.platform.security.Roles;
import dev.interlock.upgrade.app.Runs;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.app.StartRun;
import dev.interlock.upgrade.app.SteerRun;
import dev.interlock.upgrade.domain.Decision.Decided;
import dev.interlock.upgrade.domain.Decision.Refused;
import dev.interlock.upgrade.domain.Fact;
import dev.interlock.upgrade.domain.Finding;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Step;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.StreamedFile;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs: approved plans being carried out. */
@Controller("/api/v1/runs")
@Tag(name = "runs")
class RunsController {
    private final StartRun startRun;
    private final SteerRun steerRun;
    private final Runs runs;
    private final Idempotency idempotency;
    private final CurrentActor actor;
    private final AuditLog audit;
    private final Clock clock;

    RunsController(
            StartRun startRun,
            SteerRun steerRun,
            Runs runs,
            Idempotency idempotency,
            CurrentActor actor,
            AuditLog audit,
            Clock clock) {
        this.startRun = startRun;
        this.steerRun = steerRun;
        this.runs = runs;
        this.idempotency = idempotency;
        this.actor = actor;
        this.audit = audit;
        this.clock = clock;
    }

    @Post
    @MayOperate
    @Audited("run.start")
    @Operation(
            operationId = "startRun",
            summary = "Start an approved plan",
            description =
                    "Refused, and the plan is done with, if the estate is no longer what the plan was made for. Follow the run at its Location.")
    @ApiResponse(
            responseCode = "202",
            description = "Queued",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    HttpResponse<?> start(@Body @Valid NewRun body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> switch (startRun.handle(
                body.planId(), actor.get().name())) {
            case StartRun.Outcome.Queued queued ->
                HttpResponse.accepted(URI.create("/api/v1/runs/" + queued.runId()))
                        .body(view(queued.runId()));
            case StartRun.Outcome.NoPlan none -> throw ProblemException.notFound("plan", none.id());
            case StartRun.Outcome.NotApproved not ->
                throw ProblemException.conflict(
                        "plan-not-approved",
                        "The plan is not approved",
                        "It is " + not.plan().status().word() + ".",
                        "Have another person approve it first.");
            case StartRun.Outcome.UsedBefore used ->
                throw Problem.conflict(
                                "plan-used",
                                "A plan is carried out once",
                                "Run " + used.runId() + " carries it out.",
                                "Follow that run; retry its failed steps, or make a new plan.")
                        .with("runId", used.runId())
                        .exception();
            case StartRun.Outcome.OutsideWindow outside ->
                throw ProblemException.conflict(
                        "outside-window",
                        "Not in the maintenance window",
                        "It is open from " + outside.window().start() + " to "
                                + outside.window().end() + " ("
                                + outside.window().zone() + ").",
                        clock.instant().isBefore(outside.window().start())
                                ? "Start the run when it is open."
                                : "Make a new plan with another window.");
            case StartRun.Outcome.Drifted drifted ->
                // returned, not thrown: that the plan is done with is kept
                Problems.answer(
                        request,
                        Problem.conflict(
                                        "plan-drifted",
                                        "The plan no longer fits",
                                        String.join("; ", drifted.differences()) + ".",
                                        "Make a new plan and have it approved.")
                                .with("differences", drifted.differences()));
            case StartRun.Outcome.Interlocked interlocked ->
                throw InterlockView.problem(interlocked.broken()).exception();
            case StartRun.Outcome.Busy busy ->
                throw Problem.conflict(
                                "deployment-busy",
                                "One run a deployment",
                                "Run " + busy.runId() + " has the deployment.",
                                "Wait until it has ended, or abort it.")
                        .with("runId", busy.runId())
                        .exception();
        });
    }

    @Get
    @MayView
    @Operation(
            operationId = "listRuns",
            summary = "List runs, newest first",
            description = "active: true for those that have not ended, false for those that have.")
    Page<RunSummary> list(
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after,
            @Nullable @QueryValue UUID deploymentId,
            @Nullable @QueryValue String status,
            @Nullable @QueryValue Boolean active) {
        if (status != null
                && Arrays.stream(Run.Status.values()).noneMatch(s -> s.word().equals(status))) {
            throw ProblemException.invalid(
                    "'" + status + "' is no status of a run.",
                    "Use one of "
                            + String.join(
                                    ", ",
                                    Arrays.stream(Run.Status.values())
                                            .map(Run.Status::word)
                                            .toList()) + ".");
        }
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        var rows = runs.list(
                deploymentId,
                status,
                active,
                cursor == null ? null : cursor.instant(0),
                cursor == null ? null : cursor.uuid(1),
                size + 1);
        return Page.of(rows, size, r -> Cursor.of(r.queuedAt(), r.run().id())).map(RunSummary::of);
    }

    @Get("/{id}")
    @MayView
    @Operation(operationId = "showRun", summary = "Show a run: stages, steps, attempts, and what went wrong")
    HttpResponse<RunView> show(@PathVariable UUID id) {
        StoredRun run = find(id);
        return HttpResponse.ok(RunView.of(run, runs.attempts(id))).header("ETag", ETags.of(run.version()));
    }

    @Get("/{id}/steps/{stepId}/attempts/{attempt}/output")
    @MayView
    @Operation(operationId = "showAttemptOutput", summary = "What a host's own tools said during an attempt")
    AttemptOutput output(@PathVariable UUID id, @PathVariable String stepId, @PathVariable int attempt) {
        var of = find(id);
        return runs.output(of.run().id(), stepId, attempt)
                .map(said -> new AttemptOutput(stepId, attempt, said))
                .orElseThrow(() -> ProblemException.notFound("attempt", stepId + "/" + attempt));
    }

    @Get("/{id}/events")
    @Produces(MediaType.TEXT_EVENT_STREAM)
    @MayView
    @Operation(
            operationId = "followRun",
            summary = "Follow a run live",
            description =
                    "Server-sent events, ids counting from 1; honours Last-Event-ID; ends after the run's last event.")
    HttpResponse<StreamedFile> events(@PathVariable UUID id, @Nullable @Header("Last-Event-ID") String lastEventId) {
        var of = find(id);
        long after = 0;
        if (lastEventId != null && !lastEventId.isBlank()) {
            try {
                after = Math.max(0, Long.parseLong(lastEventId.strip()));
            } catch (NumberFormatException e) {
                throw ProblemException.invalid(
                        "Last-Event-ID is '" + lastEventId + "'.", "Send the id of the last event you have seen.");
            }
        }
        return HttpResponse.ok(new StreamedFile(
                        new RunEventStream(runs, of.run().id(), after), MediaType.TEXT_EVENT_STREAM_TYPE))
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no");
    }

    @Post("/{id}/{verb:pause|resume|abort}")
    @MayOperate
    @Audited("run.steer")
    @Operation(
            operationId = "steerRun",
            summary = "Pause at the next safe point, resume, or abort at the next safe point")
    @ApiResponse(
            responseCode = "202",
            description = "Asked for",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    HttpResponse<RunView> steer(@PathVariable UUID id, @PathVariable String verb, @Body @Valid RunCommand body) {
        Instant now = clock.instant();
        String by = actor.get().name();
        return asked(
                id,
                verb,
                body,
                switch (verb) {
                    case "pause" -> new Fact.PauseAsked(by, body.reason(), now);
                    case "resume" -> new Fact.ResumeAsked(by, body.reason(), now);
                    case "abort" -> new Fact.AbortAsked(by, body.reason(), now);
                    default -> throw ProblemException.notFound("command", verb);
                });
    }

    @Post("/{id}/steps/{stepId}/{verb:retry|skip}")
    @MayOperate
    @Audited("step.repair")
    @Operation(operationId = "repairStep", summary = "Try a failed step again, or go on without it")
    @ApiResponse(
            responseCode = "202",
            description = "Asked for",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    HttpResponse<RunView> repair(
            @PathVariable UUID id,
            @PathVariable @Pattern(regexp = "[A-Za-z0-9._-]{1,120}") String stepId,
            @PathVariable String verb,
            @Body @Valid RunCommand body) {
        Instant now = clock.instant();
        String by = actor.get().name();
        return asked(
                id,
                verb,
                body,
                switch (verb) {
                    case "retry" -> new Fact.RetryAsked(stepId, by, body.reason(), now);
                    case "skip" -> new Fact.SkipAsked(stepId, by, body.reason(), now);
                    default -> throw ProblemException.notFound("command", verb);
                });
    }

    @Post("/{id}/gates/{stepId}")
    @MayView
    @Audited("gate.answer")
    @Operation(
            operationId = "answerGate",
            summary = "Answer an open gate",
            description =
                    "Who may answer stands at the gate: operator, approver or admin. Confirmed, the run goes on; refused, the step failed.")
    @ApiResponse(
            responseCode = "202",
            description = "Answered",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    HttpResponse<RunView> answer(
            @PathVariable UUID id,
            @PathVariable @Pattern(regexp = "[A-Za-z0-9._-]{1,120}") String stepId,
            @Body @Valid GateAnswer body) {
        Gate gate = find(id).run()
                .plan()
                .steps()
                .filter(s -> s.id().equals(stepId))
                .map(Step::action)
                .filter(Gate.class::isInstance)
                .map(Gate.class::cast)
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("gate", stepId));
        Actor person = actor.get();
        if (!person.is(gate.role()) && !person.is(Roles.ADMIN)) {
            throw Problem.forbidden(
                            "gate-role",
                            "Somebody else answers this gate",
                            "This gate is answered by somebody with the role " + gate.role() + ".",
                            "Ask such a person to answer it.")
                    .exception();
        }
        audit.note("confirmed", Boolean.toString(body.confirmed()));
        return asked(
                id,
                "answer",
                new RunCommand(body.comment()),
                new Fact.GateAnswered(stepId, body.confirmed(), person.name(), body.comment(), clock.instant()));
    }

    private HttpResponse<RunView> asked(UUID id, String verb, RunCommand wish, Fact fact) {
        audit.note("command", verb);
        audit.note("reason", wish.reason());
        List<Finding> broken = steerRun.interlocked(id, fact);
        if (!broken.isEmpty()) {
            throw InterlockView.problem(broken).exception();
        }
        var decision = steerRun.handle(id, fact).orElseThrow(() -> ProblemException.notFound("run", id));
        return switch (decision) {
            case Decided decided ->
                HttpResponse.accepted(URI.create("/api/v1/runs/" + id)).body(view(id));
            case Refused refused ->
                throw ProblemException.conflict(
                        "not-now",
                        "The run cannot do that now",
                        refused.reason().text(),
                        refused.reason().next());
        };
    }

    private RunView view(UUID id) {
        return RunView.of(find(id), List.of());
    }

    private StoredRun find(UUID id) {
        return runs.find(id).orElseThrow(() -> ProblemException.notFound("run", id));
    }

    @Introspected
    record NewRun(@NotNull UUID planId) {}

    @Introspected
    record RunCommand(@NotBlank @Size(max = 1000) String reason) {}

    /** @param comment what was done or seen, for the record */
    @Introspected
    record GateAnswer(
            @NotNull Boolean confirmed,
            @NotBlank @Size(max = 1000) String comment) {}

    @Introspected
    record AttemptOutput(String stepId, int attempt, String output) {}
}
