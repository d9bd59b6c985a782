package dev.interlock.platform.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between columns and Java's types. */
public final class Columns {
    private Columns() {}

    public static OffsetDateTime timestamptz(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    public static @Nullable OffsetDateTime timestamptzOrNull(@Nullable Instant instant) {
        return instant == null ? null : timestamptz(instant);
    }

    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** What the statement finds. */
    public static <T> List<T> list(PreparedStatement select, Row<T> read) throws SQLException {
        try (var rows = select.executeQuery()) {
            return list(rows, read);
        }
    }

    public static <T> List<T> list(ResultSet rows, Row<T> read) throws SQLException {
        var all = new ArrayList<T>();
        while (rows.next()) {
            all.add(read.from(rows));
        }
        return all;
    }

    /** Reads the row at which the result stands. */
    public interface Row<T> {
        T from(ResultSet row) throws SQLException;
    }
}
