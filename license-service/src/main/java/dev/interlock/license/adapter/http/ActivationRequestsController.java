package dev.interlock.license.adapter.http;

import dev.interlock.license.app.ActivationRequests;
import dev.interlock.license.app.ApplyResponse;
import dev.interlock.license.app.CapabilityFiles;
import dev.interlock.license.app.DownloadRequest;
import dev.interlock.license.app.InspectResponse;
import dev.interlock.license.app.InspectResponse.Inspection;
import dev.interlock.license.app.RequestActivation;
import dev.interlock.license.app.TakeInResponse;
import dev.interlock.license.domain.Activation.CodeInvalid;
import dev.interlock.license.domain.Activation.CountExceeded;
import dev.interlock.license.domain.Activation.LicensesInUse;
import dev.interlock.license.domain.Activation.PoolHasExpired;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.Rejection;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.audit.AuditLog;
import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Idempotency;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.problem.Problems;
import dev.interlock.platform.security.CurrentActor;
import dev.interlock.platform.security.MayOperate;
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
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Licences by files that are carried: requests out, answers in, and through whose hands they went (L20–L32). */
@Controller("/api/v1")
@Tag(name = "activation requests")
class ActivationRequestsController {
    private final RequestActivation request;
    private final DownloadRequest download;
    private final TakeInResponse takeIn;
    private final InspectResponse inspect;
    private final ApplyResponse apply;
    private final ActivationRequests requests;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final CurrentActor actor;

    ActivationRequestsController(
            RequestActivation request,
            DownloadRequest download,
            TakeInResponse takeIn,
            InspectResponse inspect,
            ApplyResponse apply,
            ActivationRequests requests,
            Idempotency idempotency,
            AuditLog audit,
            CurrentActor actor) {
        this.request = request;
        this.download = download;
        this.takeIn = takeIn;
        this.inspect = inspect;
        this.apply = apply;
        this.requests = requests;
        this.idempotency = idempotency;
        this.audit = audit;
        this.actor = actor;
    }

    @Post("/license-servers/{id}/activation-requests")
    @MayOperate
    @Audited("activation.request")
    @Operation(
            operationId = "requestActivation",
            summary = "Write a request for licences, to be carried to the authority",
            description =
                    "The total for the code on this server, not an addition; a lower one returns the difference, and those"
                            + " licences carry no session from now on. A request that is under way for the same code on the same server"
                            + " is superseded.")
    @ApiResponse(
            responseCode = "201",
            description = "Made",
            content = @Content(schema = @Schema(implementation = ActivationRequestView.class)))
    HttpResponse<?> request(@PathVariable UUID id, @Body @Valid NewActivationRequest body, HttpRequest<?> http) {
        return idempotency.once(http, body, () -> {
            var code = body.activationCode();
            if (!ActivationCode.isWellFormed(code)) {
                throw LicenseProblems.codeInvalid(
                        code.length() > ActivationCode.LONGEST ? "(too long)" : code, new CodeInvalid(null));
            }
            var outcome = request.handle(
                    new ServerId(id),
                    new ActivationCode(code),
                    body.total(),
                    actor.get().name());
            return switch (outcome) {
                case RequestActivation.Outcome.Made(var made) -> {
                    audit.note("sha256", made.sha256());
                    yield HttpResponse.created(view(made), URI.create("/api/v1/activation-requests/" + made.id()));
                }
                case RequestActivation.Outcome.CountExceeded(var requested, var available, var seats) ->
                    throw LicenseProblems.countExceeded(code, new CountExceeded(requested, available, seats));
                case RequestActivation.Outcome.PoolHasExpired(var since) ->
                    throw LicenseProblems.poolExpired(code, new PoolHasExpired(since));
                case RequestActivation.Outcome.LicensesInUse(var requested, var inUse) ->
                    throw LicenseProblems.licensesInUse(code, new LicensesInUse(requested, inUse));
                case RequestActivation.Outcome.CodeInvalid(var similar) ->
                    throw LicenseProblems.codeInvalid(code, new CodeInvalid(similar));
                case RequestActivation.Outcome.ServerUnknown() -> throw LicenseProblems.noServer(id);
                case RequestActivation.Outcome.ServerRetired(var name) -> throw LicenseProblems.serverRetired(name);
                case RequestActivation.Outcome.AllottedHere(var active) ->
                    throw LicenseProblems.rejected(Rejection.allottedHere(active))
                            .exception();
                case RequestActivation.Outcome.BeingApplied(var before) -> throw beingApplied(before.id());
            };
        });
    }

