package dev.interlock.platform.outbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements on the outbox table. */
final class OutboxTable {

    static final String NOTIFY_CHANNEL = "interlock_outbox";

    /** Of the two-part advisory locks: the one active relay, and whether it sleeps. The migration knows the numbers too. */
    static final int LOCKS_OF_RELAY = 0x494C4F42;

    static final int LOCK_ACTIVE = 1;
    static final int LOCK_ASLEEP = 2;

    private static final int LOCKS_OF_KEYS = 0x494C4F4B;

    /** Bounds the locks of one transaction, of which PostgreSQL has some 6400 in all. */
    private static final int KEY_LOCKS = 1024;

    private static final String INSERT = """
            WITH locked AS MATERIALIZED (
                SELECT count(pg_advisory_xact_lock(%d, bucket)) FROM unnest(?::int[]) AS bucket)
            INSERT INTO outbox
                (id, aggregatetype, aggregateid, type, payload, occurred_at, source, dataschema, traceparent)
            SELECT e.id, e.aggregatetype, e.aggregateid, e.type, e.payload::jsonb, e.occurred_at, e.source, e.dataschema,
                   e.traceparent
            FROM locked,
                 unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[],
                        ?::text[])
                 WITH ORDINALITY AS e (id, aggregatetype, aggregateid, type, payload, occurred_at, source, dataschema,
                        traceparent, place)
            ORDER BY e.place
            """.formatted(LOCKS_OF_KEYS);

    private static final String FIRST = """
            SELECT seq, id, aggregatetype, aggregateid, type, payload::text, occurred_at, source, dataschema, traceparent
            FROM outbox ORDER BY seq LIMIT ?
            """;

    private static final String DELETE = "DELETE FROM outbox WHERE seq = ANY (?)";

    private OutboxTable() {}

    /**
     * Writes the rows. First waits for other transactions that have written of the same aggregates, and makes those that
     * come later wait for this one: sequence numbers are drawn after that, so for one aggregate they follow the commits.
     * Deadlock cannot be: all take the locks in one order, and last of all that they do.
     */
    static void insert(Connection connection, List<OutboxRow> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, connection.createArrayOf("int4", buckets(rows)));
            insert.setArray(2, column(connection, "uuid", rows, OutboxRow::id));
            insert.setArray(3, column(connection, "text", rows, OutboxRow::topic));
            insert.setArray(4, column(connection, "text", rows, OutboxRow::key));
            insert.setArray(5, column(connection, "text", rows, OutboxRow::type));
            insert.setArray(6, column(connection, "text", rows, OutboxRow::payload));
            insert.setArray(7, column(connection, "timestamptz", rows, row -> Timestamp.from(row.occurredAt())));
            insert.setArray(8, column(connection, "text", rows, OutboxRow::source));
            insert.setArray(9, column(connection, "text", rows, OutboxRow::dataschema));
            insert.setArray(10, column(connection, "text", rows, OutboxRow::traceparent));
            insert.executeUpdate();
        }
    }

    /** The rows that have waited longest, with their sequence numbers. */
    static List<Waiting> first(Connection connection, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIRST)) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
                var rows = new ArrayList<Waiting>();
                while (row.next()) {
                    rows.add(new Waiting(
                            row.getLong(1),
                            new OutboxRow(
                                    row.getObject(2, UUID.class),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getString(6),
                                    row.getTimestamp(7).toInstant(),
                                    row.getString(8),
                                    row.getString(9),
                                    row.getString(10))));
                }
                return rows;
            }
        }
    }

    record Waiting(long seq, OutboxRow row) {}

    /** By number, one by one: a smaller number may have been committed since, and has not been sent. */
    static void delete(Connection connection, List<Waiting> sent) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", sent.stream().map(Waiting::seq).toArray()));
            delete.executeUpdate();
        }
    }

    private static Array column(
            Connection connection, String type, List<OutboxRow> rows, Function<OutboxRow, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }

    private static Object[] buckets(List<OutboxRow> rows) {
        return rows.stream()
                .map(row ->
                        Math.floorMod(31 * row.topic().hashCode() + row.key().hashCode(), KEY_LOCKS))
                .distinct()
                .sorted()
                .toArray();
    }
}
