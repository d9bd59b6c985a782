package dev.interlock.platform.audit;

import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Computes the audit log's chain anew, row by row. */
@Singleton
@Requires(beans = JdbcAuditLog.class)
class VerifyAuditLog {

    private static final int BATCH = 1000;
    private static final HexFormat HEX = HexFormat.of();

    /**
     * @param rows how many rows fit, from the first on
     * @param head hash of the last of them
     * @param brokenAt first row that does not fit; null if all do
     * @param problem what is wrong there
     */
    record Outcome(
            long rows,
            String head,
            @Nullable Long brokenAt,
            @Nullable String problem) {

        boolean intact() {
            return brokenAt == null;
        }
    }

    private final JdbcAuditLog log;

    VerifyAuditLog(JdbcAuditLog log) {
        this.log = log;
    }

    Outcome verify() {
        return verify(null, null);
    }

    /**
     * @param seq a row whose hash is known from elsewhere; null: none is
     * @param hash what this row had then
     */
    Outcome verify(@Nullable Long seq, @Nullable String hash) {
        long rows = 0;
        String head = HEX.formatHex(AuditChain.GENESIS);
        boolean known = seq == null;
        for (var batch = log.oldest(0, BATCH); !batch.isEmpty(); batch = log.oldest(rows, BATCH)) {
            for (var stored : batch) {
                var problem = problem(stored, rows + 1, head);
                if (problem != null) {
                    return new Outcome(rows, head, rows + 1, problem);
                }
                rows++;
                head = stored.hash();
                if (seq != null && seq == rows) {
                    if (!head.equalsIgnoreCase(hash)) {
                        return new Outcome(rows, head, rows, "the row has another hash than the one you know");
                    }
                    known = true;
                }
            }
        }
        return known
                ? new Outcome(rows, head, null, null)
                : new Outcome(rows, head, rows + 1, "the row that you know is gone");
    }

    private static @Nullable String problem(JdbcAuditLog.Stored stored, long expected, String previous) {
        if (stored.row().seq() != expected) {
            return "the row is missing";
        }
        if (!stored.previousHash().equals(previous)) {
            return "the row does not follow the one before it";
        }
        return HEX.formatHex(AuditChain.hash(HEX.parseHex(previous), stored.row()))
                        .equals(stored.hash())
                ? null
                : "the row has been changed";
    }
}
