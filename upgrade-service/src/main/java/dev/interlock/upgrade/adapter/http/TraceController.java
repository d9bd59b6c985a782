package dev.interlock.upgrade.adapter.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayView;
import dev.interlock.upgrade.app.ShowTrace;
import dev.interlock.upgrade.app.TraceForm;
import dev.interlock.upgrade.app.Traces;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a run did, signed, to be kept and checked elsewhere. */
@Controller("/api/v1")
@Tag(name = "traces")
class TraceController {
    static final String NDJSON = "application/x-ndjson";

    private final ShowTrace showTrace;
    private final Traces traces;
    private final TraceForm form;

    TraceController(ShowTrace showTrace, Traces traces, TraceForm form) {
        this.showTrace = showTrace;
        this.traces = traces;
        this.form = form;
    }

    @Get("/runs/{id}/trace")
    @Produces(NDJSON)
    @MayView
    @Operation(
            operationId = "showTrace",
            summary = "The trace of a run that has ended",
            description =
                    "Lines of JSON: header, plan, every event, seal. Each has the hash of the one before it; the seal is"
                            + " signed with Ed25519. `interlock verify-trace` checks it off-line.")
    HttpResponse<String> trace(@PathVariable UUID id) {
        return switch (showTrace.handle(id)) {
            case ShowTrace.Outcome.Trace trace ->
                HttpResponse.ok(trace.lines())
                        .header("Content-Disposition", "attachment; filename=\"run-" + id + ".trace.ndjson\"");
            case ShowTrace.Outcome.NoRun none -> throw ProblemException.notFound("run", none.id());
            case ShowTrace.Outcome.NotEnded not ->
                throw ProblemException.conflict(
                        "run-not-ended",
                        "The run has not ended",
                        "It is " + not.status().word() + "; a trace is of the whole run.",
                        "Wait until it has ended; follow it live at /api/v1/runs/" + id + "/events.");
            case ShowTrace.Outcome.Altered altered ->
                throw Problem.conflict(
                                "trace-altered",
                                "What is stored of the run was changed after its end",
                                altered.sentence(),
                                "Somebody wrote to the database. Restore it from a backup, and find out who.")
                        .exception();
        };
    }

    @Get("/trace-keys")
    @MayView
    @Operation(
            operationId = "listTraceKeys",
            summary = "The public keys with which traces are or were signed, oldest first")
    List<TraceKeyView> keys() {
        TraceForm.Key current = form.key();
        var views = new ArrayList<TraceKeyView>();
        traces.keys()
                .forEach(known -> views.add(TraceKeyView.of(
                        known.key(), known.firstUsedAt(), known.key().equals(current))));
        if (views.stream().noneMatch(TraceKeyView::current)) {
            views.add(TraceKeyView.of(current, null, true));
        }
        return views;
    }

    /**
     * @param publicKey PEM
     * @param firstUsedAt null: it has not signed yet
     * @param current whether it signs now
     */
    @Introspected
    record TraceKeyView(
            String keyId, String publicKey, @Nullable Instant firstUsedAt, boolean current) {
        static TraceKeyView of(TraceForm.Key key, @Nullable Instant firstUsedAt, boolean current) {
            return new TraceKeyView(
                    key.id(),
                    "-----BEGIN PUBLIC KEY-----\n" + key.publicKey() + "\n-----END PUBLIC KEY-----\n",
                    firstUsedAt,
                    current);
        }
    }
}
