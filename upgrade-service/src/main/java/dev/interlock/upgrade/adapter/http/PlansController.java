package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.ETags;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayApprove;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayView;
import dev.interlock.upgrade.app.CheckInterlocks;
import dev.interlock.upgrade.app.DecidePlan;
import dev.interlock.upgrade.app.EngineSettings;
import dev.interlock.upgrade.app.PlanUpgrade;
import dev.interlock.upgrade.app.Plans;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Procedure.Reason;
import dev.interlock.upgrade.domain.Version;
import dev.interlock.upgrade.domain.Window;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Upgrade plans: made by one person, approved by another. */
@Controller("/api/v1/plans")
@Tag(name = "plans")
class PlansController {
    private final PlanUpgrade planUpgrade;
    private final DecidePlan decidePlan;
    private final Plans plans;
    private final CheckInterlocks interlocks;
    private final EngineSettings settings;
    private final Idempotency idempotency;
    private final CurrentActor actor;
    private final AuditLog audit;

    PlansController(
            PlanUpgrade planUpgrade,
            DecidePlan decidePlan,
            Plans plans,
            CheckInterlocks interlocks,
            EngineSettings settings,
            Idempotency idempotency,
            CurrentActor actor,
            AuditLog audit) {
        this.planUpgrade = planUpgrade;
        this.decidePlan = decidePlan;
        this.plans = plans;
        this.interlocks = interlocks;
        this.settings = settings;
        this.idempotency = idempotency;
        this.actor = actor;
        this.audit = audit;
    }

