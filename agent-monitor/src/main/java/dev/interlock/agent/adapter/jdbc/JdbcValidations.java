package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.agent.app.Validations;
import dev.interlock.agent.domain.Standing;
import dev.interlock.agent.domain.Validation;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code validation}. */
@Singleton
@Connectable
class JdbcValidations implements Validations {
    private final JdbcOperations jdbc;

    JdbcValidations(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(UUID agentId, Validation validation, Instant recordedAt) {
        return jdbc.prepareStatement("""
                insert into validation (agent_id, id, at, outcome, reason, source, recorded_at)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (agent_id, id) do nothing
                """, insert -> {
            insert.setObject(1, agentId);
            insert.setString(2, validation.id());
            insert.setObject(3, timestamptz(validation.at()));
            insert.setString(4, validation.outcome().name());
            insert.setString(5, validation.reason());
            insert.setString(6, validation.source().name());
            insert.setObject(7, timestamptz(recordedAt));
            return insert.executeUpdate() == 1;
        });
    }

    @Override
    public Optional<Validation> find(UUID agentId, String id) {
        return jdbc.prepareStatement("select * from validation where agent_id = ? and id = ?", select -> {
            select.setObject(1, agentId);
            select.setString(2, id);
            return validations(select).stream().findFirst();
        });
    }

    @Override
    public Standing standing(UUID agentId) {
        @Nullable
        Validation success = jdbc.prepareStatement("""
                        select * from validation where agent_id = ? and outcome = 'SUCCEEDED'
                        order by at desc, id desc limit 1
                        """, select -> {
                    select.setObject(1, agentId);
                    return validations(select).stream().findFirst();
                })
                .orElse(null);
        if (success == null) {
            return new Standing.NeverLicensed();
        }
        @Nullable
        Validation failure = jdbc.prepareStatement("""
                        select * from validation where agent_id = ? and outcome = 'FAILED' and (at, id) > (?, ?)
                        order by at, id limit 1
                        """, select -> {
                    select.setObject(1, agentId);
                    select.setObject(2, timestamptz(success.at()));
                    select.setString(3, success.id());
                    return validations(select).stream().findFirst();
                })
                .orElse(null);
        return Standing.of(success, failure);
    }

    @Override
    public List<Validation> all(UUID agentId) {
        return jdbc.prepareStatement("select * from validation where agent_id = ? order by at, id", select -> {
            select.setObject(1, agentId);
            return validations(select);
        });
    }

    private static List<Validation> validations(PreparedStatement select) throws SQLException {
        try (var rows = select.executeQuery()) {
            return Columns.list(rows, JdbcValidations::validation);
        }
    }

    private static Validation validation(ResultSet row) throws SQLException {
        return new Validation(
                row.getString("id"),
                instant(row, "at"),
                Validation.Outcome.valueOf(row.getString("outcome")),
                row.getString("reason"),
                Validation.Source.valueOf(row.getString("source")));
    }
}