    @Get("/activation-requests")
    @MayView
    @Operation(operationId = "listActivationRequests", summary = "List requests for licences, newest first")
    Page<ActivationRequestSummary> list(
            @Nullable @QueryValue UUID licenseServerId,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String after) {
        int size = Page.limit(limit);
        @Nullable Cursor cursor = Cursor.parse(after, 2);
        return Page.of(
                        requests.page(
                                licenseServerId == null ? null : new ServerId(licenseServerId),
                                cursor == null
                                        ? null
                                        : new ActivationRequests.Position(cursor.instant(0), cursor.uuid(1)),
                                size + 1),
                        size,
                        each -> Cursor.of(each.madeAt(), each.id()))
                .map(ActivationRequestSummary::of);
    }

    @Get("/activation-requests/{id}")
    @MayView
    @Operation(
            operationId = "showActivationRequest",
            summary = "Show a request: what its file says, how far it is, and through whose hands the files went")
    ActivationRequestView show(@PathVariable UUID id) {
        return view(requests.find(id).orElseThrow(() -> LicenseProblems.noRequest(id)));
    }

    @Get("/activation-requests/{id}/request.bin")
    @MayOperate
    @Audited("activation.download")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "downloadActivationRequest",
            summary = "Download the request's file, to be carried to the authority")
    HttpResponse<byte[]> download(@PathVariable UUID id) {
        var found = download.handle(id, actor.get().name()).orElseThrow(() -> LicenseProblems.noRequest(id));
        audit.note("sha256", found.request().sha256());
        return HttpResponse.ok(found.file())
                .header("Content-Disposition", "attachment; filename=\"request.bin\"")
                .header("Repr-Digest", "sha-256=:" + base64(found.request().sha256()) + ":");
    }

    @Post("/activation-requests/{id}/response")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @MayOperate
    @Audited("activation.upload")
    @Operation(
            operationId = "uploadActivationResponse",
            summary = "Upload the answer to a request",
            description =
                    "It is checked – machine, request, lifetime, signature – and kept; nothing is activated before it is"
                            + " applied. At most 64 KiB.")
    @ApiResponse(
            responseCode = "201",
            description = "Checked and kept",
            content = @Content(schema = @Schema(implementation = ResponseInspectionView.class)))
    HttpResponse<?> upload(@PathVariable UUID id, @Nullable @Body InputStream body, HttpRequest<?> http) {
        byte @Nullable [] file = limited(body);
        return switch (takeIn.handle(id, file, actor.get().name())) {
            case TakeInResponse.Outcome.TakenIn(var taken, var response) -> {
                audit.note("sha256", String.valueOf(taken.responseSha256()));
                yield HttpResponse.created(
                        ResponseInspectionView.of(String.valueOf(taken.responseSha256()), response, taken, null),
                        URI.create("/api/v1/activation-requests/" + id + "/response"));
            }
            case TakeInResponse.Outcome.Refused(var _, var rejection) ->
                Problems.answer(http, LicenseProblems.rejected(rejection));
            case TakeInResponse.Outcome.RequestUnknown() -> throw LicenseProblems.noRequest(id);
        };
    }

    @Get("/activation-requests/{id}/response")
    @MayOperate
    @Audited("activation.inspect")
    @Operation(
            operationId = "inspectActivationResponse",
            summary = "Inspect the answer that was uploaded, without applying it")
    ResponseInspectionView inspect(@PathVariable UUID id) {
        if (requests.find(id).isEmpty()) {
            throw LicenseProblems.noRequest(id);
        }
        return ResponseInspectionView.of(
                inspect.ofRequest(id, actor.get().name()).orElseThrow(() -> noResponse(id)));
    }

    @Post("/activation-responses/inspection")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @MayOperate
    @Audited("activation.inspect")
    @Operation(
            operationId = "inspectResponseFile",
            summary = "Inspect any answer, without keeping or applying it",
            description = "Says what it holds, which request it answers, and whether it could be applied now.")
    ResponseInspectionView inspectFile(@Nullable @Body InputStream body) {
        byte[] file = limited(body);
        if (file == null) {
            throw LicenseProblems.rejected(Rejection.tooLarge(CapabilityFiles.LARGEST))
                    .exception();
        }
        var found = inspect.ofFile(file, actor.get().name());
        if (found.response() == null) {
            throw LicenseProblems.rejected(unreadable(found)).exception();
        }
        return ResponseInspectionView.of(found);
    }

    @Post("/activation-requests/{id}/application")
    @MayOperate
    @Audited("activation.apply")
    @Operation(
            operationId = "applyActivationResponse",
            summary = "Apply the answer that was uploaded, and verify by a list",
            description =
                    "Sent twice it changes nothing more. 202 for a license server of its own, which is given the answer"
                            + " in a moment: look at the request until its state is applied.")
    @ApiResponse(
            responseCode = "200",
            description = "Applied, now or before",
            content = @Content(schema = @Schema(implementation = ResponseApplicationView.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Being applied: look at the request until its state is applied",
            content = @Content(schema = @Schema(implementation = ActivationRequestSummary.class)))
    HttpResponse<?> apply(@PathVariable UUID id, HttpRequest<?> http) {
        return switch (apply.handle(id, actor.get().name())) {
            case ApplyResponse.Outcome.Applied(var applied, var pool, var change) ->
                HttpResponse.ok(ResponseApplicationView.of(applied, pool, change, false));
            case ApplyResponse.Outcome.AppliedBefore(var applied, var pool) ->
                HttpResponse.ok(ResponseApplicationView.of(applied, pool, 0, true));
            case ApplyResponse.Outcome.Refused(var _, var rejection) ->
                Problems.answer(http, LicenseProblems.rejected(rejection));
            case ApplyResponse.Outcome.BeingApplied(var begun) ->
                HttpResponse.accepted(URI.create("/api/v1/activation-requests/" + id))
                        .body(ActivationRequestSummary.of(begun));
            case ApplyResponse.Outcome.NoResponse(var _) -> throw noResponse(id);
            case ApplyResponse.Outcome.RequestUnknown() -> throw LicenseProblems.noRequest(id);
        };
    }

    /** @return null when there is more than an answer has; the rest is not read */
    private static byte @Nullable [] limited(@Nullable InputStream body) {
        if (body == null) {
            return new byte[0];
        }
        try (body) {
            byte[] file = body.readNBytes(CapabilityFiles.LARGEST + 1);
            return file.length > CapabilityFiles.LARGEST ? null : file;
        } catch (IOException e) {
            throw new ProblemException(Problem.invalid("The upload broke off.", "Send the file again."), e);
        }
    }

    private static Rejection unreadable(Inspection found) {
        return found.rejection() == null ? Rejection.unreadable("It cannot be read.") : found.rejection();
    }

    private static ProblemException beingApplied(UUID id) {
        return ProblemException.conflict(
                "response-being-applied",
                "The answer is just being applied",
                "The license server is being given the answer to the request " + id + ".",
                "Look at the request until it is applied: GET /api/v1/activation-requests/" + id + ".");
    }

    private static ProblemException noResponse(UUID id) {
        return ProblemException.conflict(
                "no-response",
                "There is no answer yet",
                "No answer that could be applied was uploaded to the request " + id + ".",
                "Carry the request's file to the authority and upload its answer.");
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private ActivationRequestView view(ActivationRequest made) {
        return new ActivationRequestView(
                made.id(),
                made.server().value(),
                made.code().value(),
                made.total(),
                made.state().wireName(),
                made.sequence(),
                made.machineId(),
                made.sha256(),
                made.madeAt(),
                made.madeBy(),
                made.responseSha256(),
                made.responseExpiresAt(),
                made.closedAt(),
                made.closedBy(),
                lines(made.contents()),
                requests.custody(made.id()).stream().map(CustodyEntryView::of).toList());
    }

    private static Map<String, String> lines(String contents) {
        var lines = new LinkedHashMap<String, String>();
        contents.lines().forEach(line -> {
            int at = line.indexOf('=');
            lines.put(at < 0 ? line : line.substring(0, at), at < 0 ? "" : line.substring(at + 1));
        });
        return lines;
    }

    /** @param total always explicit (L16); the whole, not an addition (L14) */
    @Introspected
    record NewActivationRequest(
            @NotBlank @Size(max = 200) String activationCode,
            @NotNull @PositiveOrZero Integer total) {}

    @Introspected
    record ActivationRequestSummary(
            UUID requestId,
            UUID licenseServerId,
            String activationCode,
            int total,
            String state,
            Instant madeAt,
            String madeBy,
            @Nullable Instant responseExpiresAt,
            @Nullable Instant closedAt) {
        static ActivationRequestSummary of(ActivationRequest made) {
            return new ActivationRequestSummary(
                    made.id(),
                    made.server().value(),
                    made.code().value(),
                    made.total(),
                    made.state().wireName(),
                    made.madeAt(),
                    made.madeBy(),
                    made.responseExpiresAt(),
                    made.closedAt());
        }
    }

    /**
     * @param requestHostId the VM UUID to which the answer will be bound (L22, L25)
     * @param sha256 of {@code request.bin}
     * @param contents of the file, line by line (L22)
     * @param custody who made, downloaded, uploaded, inspected and applied what, and when
     */
    @Introspected
    record ActivationRequestView(
            UUID requestId,
            UUID licenseServerId,
            String activationCode,
            int total,
            String state,
            long sequence,
            String requestHostId,
            String sha256,
            Instant madeAt,
            String madeBy,
            @Nullable String responseSha256,
            @Nullable Instant responseExpiresAt,
            @Nullable Instant closedAt,
            @Nullable String closedBy,
            Map<String, String> contents,
            List<CustodyEntryView> custody) {}

    @Introspected
    record CustodyEntryView(
            Instant at,
            String actor,
            String act,
            @Nullable String sha256,
            @Nullable Long bytes,
            @Nullable String detail) {
        static CustodyEntryView of(CustodyEntry entry) {
            return new CustodyEntryView(
                    entry.at(), entry.actor(), entry.act().wireName(), entry.sha256(), entry.bytes(), entry.detail());
        }
    }

    /**
     * What an answer holds (L26).
     *
     * @param requestId that it answers
     * @param requestHostId the machine on which alone it works
     * @param lifetimeSeconds the file's own, or the 24 hours that count where it has none (L28)
     * @param lifetimeFrom {@code file} or {@code default}
     * @param lifetimeNote what the vendor's guide says of it, in both places
     * @param acceptable whether it could be applied now
     * @param problem why not
     */
    @Introspected
    record ResponseInspectionView(
            String sha256,
            @Nullable UUID requestId,
            String issuer,
            String requestHostId,
            @Nullable String hostUuid,
            Instant responseTime,
            long lifetimeSeconds,
            String lifetimeFrom,
            String lifetimeNote,
            Instant expiresAt,
            boolean acceptable,
            @Nullable String problem,
            @Nullable String next,
            Map<String, String> contents) {
        static ResponseInspectionView of(Inspection found) {
            if (found.response() == null) {
                throw LicenseProblems.rejected(unreadable(found)).exception();
            }
            return of(found.sha256(), found.response(), found.request(), found.rejection());
        }

        static ResponseInspectionView of(
                String sha256,
                CapabilityResponse response,
                @Nullable ActivationRequest answered,
                @Nullable Rejection rejection) {
            return new ResponseInspectionView(
                    sha256,
                    answered == null ? response.requestId() : answered.id(),
                    response.issuer(),
                    response.requestHostId(),
                    response.hostUuid(),
                    response.responseTime(),
                    response.lifetimeOrUsual().toSeconds(),
                    response.lifetime() == null ? "default" : "file",
                    "The vendor's guide says 7 days in one place and 24 hours in another: the file's own lifetime counts,"
                            + " 24 hours where it has none.",
                    response.expiresAt(),
                    rejection == null,
                    rejection == null ? null : rejection.slug() + ": " + rejection.detail(),
                    rejection == null ? null : rejection.next(),
                    response.shown());
        }
    }

    /**
     * @param total found active on the server by a list afterwards (L29)
     * @param change negative when licences were returned
     * @param appliedBefore nothing was done this time
     */
    @Introspected
    record ResponseApplicationView(
            UUID requestId,
            UUID licenseServerId,
            String activationCode,
            int total,
            int change,
            int seats,
            int available,
            boolean appliedBefore,
            @Nullable Instant appliedAt) {
        static ResponseApplicationView of(ActivationRequest applied, Pool pool, int change, boolean before) {
            return new ResponseApplicationView(
                    applied.id(),
                    applied.server().value(),
                    applied.code().value(),
                    pool.on(applied.server()).total(),
                    change,
                    pool.seats(),
                    pool.available(),
                    before,
                    applied.closedAt());
        }
    }
}
