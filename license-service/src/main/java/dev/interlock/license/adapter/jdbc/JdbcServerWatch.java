package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.license.app.ServerWatch;
import dev.interlock.license.domain.HealthReading.Health;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows of {@code server_watch}. */
@Singleton
@Connectable
public class JdbcServerWatch implements ServerWatch {
    private final JdbcOperations jdbc;

    JdbcServerWatch(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void begin(ServerId server, Instant firstCheck) {
        jdbc.prepareStatement("insert into server_watch (server_id, next_check_at) values (?, ?)", insert -> {
            insert.setObject(1, server.value());
            insert.setObject(2, timestamptz(firstCheck));
            return insert.executeUpdate();
        });
    }

    @Override
    public void end(ServerId server) {
        jdbc.prepareStatement("update server_watch set next_check_at = null where server_id = ?", update -> {
            update.setObject(1, server.value());
            return update.executeUpdate();
        });
    }

    @Override
    public Optional<Seen> find(ServerId server) {
        return read(server, "");
    }

    @Override
    public Optional<Seen> findForChange(ServerId server) {
        return read(server, " for no key update");
    }

    private Optional<Seen> read(ServerId server, String lock) {
        return jdbc.prepareStatement("select * from server_watch where server_id = ?" + lock, select -> {
            select.setObject(1, server.value());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Seen(
                                rows.getString("health"),
                                rows.getString("cause"),
                                rows.getString("next_step"),
                                rows.getString("version"),
                                instantOrNull(rows, "observed_at"),
                                instantOrNull(rows, "locked_until"),
                                rows.getBoolean("storage_corrupted"),
                                rows.getBoolean("default_password")))
                        : Optional.empty();
            }
        });
    }

    @Override
    public List<ServerId> claimDue(Instant now, Instant next, int limit) {
        return jdbc.prepareStatement("""
                update server_watch set next_check_at = ? where server_id in (
                    select server_id from server_watch where next_check_at <= ?
                    order by next_check_at limit ? for no key update skip locked)
                returning server_id
                """, update -> {
            update.setObject(1, timestamptz(next));
            update.setObject(2, timestamptz(now));
            update.setInt(3, limit);
            try (var rows = update.executeQuery()) {
                return Columns.list(rows, row -> new ServerId(row.getObject(1, UUID.class)));
            }
        });
    }

    @Override
    public void record(ServerId server, Health health, Instant at, boolean storageCorrupted, boolean defaultPassword) {
        jdbc.prepareStatement("""
                update server_watch set health = ?, cause = ?, next_step = ?, version = coalesce(?, version),
                    observed_at = ?, storage_corrupted = ?, default_password = ?
                where server_id = ?
                """, update -> {
            update.setString(1, health.word());
            update.setString(2, health.cause());
            update.setString(3, health.next());
            update.setString(4, health.version());
            update.setObject(5, timestamptz(at));
            update.setBoolean(6, storageCorrupted);
            update.setBoolean(7, defaultPassword);
            update.setObject(8, server.value());
            return update.executeUpdate();
        });
    }

    @Override
    public void locked(ServerId server, Instant until) {
        jdbc.prepareStatement("update server_watch set locked_until = ? where server_id = ?", update -> {
            update.setObject(1, timestamptz(until));
            update.setObject(2, server.value());
            return update.executeUpdate();
        });
    }
}
