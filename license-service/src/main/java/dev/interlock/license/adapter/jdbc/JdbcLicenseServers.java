package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.license.app.LicenseServers;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.LicenseServer.Management;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of {@code license_server}. */
@Singleton
@Connectable
public class JdbcLicenseServers implements LicenseServers {
    private final JdbcOperations jdbc;

    JdbcLicenseServers(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(LicenseServer server, String registeredBy) {
        return jdbc.prepareStatement("""
                insert into license_server
                    (id, name, kind, address, registered_at, registered_by, base_url, credential, host_id)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (name) do nothing
                """, insert -> {
            insert.setObject(1, server.id().value());
            insert.setString(2, server.name());
            insert.setString(3, server.kind().wireName());
            insert.setString(4, server.address());
            insert.setObject(5, timestamptz(server.registeredAt()));
            insert.setString(6, registeredBy);
            var management = server.management();
            insert.setString(7, management == null ? null : management.baseUrl());
            insert.setString(8, management == null ? null : management.credential());
            insert.setObject(9, management == null ? null : management.hostId());
            return insert.executeUpdate() == 1;
        });
    }

    @Override
    public Optional<LicenseServer> find(ServerId id) {
        return jdbc.prepareStatement("select * from license_server where id = ?", select -> {
            select.setObject(1, id.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(server(rows)) : Optional.empty();
            }
        });
    }

    @Override
    public Map<ServerId, LicenseServer> all(Collection<ServerId> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return jdbc.prepareStatement("select * from license_server where id = any(?)", select -> {
            select.setArray(
                    1,
                    select.getConnection()
                            .createArrayOf(
                                    "uuid", ids.stream().map(ServerId::value).toArray()));
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, JdbcLicenseServers::server).stream()
                        .collect(Collectors.toMap(LicenseServer::id, Function.identity()));
            }
        });
    }

    @Override
    public Optional<LicenseServer> findForChange(ServerId id) {
        return jdbc.prepareStatement("select * from license_server where id = ? for no key update", select -> {
            select.setObject(1, id.value());
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(server(rows)) : Optional.empty();
            }
        });
    }

    @Override
    public void retire(ServerId id, Instant at, String by, String reason, boolean lost) {
        jdbc.prepareStatement("""
                update license_server set retired_at = ?, retired_by = ?, retired_reason = ?, lost = ? where id = ?
                """, update -> {
            update.setObject(1, timestamptz(at));
            update.setString(2, by);
            update.setString(3, reason);
            update.setBoolean(4, lost);
            update.setObject(5, id.value());
            return update.executeUpdate();
        });
    }

    @Override
    public boolean exists(ServerId id) {
        return find(id).isPresent();
    }

    @Override
    public List<LicenseServer> page(@Nullable String afterName, int limit) {
        return jdbc.prepareStatement("""
                select * from license_server where ?::text is null or name > ? order by name limit ?
                """, select -> {
            select.setString(1, afterName);
            select.setString(2, afterName);
            select.setInt(3, limit);
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, JdbcLicenseServers::server);
            }
        });
    }

    private static LicenseServer server(ResultSet row) throws SQLException {
        return new LicenseServer(
                new ServerId(row.getObject("id", UUID.class)),
                row.getString("name"),
                Kind.ofWireName(row.getString("kind")),
                row.getString("address"),
                instant(row, "registered_at"),
                management(row),
                instantOrNull(row, "retired_at"),
                row.getBoolean("lost"));
    }

    private static @Nullable Management management(ResultSet row) throws SQLException {
        @Nullable String baseUrl = row.getString("base_url");
        return baseUrl == null
                ? null
                : new Management(baseUrl, row.getString("credential"), row.getObject("host_id", UUID.class));
    }
}
