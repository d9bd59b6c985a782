package dev.interlock.upgrade.adapter.jdbc;

import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Estate;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Host;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

@Singleton
final class JdbcEstate implements Estate {
    private final Sql sql;

    JdbcEstate(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void host(HostState state) {
        sql.update("""
                INSERT INTO host_view (host_id, name, state) VALUES (?, ?, ?::jsonb)
                ON CONFLICT (host_id) DO UPDATE SET name = excluded.name, state = excluded.state
                """, state.hostId(), state.name(), Json.write(state));
    }

    @Override
    public void hostGone(UUID id) {
        sql.update("DELETE FROM host_view WHERE host_id = ?", id);
    }

    @Override
    public void deployment(DeploymentState state) {
        sql.update("""
                INSERT INTO deployment_view (deployment_id, name, product, state) VALUES (?, ?, ?, ?::jsonb)
                ON CONFLICT (deployment_id) DO UPDATE
                    SET name = excluded.name, product = excluded.product, state = excluded.state
                """, state.deploymentId(), state.name(), state.product(), Json.write(state));
    }

    @Override
    public void deploymentGone(UUID id) {
        sql.update("DELETE FROM deployment_view WHERE deployment_id = ?", id);
    }

    @Override
    public Optional<Deployment> deployment(UUID id) {
        return sql.first("SELECT state FROM deployment_view WHERE deployment_id = ?", row -> row.getString("state"), id)
                .map(json -> {
                    var state = Json.read(json, DeploymentState.class);
                    return new Deployment(
                            state.deploymentId(),
                            state.name(),
                            state.product(),
                            state.members().stream()
                                    .map(m -> new Deployment.Member(m.hostId(), m.role()))
                                    .toList(),
                            state.settings());
                });
    }

    @Override
    public Map<UUID, Host> hosts(Collection<UUID> ids) {
        var hosts = new LinkedHashMap<UUID, Host>();
        sql.list("SELECT state FROM host_view WHERE host_id = ANY (?)", row -> row.getString("state"), (Object)
                        ids.toArray(UUID[]::new))
                .forEach(json -> {
                    var s = Json.read(json, HostState.class);
                    var units = new HashMap<String, String>();
                    s.units().forEach((unit, state) -> units.put(unit.replaceAll("\\.service$", ""), state));
                    var components = new HashMap<String, String>();
                    s.components().forEach(c -> components.put(c.product(), c.version()));
                    hosts.put(
                            s.hostId(),
                            new Host(
                                    s.hostId(),
                                    s.name(),
                                    s.address(),
                                    s.port(),
                                    s.user(),
                                    s.credential(),
                                    s.hostKey(),
                                    s.status(),
                                    s.packages(),
                                    units,
                                    components));
                });
        return hosts;
    }
}
