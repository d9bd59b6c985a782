package dev.interlock.license.adapter.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between columns and Java's types. */
final class Columns {
    private Columns() {}

    static OffsetDateTime timestamptz(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static <T> List<T> list(ResultSet rows, Row<T> read) throws SQLException {
        var all = new ArrayList<T>();
        while (rows.next()) {
            all.add(read.from(rows));
        }
        return all;
    }

    interface Row<T> {
        T from(ResultSet row) throws SQLException;
    }
}
