package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayApprove;
import dev.interlock.platform.security.MayView;
import dev.interlock.upgrade.app.AcknowledgeInterlock;
import dev.interlock.upgrade.app.AcknowledgeInterlock.Outcome;
import dev.interlock.upgrade.app.CheckInterlocks;
import dev.interlock.upgrade.app.Readings;
import dev.interlock.upgrade.domain.Situation.Lock;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What keeps runs from beginning, and hosts from going down. */
@Controller("/api/v1")
@Tag(name = "interlocks")
class InterlocksController {
    private final AcknowledgeInterlock acknowledge;
    private final CheckInterlocks interlocks;
    private final Readings readings;
    private final CurrentActor actor;
    private final AuditLog audit;

    InterlocksController(
            AcknowledgeInterlock acknowledge,
            CheckInterlocks interlocks,
            Readings readings,
            CurrentActor actor,
            AuditLog audit) {
        this.acknowledge = acknowledge;
        this.interlocks = interlocks;
        this.readings = readings;
        this.actor = actor;
        this.audit = audit;
    }

    @Post("/plans/{id}/acknowledgements")
    @MayApprove
    @Audited("plan.acknowledge")
    @Operation(
            operationId = "acknowledgeInterlock",
            summary = "Say that a plan may go on although some would be refused",
            description =
                    "Binds to the plan's hash and to exactly this list; a longer list asks again. Refused to the one who"
                            + " made the plan, whatever his roles.")
    PlanView acknowledge(@PathVariable UUID id, @Body @Valid NewAcknowledgement body) {
        audit.note("plan-hash", body.hash());
        audit.note("interlock", body.interlock());
        audit.note("subjects", String.valueOf(body.subjects().size()));
        audit.note("reason", body.reason());
        return switch (acknowledge.handle(
                id,
                body.hash(),
                body.interlock(),
                body.subjects(),
                body.reason(),
                actor.get().name())) {
            case Outcome.Acknowledged done -> PlanView.of(done.plan(), interlocks.outlook(done.plan()));
            case Outcome.NoPlan none -> throw ProblemException.notFound("plan", none.id());
            case Outcome.OwnPlan own ->
                throw Problem.forbidden(
                                "own-plan",
                                "Nobody approves his own plan",
                                own.plan().plannedBy() + " made this plan.",
                                "Ask another person with the role approver or admin.")
                        .exception();
            case Outcome.OtherHash other ->
                throw Problem.conflict(
                                "plan-hash-mismatch",
                                "That is another plan",
                                "The hash does not belong to plan "
                                        + other.plan().id() + ".",
                                "Read the plan again and use the hash that it has.")
                        .with("hash", other.plan().hash())
                        .exception();
            case Outcome.NothingToSay nothing ->
                throw Problem.conflict(
                                "nothing-to-acknowledge",
                                "No word is wanted",
                                "The interlock '" + body.interlock() + "' holds, or no word opens it.",
                                "Read the plan: its interlocks of weight wants-word are those that an approver may acknowledge.")
                        .with("interlocks", InterlockView.of(nothing.findings()))
                        .exception();
            case Outcome.OtherList other ->
                throw Problem.conflict(
                                "other-list",
                                "That is another list",
                                "Those whom it is about have changed, or you named others.",
                                "Read the list as it is now, and acknowledge exactly that one.")
                        .with("interlocks", InterlockView.of(List.of(other.finding())))
                        .exception();
        };
    }

    @Get("/locks")
    @MayView
    @Operation(
            operationId = "listLocks",
            summary = "Hosts that nobody may restart or take away now (P9)",
            description = "A run is at a step there that must not be cut off, or has failed in it.")
    List<LockView> locks() {
        return readings.locks(null).stream().map(LockView::of).toList();
    }

    /** @param subjects all that the plan's interlock lists, by name */
    @Introspected
    record NewAcknowledgement(
            @NotBlank @Size(max = 64) String hash,
            @NotBlank @Size(max = 64) String interlock,
            @NotEmpty @Size(max = 10000) List<@NotBlank @Size(max = 253) String> subjects,
            @NotBlank @Size(max = 1000) String reason) {}

    /** @param step what is being done there */
    @Introspected
    record LockView(UUID hostId, String host, String clause, UUID runId, String step, Instant since) {
        static LockView of(Lock lock) {
            return new LockView(lock.hostId(), lock.host(), "P9", lock.runId(), lock.step(), lock.since());
        }
    }
}
