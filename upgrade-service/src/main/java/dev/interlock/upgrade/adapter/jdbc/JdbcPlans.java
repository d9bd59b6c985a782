package dev.interlock.upgrade.adapter.jdbc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.platform.jdbc.Columns;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Plans;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Singleton
final class JdbcPlans implements Plans {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final String SELECT = "SELECT p.*, r.id AS run_id FROM plan p LEFT JOIN run r ON r.plan_id = p.id ";

    private final Sql sql;

    JdbcPlans(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void add(StoredPlan p) {
        sql.update(
                """
                INSERT INTO plan (id, deployment_id, deployment, product, target, nodes, steps, content, hash, status, planned_by, planned_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?)
                """,
                p.id(),
                p.plan().deploymentId(),
                p.plan().deployment(),
                p.plan().product(),
                p.plan().target().text(),
                p.plan().targets().size(),
                (int) p.plan().steps().count(),
                p.canonical(),
                p.hash(),
                p.plannedBy(),
                p.plannedAt());
    }

    @Override
    public Optional<StoredPlan> find(UUID id) {
        return sql.first(SELECT + "WHERE p.id = ?", JdbcPlans::read, id);
    }

    @Override
    public Optional<StoredPlan> lock(UUID id) {
        // before it is read: one statement that waits for the lock would not see the run that was made meanwhile
        return sql.first("SELECT id FROM plan WHERE id = ? FOR UPDATE", row -> true, id)
                .flatMap(locked -> find(id));
    }

    @Override
    public void decide(UUID id, Status status, String by, Instant at, @Nullable String comment) {
        sql.update(
                "UPDATE plan SET status = ?, decided_by = ?, decided_at = ?, comment = ?, version = version + 1 WHERE id = ?",
                status.word(),
                by,
                at,
                comment,
                id);
    }

    @Override
    public void drifted(UUID id, List<String> differences) {
        sql.update(
                "UPDATE plan SET status = 'drifted', differences = ?::jsonb, version = version + 1 WHERE id = ?",
                Json.write(differences),
                id);
    }

    @Override
    public List<StoredPlan> list(
            @Nullable UUID deploymentId,
            @Nullable String status,
            @Nullable Instant beforeTime,
            @Nullable UUID beforeId,
            int limit) {
        return sql.list(
                SELECT + """
                        WHERE (?::uuid IS NULL OR p.deployment_id = ?) AND (?::text IS NULL OR p.status = ?)
                          AND (?::timestamptz IS NULL OR (p.planned_at, p.id) < (?, ?))
                        ORDER BY p.planned_at DESC, p.id DESC LIMIT ?
                        """,
                JdbcPlans::read,
                deploymentId,
                deploymentId,
                status,
                status,
                beforeTime,
                beforeTime,
                beforeId,
                limit);
    }

    @Override
    public List<StoredPlan> undone(int limit) {
        return sql.list(SELECT + """
                        WHERE p.status = 'planned' OR (p.status = 'approved' AND r.id IS NULL)
                        ORDER BY p.planned_at DESC, p.id DESC LIMIT ?
                        """, JdbcPlans::read, limit);
    }

    private static StoredPlan read(ResultSet row) throws SQLException {
        String content = row.getString("content");
        return new StoredPlan(
                Sql.uuid(row, "id"),
                Json.plan(content),
                content,
                row.getString("hash"),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getString("planned_by"),
                Columns.instant(row, "planned_at"),
                row.getString("decided_by"),
                Columns.instantOrNull(row, "decided_at"),
                row.getString("comment"),
                Json.read(row.getString("differences"), TEXTS),
                row.getObject("run_id", UUID.class),
                row.getLong("version"));
    }
}
