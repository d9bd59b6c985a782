package dev.interlock.upgrade.adapter.jdbc;

import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.ClockSkew;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.platform.jdbc.Columns;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Readings;
import dev.interlock.upgrade.app.Runs;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Situation;
import dev.interlock.upgrade.domain.Situation.Agent;
import dev.interlock.upgrade.domain.Situation.Coverage;
import dev.interlock.upgrade.domain.Situation.Lock;
import dev.interlock.upgrade.domain.Situation.Stake;
import dev.interlock.upgrade.domain.Took;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Singleton
final class JdbcReadings implements Readings {
    /** What is long ago says little, and costs. */
    private static final int LATEST_RUNS = 200;
    /** One more than an approver can let be refused. */
    private static final int MOST_AGENTS = 10_001;

    private final Sql sql;
    private final Runs runs;

    JdbcReadings(Sql sql, Runs runs) {
        this.sql = sql;
        this.runs = runs;
    }

    @Override
    public void agent(AgentState a) {
        sql.update(
                """
                INSERT INTO agent_view (agent_id, name, license_server_id, ever_licensed, last_success_at, grace_ends_at, expired)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (agent_id) DO UPDATE
                    SET name = excluded.name, license_server_id = excluded.license_server_id,
                        ever_licensed = excluded.ever_licensed, last_success_at = excluded.last_success_at,
                        grace_ends_at = excluded.grace_ends_at, expired = excluded.expired
                """,
                a.agentId(),
                a.name(),
                a.licenseServerId(),
                a.everLicensed(),
                a.lastSuccessAt(),
                a.graceEndsAt(),
                a.expired());
    }

    @Override
    public void agentGone(UUID id) {
        sql.update("DELETE FROM agent_view WHERE agent_id = ?", id);
    }

    @Override
    public void licenseServer(UUID id, String name, String kind, @Nullable String address) {
        sql.update("""
                INSERT INTO license_server_view (license_server_id, name, kind, address) VALUES (?, ?, ?, ?)
                ON CONFLICT (license_server_id) DO UPDATE
                    SET name = excluded.name, kind = excluded.kind, address = excluded.address
                """, id, name, kind, address);
    }

    @Override
    public void licenseServerGone(UUID id) {
        sql.update("DELETE FROM license_server_view WHERE license_server_id = ?", id);
    }

    @Override
    public void total(UUID licenseServerId, String activationCode, String feature, int total, Instant at) {
        sql.update("""
                INSERT INTO license_total_view AS v (license_server_id, activation_code, feature, total, changed_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (license_server_id, activation_code) DO UPDATE
                    SET feature = excluded.feature, total = excluded.total, changed_at = excluded.changed_at
                    WHERE excluded.changed_at >= v.changed_at
                """, licenseServerId, activationCode, feature, total, at);
    }

