package dev.interlock.upgrade.adapter.jdbc;

import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.count;
import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.seconds;

import dev.interlock.platform.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.util.List;

/** Plans and runs in figures. */
@Singleton
final class UpgradeGauges implements DatabaseGauges {

    @Override
    public List<Definition> gauges() {
        return List.of(
                count("interlock.upgrade.runs", "runs by status, ended ones included", "status"),
                count("interlock.upgrade.plans", "plans by status", "status"),
                count("interlock.upgrade.steps", "steps of the runs that have not ended", "status"),
                count("interlock.upgrade.waiting", "what waits for a person", "reason"),
                seconds(
                        "interlock.upgrade.waiting.longest",
                        "how long the oldest of it has waited; 0 without any",
                        "reason"),
                count(
                        "interlock.upgrade.step.used",
                        "the largest share of its time limit that a running step has used"));
    }

    @Override
    public String sql() {
        return """
                WITH present(now) AS (VALUES (?::timestamptz)),
                live AS (
                    SELECT id, status FROM run WHERE status IN ('queued', 'running', 'pausing', 'paused', 'aborting')),
                step AS (SELECT s.* FROM run_step s JOIN live ON live.id = s.run_id),
                waiting AS (
                    SELECT 'gate' AS reason, since FROM step WHERE status = 'waiting'
                    UNION ALL
                    SELECT 'paused', (SELECT e.at FROM run_event e WHERE e.run_id = live.id ORDER BY e.seq DESC LIMIT 1)
                    FROM live WHERE status = 'paused'
                    UNION ALL
                    -- a retry or a skip would make it go on, unless its deployment has had another run since
                    SELECT 'failed', r.ended_at FROM run r
                    WHERE r.status = 'failed' AND NOT EXISTS (
                        SELECT 1 FROM run n WHERE n.deployment_id = r.deployment_id AND n.queued_at > r.queued_at)
                    UNION ALL
                    -- a newer plan of its deployment has taken its place
                    SELECT 'approval', p.planned_at FROM plan p
                    WHERE p.status = 'planned' AND NOT EXISTS (
                        SELECT 1 FROM plan n WHERE n.deployment_id = p.deployment_id AND n.planned_at > p.planned_at))
                SELECT 'interlock.upgrade.runs', ARRAY[w.status], count(r.id)::float8
                FROM unnest(ARRAY['queued', 'running', 'pausing', 'paused', 'aborting', 'aborted', 'completed', 'failed']) w(status)
                LEFT JOIN run r ON r.status = w.status
                GROUP BY w.status
                UNION ALL
                SELECT 'interlock.upgrade.plans', ARRAY[w.status], count(p.id)
                FROM unnest(ARRAY['planned', 'approved', 'rejected', 'drifted']) w(status)
                LEFT JOIN plan p ON p.status = w.status
                GROUP BY w.status
                UNION ALL
                SELECT 'interlock.upgrade.steps', ARRAY[w.status], count(s.step_id)
                FROM unnest(ARRAY['pending', 'waiting', 'running', 'succeeded', 'failed', 'skipped']) w(status)
                LEFT JOIN step s ON s.status = w.status
                GROUP BY w.status
                UNION ALL
                SELECT x.gauge, ARRAY[w.reason],
                    CASE x.gauge WHEN 'interlock.upgrade.waiting' THEN count(s.since)
                        ELSE coalesce(max(extract(epoch FROM present.now - s.since)), 0) END
                FROM unnest(ARRAY['gate', 'paused', 'failed', 'approval']) w(reason)
                CROSS JOIN present
                CROSS JOIN (VALUES ('interlock.upgrade.waiting'), ('interlock.upgrade.waiting.longest')) x(gauge)
                LEFT JOIN waiting s ON s.reason = w.reason
                GROUP BY x.gauge, w.reason
                UNION ALL
                SELECT 'interlock.upgrade.step.used', ARRAY[]::text[],
                    coalesce(max(extract(epoch FROM present.now - s.since) / nullif(extract(epoch FROM s.deadline - s.since), 0)), 0)
                FROM present LEFT JOIN step s ON s.status = 'running'
                """;
    }
}