    @Post
    @MayOperate
    @Audited("plan.create")
    @Operation(
            operationId = "createPlan",
            summary = "Plan an upgrade of a deployment",
            description =
                    "Nothing is done to any host before another person has approved the plan and somebody has started it.")
    @ApiResponse(
            responseCode = "201",
            description = "Planned",
            content = @Content(schema = @Schema(implementation = PlanView.class)))
    HttpResponse<?> create(@Body @Valid NewPlan body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            Window window = body.window() == null ? null : body.window().toDomain();
            var limits = new Plan.Limits(
                    body.concurrency() == null ? settings.concurrency() : body.concurrency(),
                    body.canary() == null ? 0 : body.canary(),
                    body.failureThreshold());
            var outcome = planUpgrade.handle(
                    body.deploymentId(),
                    new Version(body.targetVersion()),
                    limits,
                    window,
                    actor.get().name());
            return switch (outcome) {
                case PlanUpgrade.Outcome.Made made ->
                    HttpResponse.created(
                                    PlanView.of(made.plan(), interlocks.outlook(made.plan())),
                                    URI.create("/api/v1/plans/" + made.plan().id()))
                            .header("ETag", ETags.of(made.plan().version()));
                case PlanUpgrade.Outcome.NoDeployment none ->
                    throw Problem.notFound("deployment", none.id())
                            .next("Register it in the inventory; this service hears of it a moment later.")
                            .exception();
                case PlanUpgrade.Outcome.NotPossible not -> throw refused(not.reasons());
            };
        });
    }

    private static ProblemException refused(List<Reason> reasons) {
        return Problem.conflict(
                        "plan-refused",
                        "The upgrade cannot be planned",
                        reasons.stream().map(Reason::text).collect(Collectors.joining(" ")),
                        reasons.getFirst().next())
                .with(
                        "reasons",
                        reasons.stream()
                                .map(r -> java.util.Map.of("clause", r.rule(), "reason", r.text(), "next", r.next()))
                                .toList())
                .exception();
    }

    @Get
    @MayView
    @Operation(operationId = "listPlans", summary = "List plans, newest first")
    Page<PlanSummary> list(
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after,
            @Nullable @QueryValue UUID deploymentId,
            @Nullable @QueryValue String status) {
        if (status != null
                && Arrays.stream(Plans.Status.values()).noneMatch(s -> s.word().equals(status))) {
            throw ProblemException.invalid(
                    "'" + status + "' is no status of a plan.",
                    "Use one of "
                            + String.join(
                                    ", ",
                                    Arrays.stream(Plans.Status.values())
                                            .map(Plans.Status::word)
                                            .toList()) + ".");
        }
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        var rows = plans.list(
                deploymentId,
                status,
                cursor == null ? null : cursor.instant(0),
                cursor == null ? null : cursor.uuid(1),
                size + 1);
        return Page.of(rows, size, p -> Cursor.of(p.plannedAt(), p.id())).map(PlanSummary::of);
    }

    @Get("/{id}")
    @MayView
    @Operation(
            operationId = "showPlan",
            summary = "Show a plan with every step",
            description =
                    "hash is the SHA-256 of the member plan as JSON with sorted names, without white space and nulls.")
    HttpResponse<PlanView> show(@PathVariable UUID id) {
        StoredPlan plan = plans.find(id).orElseThrow(() -> ProblemException.notFound("plan", id));
        return HttpResponse.ok(PlanView.of(plan, interlocks.outlook(plan))).header("ETag", ETags.of(plan.version()));
    }

    @Post("/{id}/approval")
    @MayApprove
    @Audited("plan.approve")
    @Operation(
            operationId = "approvePlan",
            summary = "Approve exactly the plan with this hash",
            description = "Refused to the one who made the plan, whatever his roles.")
    PlanView approve(@PathVariable UUID id, @Body @Valid PlanApproval body) {
        audit.note("plan-hash", body.hash());
        return view(
                decidePlan.approve(id, body.hash(), body.comment(), actor.get().name()));
    }

    @Post("/{id}/rejection")
    @MayApprove
    @Audited("plan.reject")
    @Operation(operationId = "rejectPlan", summary = "Reject a plan; it can never be started")
    PlanView reject(@PathVariable UUID id, @Body @Valid PlanRejection body) {
        audit.note("reason", body.reason());
        return view(
                decidePlan.reject(id, body.hash(), body.reason(), actor.get().name()));
    }

    private PlanView view(DecidePlan.Outcome outcome) {
        return switch (outcome) {
            case DecidePlan.Outcome.Decided decided -> PlanView.of(decided.plan(), interlocks.outlook(decided.plan()));
            case DecidePlan.Outcome.NoPlan none -> throw ProblemException.notFound("plan", none.id());
            case DecidePlan.Outcome.OwnPlan own ->
                throw Problem.forbidden(
                                "own-plan",
                                "Nobody approves his own plan",
                                own.plan().plannedBy() + " made this plan.",
                                "Ask another person with the role approver or admin.")
                        .exception();
            case DecidePlan.Outcome.OtherHash other ->
                throw Problem.conflict(
                                "plan-hash-mismatch",
                                "That is another plan",
                                "The hash does not belong to plan "
                                        + other.plan().id() + ".",
                                "Read the plan again and use the hash that it has.")
                        .with("hash", other.plan().hash())
                        .exception();
            case DecidePlan.Outcome.DecidedBefore before ->
                throw ProblemException.conflict(
                        "plan-decided",
                        "The plan was decided before",
                        "It is " + before.plan().status().word() + " since "
                                + before.plan().decidedAt() + ", by "
                                + before.plan().decidedBy() + ".",
                        "Make a new plan if another decision is wanted.");
        };
    }

    /**
     * @param concurrency hosts at once; the service's default if not given
     * @param canary how many hosts go first, one after another; a failure among them stops the run
     * @param failureThreshold at how many failed hosts no other is begun; not given: the others always go on
     */
    @Introspected
    record NewPlan(
            @NotNull UUID deploymentId,

            @NotBlank @Pattern(regexp = "\\d{1,9}(\\.\\d{1,9}){0,5}", message = "must be a version such as 1.5.0")
            String targetVersion,

            @Nullable @Min(1) @Max(1000) Integer concurrency,
            @Nullable @Min(0) @Max(1000) Integer canary,
            @Nullable @Min(1) @Max(100000) Integer failureThreshold,
            @Nullable @Valid NewWindow window) {}

    /** @param zone as in Europe/Berlin; UTC if not given */
    @Introspected
    record NewWindow(
            @NotNull Instant start,
            @NotNull Instant end,
            @Nullable @Size(max = 60) String zone) {
        Window toDomain() {
            String in = zone == null ? "UTC" : zone;
            try {
                var known = ZoneId.of(in);
                return new Window(start, end, known.getId());
            } catch (DateTimeException e) {
                throw ProblemException.invalid("'" + in + "' is no time zone.", "Use a name such as Europe/Berlin.");
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid(
                        "The maintenance window ends before it starts.", "Give an end after the start.");
            }
        }
    }

    @Introspected
    record PlanApproval(
            @NotBlank @Size(max = 64) String hash,
            @Nullable @Size(max = 1000) String comment) {}

    @Introspected
    record PlanRejection(
            @NotBlank @Size(max = 64) String hash,
            @NotBlank @Size(max = 1000) String reason) {}
}
