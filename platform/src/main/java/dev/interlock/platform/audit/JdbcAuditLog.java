package dev.interlock.platform.audit;

import dev.interlock.platform.telemetry.TraceContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The chain in PostgreSQL. Appending takes an advisory lock until the transaction ends, so that each row knows the one before it;
 * the advice appends last of all, so the lock is held only for an insert and a commit.
 */
@Singleton
@Requires(beans = DataSource.class)
final class JdbcAuditLog implements AuditLog {

    /** "ILCK", 4; the outbox has other second numbers. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(1229737794, 20)";

    private static final String INSERT = """
            INSERT INTO audit_log
                (seq, at, actor, roles, action, subject, outcome, detail, trace, previous_hash, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?, ?)
            """;
    private static final String COLUMNS =
            "seq, at, actor, roles, action, subject, outcome, detail::text, trace, previous_hash, hash";
    private static final HexFormat HEX = HexFormat.of();
    private static final TransactionDefinition OWN =
            TransactionDefinition.of(TransactionDefinition.Propagation.REQUIRES_NEW);

    /** A row as it stands in the table, with its hashes in hex. */
    record Stored(AuditChain.Row row, String previousHash, String hash) {}

    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    JdbcAuditLog(TransactionOperations<Connection> transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void note(String name, String value) {
        AuditNotes.add(name, value);
    }

    @Override
    public void append(AuditEntry entry) {
        var ignored = transactions.executeWrite(status -> insert(status.getConnection(), entry));
    }

    /** Whatever becomes of the transaction that this thread may be in. */
    void appendForSure(AuditEntry entry) {
        var ignored = transactions.execute(OWN, status -> insert(status.getConnection(), entry));
    }

    private long insert(Connection connection, AuditEntry entry) throws SQLException {
        try (var lock = connection.createStatement()) {
            lock.execute(LOCK);
        }
        long seq = 1;
        byte[] previous = AuditChain.GENESIS;
        // a statement of its own, so that it sees what was committed while we waited for the lock
        try (var last = connection.createStatement();
                var rows = last.executeQuery("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1")) {
            if (rows.next()) {
                seq = rows.getLong(1) + 1;
                previous = rows.getBytes(2);
            }
        }
        var row = new AuditChain.Row(
                seq,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                AuditNotes.cut(entry.actor(), 255),
                List.copyOf(new TreeSet<>(entry.roles())),
                entry.action(),
                AuditNotes.cut(entry.subject(), 1000),
                entry.outcome().name().toLowerCase(Locale.ROOT),
                AuditChain.object(entry.detail()),
                TraceContext.current().map(TraceContext::traceId).orElse(null));
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, row.seq());
            insert.setTimestamp(2, Timestamp.from(row.at()));
            insert.setString(3, row.actor());
            insert.setArray(4, connection.createArrayOf("text", row.roles().toArray()));
            insert.setString(5, row.action());
            insert.setString(6, row.subject());
            insert.setString(7, row.outcome());
            insert.setString(8, row.detail());
            insert.setString(9, row.trace());
            insert.setBytes(10, previous);
            insert.setBytes(11, AuditChain.hash(previous, row));
            insert.executeUpdate();
        }
        return seq;
    }

    /** Rows before {@code before}, newest first. */
    List<Stored> newest(@Nullable Long before, @Nullable String actor, @Nullable String action, int limit) {
        var sql = new StringBuilder("SELECT ").append(COLUMNS).append(" FROM audit_log WHERE seq < ?");
        var parameters = new ArrayList<Object>();
        parameters.add(before == null ? Long.MAX_VALUE : before);
        if (actor != null) {
            sql.append(" AND actor = ?");
            parameters.add(actor);
        }
        if (action != null) {
            sql.append(" AND action = ?");
            parameters.add(action);
        }
        sql.append(" ORDER BY seq DESC LIMIT ?");
        parameters.add(limit);
        return select(sql.toString(), parameters);
    }

    /** Rows after {@code after}, oldest first. */
    List<Stored> oldest(long after, int limit) {
        return select(
                "SELECT " + COLUMNS + " FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?", List.of(after, limit));
    }

    private List<Stored> select(String sql, List<Object> parameters) {
        return transactions.executeRead(status -> {
            try (var select = status.getConnection().prepareStatement(sql)) {
                for (int i = 0; i < parameters.size(); i++) {
                    select.setObject(i + 1, parameters.get(i));
                }
                var rows = select.executeQuery();
                var stored = new ArrayList<Stored>();
                while (rows.next()) {
                    stored.add(stored(rows));
                }
                return stored;
            }
        });
    }

    private static Stored stored(ResultSet row) throws SQLException {
        var roles = Arrays.stream((Object[]) row.getArray(4).getArray())
                .map(String::valueOf)
                .toList();
        return new Stored(
                new AuditChain.Row(
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        roles,
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9)),
                HEX.formatHex(row.getBytes(10)),
                HEX.formatHex(row.getBytes(11)));
    }
}
