package dev.interlock.license.adapter.jdbc;

import dev.interlock.license.app.HostDirectory;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Rows of {@code host_view}. */
@Singleton
@Connectable
public class JdbcHostDirectory implements HostDirectory {
    private final JdbcOperations jdbc;

    JdbcHostDirectory(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void put(Host host) {
        jdbc.prepareStatement("""
                insert into host_view (host_id, name, address, port, username, credential, host_key, status)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (host_id) do update set name = excluded.name, address = excluded.address,
                    port = excluded.port, username = excluded.username, credential = excluded.credential,
                    host_key = excluded.host_key, status = excluded.status
                """, upsert -> {
            upsert.setObject(1, host.id());
            upsert.setString(2, host.name());
            upsert.setString(3, host.address());
            upsert.setInt(4, host.port());
            upsert.setString(5, host.user());
            upsert.setString(6, host.credential());
            upsert.setString(7, host.hostKey());
            upsert.setString(8, host.status());
            return upsert.executeUpdate();
        });
    }

    @Override
    public void remove(UUID id) {
        jdbc.prepareStatement("delete from host_view where host_id = ?", delete -> {
            delete.setObject(1, id);
            return delete.executeUpdate();
        });
    }

    @Override
    public Optional<Host> find(UUID id) {
        return jdbc.prepareStatement("select * from host_view where host_id = ?", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Host(
                                rows.getObject("host_id", UUID.class),
                                rows.getString("name"),
                                rows.getString("address"),
                                rows.getInt("port"),
                                rows.getString("username"),
                                rows.getString("credential"),
                                rows.getString("host_key"),
                                rows.getString("status")))
                        : Optional.empty();
            }
        });
    }
}
