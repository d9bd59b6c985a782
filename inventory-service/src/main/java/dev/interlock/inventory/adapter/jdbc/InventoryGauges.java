package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.count;
import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.seconds;

import dev.interlock.platform.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.util.List;

/** The estate in figures. */
@Singleton
class InventoryGauges implements DatabaseGauges {

    @Override
    public List<Definition> gauges() {
        return List.of(
                count("interlock.inventory.hosts", "hosts that are not retired", "status"),
                count("interlock.inventory.deployments", "deployments that are not retired", "product"),
                count(
                        "interlock.inventory.components",
                        "hosts on which a product was found, by version",
                        "product",
                        "version"),
                count("interlock.inventory.orphans", "registrations in a product that are no members (G2)", "kind"),
                count("interlock.inventory.clocks.skewed", "hosts whose clock is certainly too far from ours"),
                seconds("interlock.inventory.clock.offset.max", "the furthest that a host's clock was seen from ours"),
                seconds("interlock.inventory.probes.overdue", "how long the host that waits longest has been due"));
    }

    @Override
    public String sql() {
        return """
                with present(now) as (values (?::timestamptz))
                select 'interlock.inventory.hosts', array[w.status], count(h.id)::float8
                from unnest(array['new', 'reachable', 'unreachable', 'host-key-changed']) w(status)
                left join host h on h.status = w.status
                group by w.status
                union all
                select 'interlock.inventory.deployments', array[w.product], count(d.id)
                from unnest(array['keeper-connection-manager', 'pcoip-connection-manager', 'pcoip-license-server', 'igel-ums',
                    'parallels-secure-workspace']) w(product)
                left join deployment d on d.product = w.product and not d.retired
                group by w.product
                union all
                select 'interlock.inventory.components', array[product, version], count(*)
                from host_component
                group by product, version
                union all
                select 'interlock.inventory.orphans', array[w.kind], count(o.orphan_id)
                from unnest(array['server', 'load-balancer', 'console', 'node']) w(kind)
                left join orphan o on o.kind = w.kind
                group by w.kind
                union all
                select 'interlock.inventory.clocks.skewed', array[]::text[], count(*)
                from host where skewed and status <> 'retired'
                union all
                select 'interlock.inventory.clock.offset.max', array[]::text[], coalesce(max(clock_offset_millis) / 1000.0, 0)
                from host where status <> 'retired'
                union all
                select 'interlock.inventory.probes.overdue', array[]::text[],
                    coalesce(greatest(0, extract(epoch from present.now - (select min(probe_at) from host))), 0)
                from present
                """;
    }
}
