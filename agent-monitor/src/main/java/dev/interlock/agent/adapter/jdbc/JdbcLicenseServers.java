package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.agent.app.LicenseServers;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code license_server}. */
@Singleton
@Connectable
class JdbcLicenseServers implements LicenseServers {
    private final JdbcOperations jdbc;

    JdbcLicenseServers(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Known> find(UUID id) {
        return jdbc.prepareStatement("select * from license_server where id = ?", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return Columns.list(
                                rows,
                                row -> new Known(
                                        row.getObject("id", UUID.class),
                                        row.getString("name"),
                                        row.getString("health"),
                                        row.getString("cause"),
                                        instantOrNull(row, "observed_at")))
                        .stream()
                        .findFirst();
            }
        });
    }

    @Override
    public void named(UUID id, String name) {
        jdbc.prepareStatement(
                "insert into license_server (id, name) values (?, ?) on conflict (id) do update set name = excluded.name",
                upsert -> {
                    upsert.setObject(1, id);
                    upsert.setString(2, name);
                    return upsert.executeUpdate();
                });
    }

    @Override
    public void observed(UUID id, String name, String health, @Nullable String cause, Instant at) {
        jdbc.prepareStatement("""
                insert into license_server (id, name, health, cause, observed_at) values (?, ?, ?, ?, ?)
                on conflict (id) do update
                set name = excluded.name, health = excluded.health, cause = excluded.cause,
                    observed_at = excluded.observed_at
                where license_server.observed_at is null or license_server.observed_at < excluded.observed_at
                """, upsert -> {
            upsert.setObject(1, id);
            upsert.setString(2, name);
            upsert.setString(3, health);
            upsert.setString(4, cause);
            upsert.setObject(5, timestamptz(at));
            return upsert.executeUpdate();
        });
    }
}
