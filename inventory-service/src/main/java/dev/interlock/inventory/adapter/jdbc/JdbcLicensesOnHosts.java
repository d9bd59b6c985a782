package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.list;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.inventory.app.LicensesOnHosts;
import dev.interlock.inventory.domain.Host;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code license_server_view} and {@code license_total_view}. */
@Singleton
@Connectable
class JdbcLicensesOnHosts implements LicensesOnHosts {

    private final JdbcOperations jdbc;

    JdbcLicensesOnHosts(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void registered(UUID licenseServerId, String name, @Nullable String address, @Nullable UUID hostId) {
        jdbc.prepareStatement("""
                insert into license_server_view (license_server_id, name, address_host, host_id)
                values (?, ?, lower(substring(? from '^[a-zA-Z]+://([^:/]+)')), ?)
                on conflict (license_server_id) do update
                    set name = excluded.name, address_host = excluded.address_host, host_id = excluded.host_id
                """, upsert -> {
            upsert.setObject(1, licenseServerId);
            upsert.setString(2, name);
            upsert.setString(3, address);
            upsert.setObject(4, hostId);
            return upsert.executeUpdate();
        });
    }

    @Override
    public void retired(UUID licenseServerId, String name) {
        jdbc.prepareStatement("""
                insert into license_server_view (license_server_id, name, retired) values (?, ?, true)
                on conflict (license_server_id) do update set retired = true
                """, upsert -> {
            upsert.setObject(1, licenseServerId);
            upsert.setString(2, name);
            return upsert.executeUpdate();
        });
    }

    @Override
    public void total(UUID licenseServerId, String activationCode, int total, Instant at) {
        jdbc.prepareStatement("""
                insert into license_total_view as v (license_server_id, activation_code, total, changed_at) values (?, ?, ?, ?)
                on conflict (license_server_id, activation_code) do update
                    set total = excluded.total, changed_at = excluded.changed_at where excluded.changed_at >= v.changed_at
                """, upsert -> {
            upsert.setObject(1, licenseServerId);
            upsert.setString(2, activationCode);
            upsert.setInt(3, total);
            upsert.setObject(4, timestamptz(at));
            return upsert.executeUpdate();
        });
    }

    @Override
    public List<Held> on(Host host) {
        return jdbc.prepareStatement("""
                select s.name, t.activation_code, t.total
                from license_server_view s join license_total_view t using (license_server_id)
                where not s.retired and t.total > 0
                    and (s.host_id = ? or s.host_id is null and s.address_host in (lower(?), lower(?)))
                order by s.name, t.activation_code
                """, select -> {
            select.setObject(1, host.id());
            select.setString(2, host.name());
            select.setString(3, host.settings().address());
            return list(
                    select,
                    row -> new Held(row.getString("name"), row.getString("activation_code"), row.getInt("total")));
        });
    }
}
