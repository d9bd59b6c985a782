package dev.interlock.platform.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.interlock.platform.http.Cursor;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayAdminister;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who did what, and the proof that nobody has changed it since. */
@Controller("/api/v1/audit")
@Requires(beans = JdbcAuditLog.class)
@ExecuteOn(TaskExecutors.BLOCKING)
@MayAdminister
@Tag(name = "audit")
class AuditController {

    /**
     * One command.
     *
     * @param seq without gaps
     * @param outcome done, denied, refused or failed
     * @param detail further facts, texts by name
     * @param trace W3C trace id, as in the log
     * @param hash SHA-256 (hex) over {@code previousHash} and this row as canonical JSON
     */
    @Introspected
    record AuditEntryView(
            long seq,
            Instant at,
            String actor,
            List<String> roles,
            String action,
            String subject,
            String outcome,
            @JsonRawValue @Schema(type = "object") String detail,
            @Nullable String trace,
            String previousHash,
            String hash) {}

    /**
     * What the check of the chain found.
     *
     * @param intact whether every row is as it was written, and none is missing in between
     * @param rows how many rows were checked
     * @param head hash of the last row checked; keep it elsewhere and ask for it again, then a cut-off end shows too
     * @param brokenAt first row that does not fit; null if all do
     * @param problem what is wrong there
     */
    @Introspected
    record AuditVerification(
            boolean intact,
            long rows,
            String head,
            @Nullable Long brokenAt,
            @Nullable String problem) {}

    private final JdbcAuditLog log;
    private final VerifyAuditLog verification;

    AuditController(JdbcAuditLog log, VerifyAuditLog verification) {
        this.log = log;
        this.verification = verification;
    }

    @Get
    @Operation(operationId = "listAuditEntries", summary = "List commands, newest first")
    Page<AuditEntryView> list(
            @QueryValue @Nullable Integer limit,
            @QueryValue @Nullable String after,
            @QueryValue @Nullable String actor,
            @QueryValue @Nullable String action) {
        int size = Page.limit(limit);
        var cursor = Cursor.parse(after, 1);
        var rows = log.newest(cursor == null ? null : cursor.number(0), actor, action, size + 1);
        return Page.of(rows, size, row -> Cursor.of(row.row().seq())).map(AuditController::view);
    }

    /**
     * @param seq a row that you know
     * @param hash the hash that this row had when you last looked
     */
    @Get("/verification")
    @Operation(
            operationId = "verifyAuditLog",
            summary = "Compute the audit log's whole chain anew",
            description =
                    "Says whether every row is as it was written, and none is missing in between. Name a row that you know, with its hash,"
                            + " and a cut-off end shows too.")
    AuditVerification verification(@QueryValue @Nullable Long seq, @QueryValue @Nullable String hash) {
        if ((seq == null) != (hash == null)) {
            throw ProblemException.invalid("seq and hash belong together", "Give both, or neither.");
        }
        var outcome = verification.verify(seq, hash);
        return new AuditVerification(
                outcome.intact(), outcome.rows(), outcome.head(), outcome.brokenAt(), outcome.problem());
    }

    private static AuditEntryView view(JdbcAuditLog.Stored stored) {
        var row = stored.row();
        return new AuditEntryView(
                row.seq(),
                row.at(),
                row.actor(),
                row.roles(),
                row.action(),
                row.subject(),
                row.outcome(),
                row.detail(),
                row.trace(),
                stored.previousHash(),
                stored.hash());
    }
}
