package dev.interlock.platform.messaging;

import io.micronaut.data.connection.exceptions.ConnectionException;
import io.micronaut.data.connection.jdbc.exceptions.CannotGetJdbcConnectionException;
import io.micronaut.data.exceptions.OptimisticLockException;
import io.micronaut.transaction.exceptions.CannotCreateTransactionException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;

/** Why something failed: through the record's own fault, or through that of the surroundings, which will pass. */
enum Transience {
    /** Two transactions were in each other's way; at once the next attempt may succeed. */
    CONTENTION,
    /** The database or Kafka is away, or this process is short of memory or stopping. */
    OUTAGE,
    /** The handler or the record; will most likely fail again. */
    FAULT;

    static Transience of(Throwable thrown) {
        return of(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static Transience of(Throwable thrown, Set<Throwable> seen) {
        var worst = FAULT;
        for (Throwable each = thrown; each != null && seen.add(each); each = each.getCause()) {
            var found = ofOne(each);
            // a failed rollback may stand before the reason for it
            for (Throwable suppressed : each.getSuppressed()) {
                if (found == FAULT) {
                    found = of(suppressed, seen);
                }
            }
            if (found == OUTAGE) {
                return OUTAGE;
            }
            if (found == CONTENTION) {
                worst = CONTENTION;
            }
        }
        return worst;
    }

    private static Transience ofOne(Throwable thrown) {
        if (thrown instanceof SQLException sql) {
            var state = sql.getSQLState() == null ? "" : sql.getSQLState();
            if (state.equals("40001") || state.equals("40P01") || state.equals("55P03")) {
                return CONTENTION;
            }
            if (thrown instanceof SQLTransientException
                    || thrown instanceof SQLRecoverableException
                    || thrown instanceof SQLNonTransientConnectionException
                    || state.startsWith("08") // connection
                    || state.startsWith("53") // resources: disk, memory, connections
                    || state.startsWith("57P") // shutdown, starting up
                    || state.startsWith("58") // I/O
                    || state.equals("25006")) { // read-only: a standby
                return OUTAGE;
            }
            return FAULT;
        }
        if (thrown instanceof OptimisticLockException) {
            return CONTENTION;
        }
        if (thrown instanceof CannotGetJdbcConnectionException
                || thrown instanceof CannotCreateTransactionException
                || thrown instanceof ConnectionException
                || thrown instanceof RetriableException
                || thrown instanceof InterruptedException
                || thrown instanceof OutOfMemoryError) {
            return OUTAGE;
        }
        return FAULT;
    }
}
