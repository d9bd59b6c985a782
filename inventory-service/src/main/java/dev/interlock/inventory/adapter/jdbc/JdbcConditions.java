package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.inventory.adapter.jdbc.JsonColumns.json;
import static dev.interlock.inventory.adapter.jdbc.JsonColumns.read;
import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.list;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.inventory.app.Conditions;
import dev.interlock.inventory.domain.Condition;
import dev.interlock.inventory.domain.Condition.Comparison;
import dev.interlock.inventory.domain.Condition.FoundOrphan;
import dev.interlock.inventory.domain.Condition.Skew;
import dev.interlock.inventory.domain.Orphan;
import dev.interlock.inventory.domain.Registrations.Entry;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Rows of {@code deployment_condition} and {@code orphan}. What writes is called in a transaction that holds the deployment. */
@Singleton
@Connectable
class JdbcConditions implements Conditions {

    private final JdbcOperations jdbc;

    JdbcConditions(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    private record Row<T>(UUID deployment, T content) {}

    @Override
    public Map<UUID, Condition> all(Collection<UUID> deployments) {
        var orphans = new HashMap<UUID, List<FoundOrphan>>();
        jdbc.prepareStatement("""
                        select * from orphan where deployment_id = any (?)
                        order by deployment_id, kind, registered_name, orphan_id
                        """, select -> {
                    select.setArray(
                            1, select.getConnection().createArrayOf("uuid", deployments.toArray(Object[]::new)));
                    return list(
                            select,
                            row -> new Row<>(
                                    row.getObject("deployment_id", UUID.class),
                                    new FoundOrphan(
                                            new Orphan(new Entry(
                                                    row.getString("orphan_id"),
                                                    row.getString("kind"),
                                                    row.getString("registered_name"),
                                                    row.getString("registered_address"),
                                                    row.getString("registered_version"))),
                                            instant(row, "since"))));
                })
                .forEach(row -> orphans.computeIfAbsent(row.deployment(), id -> new ArrayList<>())
                        .add(row.content()));
        var found = new HashMap<UUID, Condition>();
        jdbc.prepareStatement("select * from deployment_condition where deployment_id = any (?)", select -> {
                    select.setArray(
                            1, select.getConnection().createArrayOf("uuid", deployments.toArray(Object[]::new)));
                    return list(select, row -> {
                        var id = row.getObject("deployment_id", UUID.class);
                        return new Row<>(
                                id,
                                new Condition(
                                        read(row, "comparison", Comparison.class),
                                        row.getString("unreadable"),
                                        orphans.getOrDefault(id, List.of()),
                                        read(row, "skew", Skew.class)));
                    });
                })
                .forEach(row -> found.put(row.deployment(), row.content()));
        return found;
    }

    @Override
    public void save(UUID deployment, Condition condition) {
        jdbc.prepareStatement("""
                insert into deployment_condition (deployment_id, comparison, unreadable, skew)
                values (?, ?::jsonb, ?, ?::jsonb)
                on conflict (deployment_id) do update
                set comparison = excluded.comparison, unreadable = excluded.unreadable, skew = excluded.skew
                """, upsert -> {
            upsert.setObject(1, deployment);
            upsert.setString(2, json(condition.comparison()));
            upsert.setString(3, condition.unreadable());
            upsert.setString(4, json(condition.skew()));
            return upsert.executeUpdate();
        });
        jdbc.prepareStatement("delete from orphan where deployment_id = ?", delete -> {
            delete.setObject(1, deployment);
            return delete.executeUpdate();
        });
        jdbc.prepareStatement("""
                insert into orphan (deployment_id, kind, orphan_id, registered_name, registered_address,
                    registered_version, since)
                values (?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            for (var found : condition.orphans()) {
                var registered = found.orphan().registered();
                insert.setObject(1, deployment);
                insert.setString(2, registered.kind());
                insert.setString(3, registered.id());
                insert.setString(4, registered.name());
                insert.setString(5, registered.address());
                insert.setString(6, registered.version());
                insert.setObject(7, timestamptz(found.since()));
                insert.addBatch();
            }
            return insert.executeBatch();
        });
    }
}