    @Override
    public Optional<UUID> licenseServerOf(Deployment deployment) {
        String named = deployment.settings().get("licenseServerId");
        if (named != null && !named.isBlank()) {
            return sql.first(
                            "SELECT license_server_id FROM license_server_view WHERE license_server_id::text = ? OR name = ?",
                            row -> Sql.uuid(row, "license_server_id"),
                            named,
                            named)
                    // agents may be heard of before the server that they depend on
                    .or(() -> uuid(named));
        }
        List<UUID> byAddress = sql.list("""
                SELECT s.license_server_id FROM license_server_view s
                WHERE substring(s.address FROM '^[a-z]+://([^:/]+)') IN (
                    SELECT unnest(ARRAY[h.name, h.state->>'address']) FROM host_view h WHERE h.host_id = ANY (?))
                """, row -> Sql.uuid(row, "license_server_id"), (Object)
                deployment.members().stream().map(Deployment.Member::hostId).toArray(UUID[]::new));
        return byAddress.size() == 1 && deployment.product().equals("pcoip-license-server")
                ? Optional.of(byAddress.getFirst())
                : Optional.empty();
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Coverage coverage(UUID licenseServerId) {
        long agents = sql.first(
                        "SELECT count(*) AS n FROM agent_view WHERE license_server_id = ?",
                        row -> row.getLong("n"),
                        licenseServerId)
                .orElse(0L);
        return new Coverage(
                agents,
                sql.list(
                        """
                        SELECT * FROM agent_view
                        WHERE license_server_id = ? AND (NOT ever_licensed OR expired OR grace_ends_at IS NOT NULL)
                        ORDER BY name, agent_id LIMIT ?
                        """,
                        row -> new Agent(
                                Sql.uuid(row, "agent_id"),
                                row.getString("name"),
                                row.getBoolean("ever_licensed"),
                                Columns.instantOrNull(row, "grace_ends_at"),
                                row.getBoolean("expired")),
                        licenseServerId,
                        MOST_AGENTS));
    }

    @Override
    public List<Stake> stakes(Deployment deployment, UUID licenseServerId) {
        var stakes = new ArrayList<Stake>();
        for (Deployment.Member member : deployment.members()) {
            stakes.addAll(sql.list(
                    """
                    SELECT t.activation_code, t.total, coalesce(s.name, t.license_server_id::text) AS server
                    FROM license_total_view t LEFT JOIN license_server_view s USING (license_server_id)
                    WHERE t.license_server_id = ? AND t.total > 0 ORDER BY t.activation_code
                    """,
                    row -> new Stake(
                            member.hostId(),
                            row.getString("server"),
                            row.getString("activation_code"),
                            row.getInt("total")),
                    licenseServerId));
        }
        return stakes;
    }

    @Override
    public @Nullable List<String> orphans(UUID deploymentId) {
        return state(deploymentId)
                .map(DeploymentState::orphans)
                .map(orphans -> orphans.stream()
                        .map(o -> o.kind() + " " + o.registeredName())
                        .toList())
                .orElse(null);
    }

    @Override
    public @Nullable String clockSkew(UUID deploymentId) {
        return state(deploymentId)
                .map(DeploymentState::clockSkew)
                .map(JdbcReadings::sentence)
                .orElse(null);
    }

    private static String sentence(ClockSkew skew) {
        return "The clocks of " + skew.name() + " and " + skew.otherName() + " are "
                + skew.apartMillis() / 1000.0 + " s apart (± " + skew.errorMillis() / 1000.0 + " s); "
                + skew.limitMillis() / 1000 + " s are allowed.";
    }

    private Optional<DeploymentState> state(UUID deploymentId) {
        return sql.first(
                        "SELECT state FROM deployment_view WHERE deployment_id = ?",
                        row -> row.getString("state"),
                        deploymentId)
                .map(json -> Json.read(json, DeploymentState.class));
    }

    @Override
    public Optional<String> licenseServerName(UUID licenseServerId) {
        return sql.first(
                "SELECT name FROM license_server_view WHERE license_server_id = ?",
                row -> row.getString("name"),
                licenseServerId);
    }

    @Override
    public Map<String, Took> took(String product) {
        var known = new HashMap<String, Took>();
        sql.list(
                """
                SELECT split_part(s.step_id, '.', 1) AS kind, count(*) AS samples,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s.ended_at - s.since)) AS p50,
                       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM s.ended_at - s.since)) AS p95
                FROM run_step s
                WHERE s.status = 'succeeded' AND s.since IS NOT NULL AND s.run_id IN (
                    SELECT r.id FROM run r JOIN plan p ON p.id = r.plan_id
                    WHERE p.product = ? ORDER BY r.queued_at DESC LIMIT ?)
                GROUP BY 1
                """,
                row -> known.put(
                        row.getString("kind"),
                        new Took(row.getLong("samples"), millis(row.getDouble("p50")), millis(row.getDouble("p95")))),
                product,
                LATEST_RUNS);
        return known;
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    @Override
    public List<Lock> locks(@Nullable Collection<UUID> hosts) {
        UUID[] ids = hosts == null ? null : hosts.toArray(UUID[]::new);
        return sql.list("""
                        SELECT DISTINCT r.id FROM run r JOIN run_step s ON s.run_id = r.id
                        WHERE s.status IN ('running', 'failed') AND (?::uuid[] IS NULL OR s.host_id = ANY (?))
                          AND (r.status IN ('running', 'pausing', 'paused', 'aborting')
                               OR (r.status = 'failed' AND NOT EXISTS (
                                   SELECT 1 FROM run later
                                   WHERE later.deployment_id = r.deployment_id AND later.queued_at > r.queued_at)))
                        """, row -> Sql.uuid(row, "id"), ids, ids).stream()
                .flatMap(id -> runs.find(id).stream())
                .flatMap(stored -> Situation.locks(stored.run()).stream())
                .filter(lock -> hosts == null || hosts.contains(lock.hostId()))
                .toList();
    }
}
