package dev.interlock.agent.adapter.http;

import dev.interlock.agent.app.AgentSettings;
import dev.interlock.agent.app.Agents;
import dev.interlock.agent.app.ReadAgentLog;
import dev.interlock.agent.app.ReadAgentLog.Taken;
import dev.interlock.agent.app.RecordValidation;
import dev.interlock.agent.app.RegisterAgent;
import dev.interlock.agent.app.Validations;
import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.AgentLog;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.GracePeriods;
import dev.interlock.agent.domain.Recording.AgentUnknown;
import dev.interlock.agent.domain.Recording.IdTaken;
import dev.interlock.agent.domain.Recording.InFuture;
import dev.interlock.agent.domain.Recording.Recorded;
import dev.interlock.agent.domain.Recording.RecordedBefore;
import dev.interlock.agent.domain.Validation;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
import dev.interlock.platform.security.MayReport;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
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
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Agents and what they report. */
@Controller("/api/v1/agents")
@Tag(name = "agents")
class AgentsController {
    private final RegisterAgent register;
    private final RecordValidation record;
    private final ReadAgentLog readLog;
    private final Agents agents;
    private final Validations validations;
    private final Idempotency idempotency;
    private final CurrentActor actor;
    private final AgentSettings settings;
    private final Clock clock;

    /** Characters. */
    private static final int LONGEST_LOG = 512 * 1024;

    AgentsController(
            RegisterAgent register,
            RecordValidation record,
            ReadAgentLog readLog,
            Agents agents,
            Validations validations,
            Idempotency idempotency,
            CurrentActor actor,
            AgentSettings settings,
            Clock clock) {
        this.register = register;
        this.record = record;
        this.readLog = readLog;
        this.agents = agents;
        this.validations = validations;
        this.idempotency = idempotency;
        this.actor = actor;
        this.settings = settings;
        this.clock = clock;
    }

