package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.inventory.adapter.jdbc.JsonColumns.read;
import static dev.interlock.platform.jdbc.Columns.list;

import dev.interlock.inventory.app.Estate;
import dev.interlock.inventory.domain.HostStatus;
import dev.interlock.inventory.domain.Product;
import dev.interlock.inventory.domain.Trouble;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Counts over all tables. What is well, which is most of an estate, is only read from indexes. */
@Singleton
@Connectable
class JdbcEstate implements Estate {

    private final JdbcOperations jdbc;

    JdbcEstate(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Summary summary(int most) {
        return new Summary(
                hosts(),
                count("""
                        select count(*) from host
                        where status in ('new', 'unreachable', 'host-key-changed') and presented_key is not null
                        """),
                count("select count(*) from host where skewed and status <> 'retired'"),
                troubled(most),
                deployments(),
                flawed(most));
    }

    private Map<HostStatus, Integer> hosts() {
        var counts = new EnumMap<HostStatus, Integer>(HostStatus.class);
        for (var status : HostStatus.values()) {
            if (status != HostStatus.RETIRED) {
                counts.put(status, 0);
            }
        }
        jdbc.prepareStatement(
                "select status, count(*) as hosts from host where status <> 'retired' group by status",
                select -> list(
                        select,
                        row -> counts.put(HostStatus.of(row.getString("status")).orElseThrow(), row.getInt("hosts"))));
        return counts;
    }

    private int count(String sql) {
        return jdbc.prepareStatement(sql, select -> list(select, row -> row.getInt(1)))
                .getFirst();
    }

    private List<Troubled> troubled(int most) {
        return jdbc.prepareStatement("""
                select id, name, status, presented_key is not null as presented, trouble from host
                where status in ('new', 'unreachable', 'host-key-changed') and trouble is not null
                order by status <> 'host-key-changed', presented_key is null, name_key, id limit ?
                """, select -> {
            select.setInt(1, most);
            return list(
                    select,
                    row -> new Troubled(
                            row.getObject("id", UUID.class),
                            row.getString("name"),
                            HostStatus.of(row.getString("status")).orElseThrow(),
                            row.getBoolean("presented"),
                            Objects.requireNonNull(read(row, "trouble", Trouble.class))));
        });
    }

    private List<Running> deployments() {
        return jdbc.prepareStatement(
                """
                select product, versions, count(*) as deployments, sum(hosts) as hosts
                from (
                    select d.id, d.product, count(m.host_id) as hosts,
                           coalesce(array_agg(distinct c.version order by c.version) filter (where c.version is not null), '{}')
                               as versions
                    from deployment d
                    left join deployment_member m on m.deployment_id = d.id
                    left join host_component c on c.host_id = m.host_id and c.product = d.product
                    where not d.retired
                    group by d.id
                ) each_one
                group by product, versions order by product, versions
                """,
                select -> list(
                        select,
                        row -> new Running(
                                product(row),
                                List.of((String[]) row.getArray("versions").getArray()),
                                row.getInt("deployments"),
                                row.getInt("hosts"))));
    }

    private List<Flawed> flawed(int most) {
        return jdbc.prepareStatement("""
                select d.id, d.name, d.product, c.skew is not null as skewed, c.unreadable,
                       (select count(*) from orphan o where o.deployment_id = d.id) as orphans
                from deployment d join deployment_condition c on c.deployment_id = d.id
                where not d.retired and (c.skew is not null or c.unreadable is not null
                    or exists (select 1 from orphan o where o.deployment_id = d.id))
                order by d.name_key, d.id limit ?
                """, select -> {
            select.setInt(1, most);
            return list(
                    select,
                    row -> new Flawed(
                            row.getObject("id", UUID.class),
                            row.getString("name"),
                            product(row),
                            row.getInt("orphans"),
                            row.getBoolean("skewed"),
                            row.getString("unreadable")));
        });
    }

    private static Product product(ResultSet row) throws SQLException {
        return Product.of(row.getString("product")).orElseThrow();
    }
}
