package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.inventory.adapter.jdbc.JsonColumns.json;
import static dev.interlock.platform.jdbc.Columns.list;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.inventory.app.Deployments;
import dev.interlock.inventory.app.Hosts;
import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.Membership;
import dev.interlock.inventory.domain.Product;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code deployment} and {@code deployment_member}. Reads need no transaction; what writes is called in one. */
@Singleton
@Connectable
class JdbcDeployments implements Deployments {

    private static final TypeReference<List<Membership>> MEMBERS = new TypeReference<>() {};

    private static final String SELECT = """
            select d.*, coalesce((
                select jsonb_agg(jsonb_build_object('hostId', m.host_id, 'role', m.role) order by m.position)
                from deployment_member m where m.deployment_id = d.id), '[]') as members
            from deployment d\s""";

    private static final String HAS_HOST =
            "d.id in (select deployment_id from deployment_member where host_id = ? and not retired)";

    private final JdbcOperations jdbc;

    JdbcDeployments(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(Deployment deployment, Instant now) {
        boolean added = jdbc.prepareStatement("""
                insert into deployment (id, name, product, settings, retired, version, created_at)
                values (?, ?, ?, ?::jsonb, ?, ?, ?) on conflict do nothing
                """, insert -> {
            insert.setObject(1, deployment.id());
            insert.setString(2, deployment.name());
            insert.setString(3, deployment.product().slug());
            insert.setString(4, json(deployment.settings()));
            insert.setBoolean(5, deployment.retired());
            insert.setLong(6, deployment.version());
            insert.setObject(7, timestamptz(now));
            return insert.executeUpdate() == 1;
        });
        if (added) {
            addMembers(deployment);
        }
        return added;
    }

    @Override
    public Optional<Deployment> find(UUID id) {
        return read("where d.id = ?", select -> select.setObject(1, id)).stream()
                .findFirst();
    }

    @Override
    public Optional<Deployment> findForUpdate(UUID id) {
        lock("id = ?", select -> select.setObject(1, id));
        return find(id);
    }

    /** Before it is read: one statement that waits for the lock would see the row of now with the members of before. */
    private void lock(String where, JsonColumns.Parameters parameters) {
        jdbc.prepareStatement("select id from deployment where " + where + " for update", select -> {
            parameters.set(select);
            return select.execute();
        });
    }

    @Override
    public Optional<Deployment> named(String nameKey) {
        lock("name_key = ? and not retired", select -> select.setString(1, nameKey));
        return read("where d.name_key = ? and not d.retired", select -> select.setString(1, nameKey)).stream()
                .findFirst();
    }

    @Override
    public void save(Deployment deployment) {
        jdbc.prepareStatement("delete from deployment_member where deployment_id = ?", delete -> {
            delete.setObject(1, deployment.id());
            return delete.executeUpdate();
        });
        jdbc.prepareStatement(
                "update deployment set name = ?, settings = ?::jsonb, retired = ?, version = ? where id = ?",
                update -> {
                    update.setString(1, deployment.name());
                    update.setString(2, json(deployment.settings()));
                    update.setBoolean(3, deployment.retired());
                    update.setLong(4, deployment.version());
                    update.setObject(5, deployment.id());
                    return update.executeUpdate();
                });
        addMembers(deployment);
    }

    private void addMembers(Deployment deployment) {
        jdbc.prepareStatement("""
                insert into deployment_member (deployment_id, product, retired, position, host_id, role)
                values (?, ?, ?, ?, ?, ?)
                """, insert -> {
            int position = 0;
            for (var member : deployment.members()) {
                insert.setObject(1, deployment.id());
                insert.setString(2, deployment.product().slug());
                insert.setBoolean(3, deployment.retired());
                insert.setInt(4, position++);
                insert.setObject(5, member.hostId());
                insert.setString(6, member.role());
                insert.addBatch();
            }
            return insert.executeBatch();
        });
    }

    @Override
    public List<Deployment> page(
            @Nullable Product product, @Nullable UUID host, Hosts.@Nullable After after, int limit) {
        var where = "where not d.retired" + (product == null ? "" : " and d.product = ?")
                + (host == null ? "" : " and " + HAS_HOST)
                + (after == null ? "" : " and (d.name_key, d.id) > (?, ?)") + " order by d.name_key, d.id limit ?";
        return read(where, select -> {
            int at = 1;
            if (product != null) {
                select.setString(at++, product.slug());
            }
            if (host != null) {
                select.setObject(at++, host);
            }
            if (after != null) {
                select.setString(at++, after.nameKey());
                select.setObject(at++, after.id());
            }
            select.setInt(at, limit);
        });
    }

    @Override
    public List<Deployment> of(UUID host) {
        return read(
                "where not d.retired and " + HAS_HOST + " order by d.name_key", select -> select.setObject(1, host));
    }

    @Override
    public Map<UUID, Deployment> of(Collection<UUID> hosts, Product product) {
        var found = new HashMap<UUID, Deployment>();
        read("""
                where not d.retired and d.product = ? and d.id in (
                    select deployment_id from deployment_member where host_id = any (?) and not retired)
                """, select -> {
                    select.setString(1, product.slug());
                    select.setArray(2, select.getConnection().createArrayOf("uuid", hosts.toArray(Object[]::new)));
                })
                .forEach(deployment -> deployment.members().stream()
                        .map(Membership::hostId)
                        .filter(hosts::contains)
                        .forEach(host -> found.put(host, deployment)));
        return found;
    }

    private List<Deployment> read(String where, JsonColumns.Parameters parameters) {
        return jdbc.prepareStatement(SELECT + where, select -> {
            parameters.set(select);
            return list(select, JdbcDeployments::deployment);
        });
    }

    private static Deployment deployment(ResultSet row) throws SQLException {
        return new Deployment(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Product.of(row.getString("product")).orElseThrow(),
                Objects.requireNonNull(JsonColumns.read(row, "members", MEMBERS)),
                Objects.requireNonNullElseGet(JsonColumns.read(row, "settings", JsonColumns.TEXTS), TreeMap::new),
                row.getBoolean("retired"),
                row.getLong("version"));
    }
}
