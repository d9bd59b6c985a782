package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.inventory.adapter.jdbc.JsonColumns.json;
import static dev.interlock.inventory.adapter.jdbc.JsonColumns.read;
import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.list;
import static dev.interlock.platform.jdbc.Columns.timestamptz;
import static dev.interlock.platform.jdbc.Columns.timestamptzOrNull;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.inventory.app.Hosts;
import dev.interlock.inventory.domain.Facts;
import dev.interlock.inventory.domain.Facts.Difference;
import dev.interlock.inventory.domain.Gauges;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.HostKey;
import dev.interlock.inventory.domain.HostSettings;
import dev.interlock.inventory.domain.HostStatus;
import dev.interlock.inventory.domain.Installed;
import dev.interlock.inventory.domain.Product;
import dev.interlock.inventory.domain.Sighting;
import dev.interlock.inventory.domain.Trouble;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code host}, {@code host_component} and {@code host_facts}. Reads need no transaction; what writes is called in one. */
@Singleton
@Connectable
class JdbcHosts implements Hosts {

    private static final TypeReference<List<Difference>> DIFFERENCES = new TypeReference<>() {};

    private final JdbcOperations jdbc;

    JdbcHosts(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(Host host, Instant now) {
        boolean added = jdbc.prepareStatement("""
                insert into host (name, address, port, login, credential, labels, pinned_key, presented_key, status,
                    seen, seen_at, trouble, skewed, updates, updates_at, published, version, id, found_by, created_at)
                values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?, ?::jsonb, ?, ?::jsonb, ?, ?, ?, ?)
                on conflict do nothing
                """, insert -> {
            int at = set(insert, host);
            insert.setString(at, host.foundBy());
            insert.setObject(at + 1, timestamptz(now));
            return insert.executeUpdate() == 1;
        });
        if (added) {
            saveComponents(host);
        }
        return added;
    }

    @Override
    public Optional<Host> find(UUID id) {
        return hosts("where id = ?", select -> select.setObject(1, id)).stream().findFirst();
    }

    @Override
    public Optional<Host> findForUpdate(UUID id) {
        return hosts("where id = ? for no key update", select -> select.setObject(1, id)).stream()
                .findFirst();
    }

    @Override
    public Map<String, Host> named(Collection<String> nameKeys) {
        var found = new HashMap<String, Host>();
        hosts(
                        "where name_key = any (?) and status <> 'retired' order by id for no key update",
                        select -> select.setArray(
                                1, select.getConnection().createArrayOf("text", nameKeys.toArray(Object[]::new))))
                .forEach(host -> found.put(host.settings().nameKey(), host));
        return found;
    }

    @Override
    public Map<UUID, Host> all(Collection<UUID> ids) {
        var found = new HashMap<UUID, Host>();
        hosts(
                        "where id = any (?)",
                        select -> select.setArray(
                                1, select.getConnection().createArrayOf("uuid", ids.toArray(Object[]::new))))
                .forEach(host -> found.put(host.id(), host));
        return found;
    }

    @Override
    public Optional<Host> inTheWayOf(HostSettings settings, UUID exceptFor) {
        return hosts(
                        "where (name_key = ? or address = ? and port = ?) and status <> 'retired' and id <> ? limit 1",
                        select -> {
                            select.setString(1, settings.nameKey());
                            select.setString(2, settings.address());
                            select.setInt(3, settings.port());
                            select.setObject(4, exceptFor);
                        })
                .stream()
                .findFirst();
    }

    @Override
    public void save(Host host) {
        jdbc.prepareStatement("""
                update host set name = ?, address = ?, port = ?, login = ?, credential = ?, labels = ?::jsonb,
                    pinned_key = ?, presented_key = ?, status = ?, seen = ?::jsonb, seen_at = ?, trouble = ?::jsonb,
                    skewed = ?, updates = ?::jsonb, updates_at = ?, published = ?::jsonb, version = ?,
                    probe_at = case when ? then null else probe_at end
                where id = ?
                """, update -> {
            set(update, host);
            update.setBoolean(18, host.retired());
            update.setObject(19, host.id());
            return update.executeUpdate();
        });
        saveComponents(host);
    }

    private void saveComponents(Host host) {
        jdbc.prepareStatement("delete from host_component where host_id = ?", delete -> {
            delete.setObject(1, host.id());
            return delete.executeUpdate();
        });
        var seen = host.seen();
        if (seen == null || host.retired()) {
            return;
        }
        for (Installed component : seen.components()) {
            jdbc.prepareStatement("""
                    insert into host_component (host_id, product, version, variant, name_key) values (?, ?, ?, ?, lower(?))
                    """, insert -> {
                insert.setObject(1, host.id());
                insert.setString(2, component.product().slug());
                insert.setString(3, component.version());
                insert.setString(4, component.variant());
                insert.setString(5, host.name());
                return insert.executeUpdate();
            });
        }
    }

    /** Sets the columns that probes and people change, then the id; returns the number of the parameter after it. */
    private static int set(PreparedStatement statement, Host host) throws SQLException {
        var settings = host.settings();
        var seen = host.seen();
        statement.setString(1, settings.name());
        statement.setString(2, settings.address());
        statement.setInt(3, settings.port());
        statement.setString(4, settings.user());
        statement.setString(5, settings.credential());
        statement.setString(6, json(settings.labels()));
        statement.setString(7, line(host.pinned()));
        statement.setString(8, line(host.presented()));
        statement.setString(9, host.status().slug());
        statement.setString(10, json(seen));
        statement.setObject(11, timestamptzOrNull(seen == null ? null : seen.at()));
        statement.setString(12, json(host.trouble()));
        statement.setBoolean(13, host.skewed());
        statement.setString(14, json(host.updates()));
        statement.setObject(15, timestamptzOrNull(host.updatesAt()));
        statement.setString(16, json(host.published()));
        statement.setLong(17, host.version());
        statement.setObject(18, host.id());
        return 19;
    }

    private static @Nullable String line(@Nullable HostKey key) {
        return key == null ? null : key.line();
    }

    @Override
    public List<Listed> page(
            @Nullable HostStatus status,
            @Nullable Product product,
            @Nullable UUID deployment,
            @Nullable String search,
            @Nullable After after,
            int limit) {
        var sql = new StringBuilder("select h.* from ");
        if (product != null) {
            sql.append("host_component c join host h on h.id = c.host_id where c.product = ?");
        } else {
            sql.append("host h where true");
        }
        sql.append(status == null ? " and h.status <> 'retired'" : " and h.status = ?");
        if (deployment != null) {
            sql.append(" and h.id in (select host_id from deployment_member where deployment_id = ?)");
        }
        if (search != null) {
            sql.append(" and (h.name_key like ? or h.address like ?)");
        }
        var key = product != null ? "c.name_key, c.host_id" : "h.name_key, h.id";
        if (after != null) {
            sql.append(" and (").append(key).append(") > (?, ?)");
        }
        sql.append(" order by ").append(key).append(" limit ?");
        return jdbc.prepareStatement(sql.toString(), select -> {
            int at = 1;
            if (product != null) {
                select.setString(at++, product.slug());
            }
            if (status != null) {
                select.setString(at++, status.slug());
            }
            if (deployment != null) {
                select.setObject(at++, deployment);
            }
            if (search != null) {
                var part = "%" + search.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1") + "%";
                select.setString(at++, part);
                select.setString(at++, part);
            }
            if (after != null) {
                select.setString(at++, after.nameKey());
                select.setObject(at++, after.id());
            }
            select.setInt(at, limit);
            return list(select, JdbcHosts::listed);
        });
    }

    @Override
    public Optional<Listed> show(UUID id) {
        return jdbc
                .prepareStatement("select * from host where id = ?", select -> {
                    select.setObject(1, id);
                    return list(select, JdbcHosts::listed);
                })
                .stream()
                .findFirst();
    }

    @Override
    public void addFacts(UUID host, Facts facts, List<Difference> changes, Instant at) {
        jdbc.prepareStatement(
                "insert into host_facts (host_id, observed_at, facts, changes) values (?, ?, ?::jsonb, ?::jsonb)",
                insert -> {
                    insert.setObject(1, host);
                    insert.setObject(2, timestamptz(at));
                    insert.setString(3, json(facts));
                    insert.setString(4, json(changes));
                    return insert.executeUpdate();
                });
    }

    @Override
    public List<FormerFacts> facts(UUID host, @Nullable Long before, int limit) {
        return jdbc.prepareStatement("""
                select seq, observed_at, facts, changes from host_facts
                where host_id = ? and seq < ? order by seq desc limit ?
                """, select -> {
            select.setObject(1, host);
            select.setLong(2, before == null ? Long.MAX_VALUE : before);
            select.setInt(3, limit);
            return list(
                    select,
                    row -> new FormerFacts(
                            row.getLong("seq"),
                            instant(row, "observed_at"),
                            Objects.requireNonNull(read(row, "facts", Facts.class)),
                            Objects.requireNonNull(read(row, "changes", DIFFERENCES))));
        });
    }

    @Override
    public int forgetFacts(Instant olderThan, int most) {
        return jdbc.prepareStatement("""
                delete from host_facts where (host_id, seq) in (
                    select f.host_id, f.seq from host_facts f
                    where f.observed_at < ?
                      and exists (select 1 from host_facts n where n.host_id = f.host_id and n.seq > f.seq)
                    limit ?)
                """, delete -> {
            delete.setObject(1, timestamptz(olderThan));
            delete.setInt(2, most);
            return delete.executeUpdate();
        });
    }

    private List<Host> hosts(String where, JsonColumns.Parameters parameters) {
        return jdbc.prepareStatement("select * from host " + where, select -> {
            parameters.set(select);
            return list(select, JdbcHosts::host);
        });
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                host(row), instant(row, "created_at"), instantOrNull(row, "probed_at"), instantOrNull(row, "probe_at"));
    }

    static Host host(ResultSet row) throws SQLException {
        return new Host(
                row.getObject("id", UUID.class),
                new HostSettings(
                        row.getString("name"),
                        row.getString("address"),
                        row.getInt("port"),
                        row.getString("login"),
                        row.getString("credential"),
                        Objects.requireNonNullElseGet(read(row, "labels", JsonColumns.TEXTS), TreeMap::new)),
                row.getString("found_by"),
                key(row, "pinned_key"),
                key(row, "presented_key"),
                HostStatus.of(row.getString("status")).orElseThrow(),
                read(row, "seen", Sighting.class),
                read(row, "trouble", Trouble.class),
                row.getBoolean("skewed"),
                read(row, "updates", JsonColumns.TEXTS),
                instantOrNull(row, "updates_at"),
                read(row, "published", Gauges.class),
                row.getLong("version"));
    }

    private static @Nullable HostKey key(ResultSet row, String column) throws SQLException {
        @Nullable String line = row.getString(column);
        return line == null ? null : new HostKey(line);
    }
}