    @Post
    @MayOperate
    @Audited("agent.register")
    @Operation(
            operationId = "registerAgent",
            summary = "Register an agent",
            description = "Sessions name it by its id, so give the one it has, if any.")
    @ApiResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = AgentView.class)))
    HttpResponse<?> register(@Body @Valid NewAgent body, HttpRequest<?> request) {
        return idempotency.once(request, body, () -> {
            var id = body.agentId() == null ? UUID.randomUUID() : body.agentId();
            var agent = register.handle(
                            id,
                            body.name().strip(),
                            body.licenseServerId(),
                            body.hostId(),
                            body.version(),
                            actor.get().name())
                    .orElseThrow(() -> AgentProblems.agentIdTaken(id));
            return HttpResponse.created(view(agent), URI.create("/api/v1/agents/" + id));
        });
    }

    @Get
    @MayView
    @Operation(operationId = "listAgents", summary = "List agents by name")
    Page<AgentView> list(
            @Nullable @QueryValue UUID licenseServerId,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        var from = cursor == null ? null : new Agents.Position(cursor.text(0), cursor.uuid(1));
        var now = clock.instant();
        return Page.of(agents.page(licenseServerId, from, size + 1), size, agent -> Cursor.of(agent.name(), agent.id()))
                .map(agent -> AgentView.of(agent, now, settings.minimumVersion()));
    }

    @Get("/{id}")
    @MayView
    @Operation(operationId = "showAgent", summary = "Show an agent and where it stands with its license server")
    AgentView show(@PathVariable UUID id) {
        var agent = agents.find(id).orElseThrow(() -> AgentProblems.noAgent(id));
        return view(agent);
    }

    /** Reports come from machines, many a second: the topic of agents is their record, not the audit log. */
    @Post("/{id}/validations")
    @MayReport
    @Operation(
            operationId = "reportValidation",
            summary = "Report a validation",
            description =
                    "In any order and as often as you like: the id makes a repeated report harmless (200 instead of"
                            + " 201), and grace follows from the times of the validations, not from those of the reports.")
    @ApiResponse(
            responseCode = "201",
            description = "Recorded",
            content = @Content(schema = @Schema(implementation = AgentView.class)))
    @ApiResponse(
            responseCode = "200",
            description = "Was recorded before",
            content = @Content(schema = @Schema(implementation = AgentView.class)))
    HttpResponse<AgentView> report(@PathVariable UUID id, @Body @Valid NewValidation body) {
        boolean succeeded = body.outcome().equals("succeeded");
        if (succeeded && body.reason() != null) {
            throw ProblemException.invalid(
                    "a reason is given for a validation that succeeded", "Leave the reason out, or report a failure.");
        }
        var validation = new Validation(
                body.validationId(),
                body.at().truncatedTo(ChronoUnit.MICROS),
                succeeded ? Validation.Outcome.SUCCEEDED : Validation.Outcome.FAILED,
                succeeded ? null : reason(body.reason()),
                Validation.Source.API);
        return switch (record.handle(id, validation)) {
            case Recorded(var agent) -> HttpResponse.created(view(agent), URI.create("/api/v1/agents/" + id));
            case RecordedBefore(var agent) -> HttpResponse.ok(view(agent));
            case IdTaken(var _) -> throw AgentProblems.validationIdTaken(body.validationId());
            case InFuture() -> throw AgentProblems.inFuture();
            case AgentUnknown() -> throw AgentProblems.noAgent(id);
        };
    }

    @Get("/{id}/grace-periods")
    @MayView
    @Operation(
            operationId = "listAgentGracePeriods",
            summary = "The grace periods of an agent, in order of time",
            description = "By all that is known now, also of outages that were over before they were heard of.")
    GracePeriodList gracePeriods(@PathVariable UUID id) {
        if (agents.find(id).isEmpty()) {
            throw AgentProblems.noAgent(id);
        }
        var now = clock.instant();
        return new GracePeriodList(GracePeriods.of(validations.all(id)).stream()
                .map(period -> AgentGracePeriod.of(period, now))
                .toList());
    }

    /** As reports are: by machines. */
    @Post("/{id}/log")
    @Consumes(MediaType.TEXT_PLAIN)
    @MayReport
    @Operation(
            operationId = "readAgentLog",
            summary = "Read what an agent wrote of its license",
            description =
                    "Without exitCode the text is a part of the agent's log (agent.log, arbiter.log, server.log); its lines of"
                            + " licenses become validations, others are skipped. A line counts once, however often it is sent. With"
                            + " exitCode and at it is the output of pcoip-validate-license --verbose. At most 512 KiB.")
    LogReport log(
            @PathVariable UUID id,
            @Nullable @QueryValue Integer exitCode,
            @Nullable @QueryValue Instant at,
            @Nullable @Body String text) {
        var agent = agents.find(id).orElseThrow(() -> AgentProblems.noAgent(id));
        var body = text == null ? "" : text;
        if (body.length() > LONGEST_LOG) {
            throw AgentProblems.logTooLong(LONGEST_LOG);
        }
        if (body.isBlank() && exitCode == null) {
            throw ProblemException.invalid("the log is empty", "Send lines of the agent's log as text/plain.");
        }
        if (body.indexOf('\u0000') >= 0) {
            throw ProblemException.invalid(
                    "this is no text", "Send the log as UTF-8; a rotated one is unpacked first.");
        }
        if ((exitCode == null) != (at == null)) {
            throw ProblemException.invalid(
                    "exitCode and at belong together",
                    "Give both for the output of pcoip-validate-license: its exit code and when it was run. Give neither for a"
                            + " log, whose lines have their times.");
        }
        if (exitCode != null && at != null) {
            var validation = AgentLog.command(body, at.truncatedTo(ChronoUnit.MICROS), exitCode);
            var taken = readLog.handle(id, List.of(validation));
            if (!taken.inFuture().isEmpty()) {
                throw AgentProblems.inFuture();
            }
            return report(agent.id(), 1, 1, taken, List.of());
        }
        var read = AgentLog.read(body);
        if (read.lines() == 0) {
            throw ProblemException.invalid(
                    "no line is of an agent's log",
                    "Send lines as '2026-11-21T14:00:00.123Z <uuid> > LVL:2 RC:0 LICENSE :License acquired; …'; for the output of"
                            + " pcoip-validate-license give exitCode and at.");
        }
        var taken = readLog.handle(id, read.validations());
        var problems = new ArrayList<String>();
        read.unreadable().forEach(line -> problems.add("line " + line + ": its time is none"));
        taken.inFuture()
                .forEach(each -> problems.add(each.at() + " is in the future: check the clock of that machine"));
        return report(agent.id(), read.lines(), read.validations().size(), taken, problems);
    }

    private LogReport report(UUID id, int lines, int validations, Taken taken, List<String> problems) {
        return new LogReport(
                lines,
                validations,
                taken.recorded(),
                taken.recordedBefore(),
                problems,
                view(agents.find(id).orElseThrow()));
    }

    private AgentView view(Agent agent) {
        return AgentView.of(agent, clock.instant(), settings.minimumVersion());
    }

    private static String reason(@Nullable String given) {
        return given == null || given.isBlank() ? "unknown" : given.strip();
    }

    /**
     * @param agentId by which sessions name it; a new one if left out
     * @param hostId of the machine in the inventory
     */
    @Introspected
    record NewAgent(
            @Nullable UUID agentId,
            @NotBlank @Size(max = 100) String name,
            @NotNull UUID licenseServerId,
            @Nullable UUID hostId,
            @Nullable @Size(min = 1, max = 50) String version) {}

    /**
     * @param validationId the reporter's own; the same one is counted once
     * @param at when the agent asked its server
     * @param reason of a failure, whatever it was (L34)
     */
    @Introspected
    record NewValidation(
            @NotBlank
            @Pattern(regexp = "[A-Za-z0-9._:@/-]{1,100}", message = "must be 1 to 100 of A-Z a-z 0-9 . _ : @ / -")
            String validationId,

            @NotNull Instant at,

            @NotBlank @Pattern(regexp = "succeeded|failed", message = "must be succeeded or failed")
            String outcome,

            @Nullable @Size(max = 500) String reason) {}

    /**
     * @param lines of the log's shape
     * @param validations among them
     * @param recorded that were new
     * @param recordedBefore that had been sent before
     * @param problems of single lines; the others have had their effect
     */
    @Introspected
    record LogReport(
            int lines, int validations, int recorded, int recordedBefore, List<String> problems, AgentView agent) {}

    @Introspected
    record GracePeriodList(
            List<AgentGracePeriod> items, @Nullable String next) {
        GracePeriodList(List<AgentGracePeriod> items) {
            this(items, null);
        }
    }

    /** @param endedAt the success in time, null while open or when expired */
    @Introspected
    record AgentGracePeriod(
            Instant startedAt, Instant endsAt, @Nullable Instant endedAt, String state, String firstFailure) {
        static AgentGracePeriod of(GracePeriod period, Instant now) {
            var state = period.state(now);
            var reset = period.reset();
            return new AgentGracePeriod(
                    period.startedAt(),
                    period.endsAt(),
                    state == GracePeriod.State.ENDED && reset != null ? reset.at() : null,
                    state.wireName(),
                    String.valueOf(period.firstFailure().reason()));
        }
    }
}
