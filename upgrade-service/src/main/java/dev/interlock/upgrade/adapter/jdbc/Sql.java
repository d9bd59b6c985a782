package dev.interlock.upgrade.adapter.jdbc;

import dev.interlock.platform.jdbc.Columns;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plain SQL in the transaction of the caller, or in one of its own. */
@Singleton
final class Sql {
    private final TransactionOperations<Connection> transactions;

    Sql(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    <T> T work(Work<T> work) {
        return transactions.executeWrite(status -> work.with(status.getConnection()));
    }

    <T> List<T> list(String sql, Columns.Row<T> row, @Nullable Object... values) {
        return work(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                return Columns.list(statement, row);
            }
        });
    }

    <T> Optional<T> first(String sql, Columns.Row<T> row, @Nullable Object... values) {
        return list(sql, row, values).stream().findFirst();
    }

    int update(String sql, @Nullable Object... values) {
        return work(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                return statement.executeUpdate();
            }
        });
    }

    void batch(String sql, List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        work(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (@Nullable Object[] row : rows) {
                    bind(statement, row);
                    statement.addBatch();
                }
                return statement.executeBatch();
            }
        });
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value instanceof Instant at) {
                statement.setObject(i + 1, Columns.timestamptz(at));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }
}
