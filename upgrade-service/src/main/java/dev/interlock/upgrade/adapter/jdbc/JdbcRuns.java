package dev.interlock.upgrade.adapter.jdbc;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.platform.jdbc.Columns;
import dev.interlock.platform.outbox.Outbox;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.app.Runs;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Command;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Step;
import dev.interlock.upgrade.domain.StepState;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Singleton
final class JdbcRuns implements Runs {
    private static final TypeReference<List<Check>> CHECKS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> FINDINGS = new TypeReference<>() {};
    private static final int MOST_OUTPUT = 20_000;
    private static final String SELECT = "SELECT r.*, p.hash, p.content FROM run r JOIN plan p ON p.id = r.plan_id ";

    private final Sql sql;
    private final Outbox outbox;

    JdbcRuns(Sql sql, Outbox outbox) {
        this.sql = sql;
        this.outbox = outbox;
    }

    @Override
    public boolean add(Run run, String startedBy, Instant at, @Nullable String traceparent) {
        int added = sql.update("""
                INSERT INTO run (id, plan_id, deployment_id, status, started_by, queued_at, traceparent)
                VALUES (?, ?, ?, 'queued', ?, ?, ?)
                ON CONFLICT (deployment_id) WHERE status IN ('queued', 'running', 'pausing', 'paused', 'aborting') DO NOTHING
                """, run.id(), run.planId(), run.plan().deploymentId(), startedBy, at, traceparent);
        if (added == 0) {
            return false;
        }
        var rows = new ArrayList<@Nullable Object[]>();
        run.plan()
                .steps()
                .forEach(step -> rows.add(new @Nullable Object[] {run.id(), step.id(), rows.size(), step.hostId()}));
        sql.batch(
                "INSERT INTO run_step (run_id, step_id, position, host_id, status, attempt) VALUES (?, ?, ?, ?, 'pending', 0)",
                rows);
        return true;
    }

    @Override
    public Optional<StoredRun> find(UUID id) {
        return sql.first(SELECT + "WHERE r.id = ?", this::read, id);
    }

    @Override
    public Optional<StoredRun> lock(UUID id, @Nullable StoredRun known) {
        // The row is locked before its steps are read: they belong to what its version says.
        Optional<long[]> row = sql.first(
                "SELECT version, epoch FROM run WHERE id = ? FOR UPDATE",
                r -> new long[] {r.getLong(1), r.getLong(2)},
                id);
        if (row.isPresent() && known != null && known.version() == row.get()[0] && known.epoch() == row.get()[1]) {
            return Optional.of(known);
        }
        return row.flatMap(locked -> find(id));
    }

    @Override
    public StoredRun save(StoredRun before, Run after, List<Command> commands, String instance, Instant at) {
        Run run = before.run();
        long event = before.lastEvent();
        var events = new ArrayList<@Nullable Object[]>();
        var attempts = new ArrayList<@Nullable Object[]>();
        for (Command command : commands) {
            switch (command) {
                case Command.Announce announce -> {
                    outbox.add(announce.event());
                    String type = announce.event().getClass().getSimpleName();
                    events.add(new @Nullable Object[] {run.id(), ++event, type, Json.write(announce.event()), at});
                }
                case Command.Show show ->
                    events.add(new @Nullable Object[] {
                        run.id(),
                        ++event,
                        "Step" + show.state().substring(0, 1).toUpperCase(Locale.ROOT)
                                + show.state().substring(1),
                        Json.write(show),
                        at
                    });
                case Command.Execute execute ->
                    attempts.add(new @Nullable Object[] {run.id(), execute.stepId(), execute.attempt(), at, instance});
                case Command.Release release -> {}
            }
        }
        Run.Asked asked = after.asked();
        int updated = sql.update(
                """
                UPDATE run SET status = ?, cause = ?, asked_by = ?, reason = ?, started_at = ?, ended_at = ?,
                               last_event = ?, version = version + 1
                WHERE id = ? AND version = ?
                """,
                after.status().word(),
                asked == null ? null : asked.cause(),
                asked == null ? null : asked.by(),
                asked == null ? null : asked.reason(),
                after.startedAt(),
                after.endedAt(),
                event,
                run.id(),
                before.version());
        if (updated != 1) {
            throw new IllegalStateException("run " + run.id() + " was moved without its lock");
        }
        var steps = new ArrayList<@Nullable Object[]>();
        after.steps().forEach((id, state) -> {
            if (!state.equals(run.steps().get(id))) {
                steps.add(row(run.id(), id, state));
            }
        });
        sql.batch("""
                UPDATE run_step SET status = ?, attempt = ?, since = ?, deadline = ?, ended_at = ?, failure = ?, sentence = ?, next = ?,
                                    skipped_by = ?, skip_reason = ?, checks = ?::jsonb, findings = ?::jsonb
                WHERE run_id = ? AND step_id = ?
                """, steps);
        sql.batch("""
                INSERT INTO run_attempt (run_id, step_id, attempt, begun_at, carried_by) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (run_id, step_id, attempt) DO UPDATE
                    SET carried_by = excluded.carried_by, taken_up = run_attempt.taken_up + 1
                """, attempts);
        sql.batch("INSERT INTO run_event (run_id, seq, type, data, at) VALUES (?, ?, ?, ?::jsonb, ?)", events);
        return new StoredRun(
                after,
                before.startedBy(),
                before.queuedAt(),
                before.traceparent(),
                before.version() + 1,
                event,
                before.epoch(),
                before.owner());
    }

    private static @Nullable Object[] row(UUID run, String step, StepState state) {
        return switch (state) {
            case StepState.Pending s -> row(run, step, s, null, null, null, null, null, null, List.of(), Map.of());
            case StepState.Waiting s -> row(run, step, s, s.since(), null, null, null, null, null, List.of(), Map.of());
            case StepState.Running s ->
                row(run, step, s, s.since(), s.deadline(), null, null, null, null, List.of(), Map.of());
            case StepState.Succeeded s ->
                row(run, step, s, s.since(), null, s.at(), null, null, null, s.checks(), s.findings());
            case StepState.Failed s ->
                row(run, step, s, s.since(), null, s.at(), s.failure(), null, null, s.checks(), Map.of());
            case StepState.Skipped s ->
                row(run, step, s, null, null, s.at(), null, s.by(), s.reason(), List.of(), Map.of());
        };
    }

    private static @Nullable Object[] row(
            UUID run,
            String step,
            StepState state,
            @Nullable Instant since,
            @Nullable Instant deadline,
            @Nullable Instant endedAt,
            @Nullable Failure failure,
            @Nullable String by,
            @Nullable String reason,
            List<Check> checks,
            Map<String, String> findings) {
        return new @Nullable Object[] {
            state.word(),
            state.attempt(),
            since,
            deadline,
            endedAt,
            failure == null ? null : failure.reason(),
            failure == null ? null : failure.sentence(),
            failure == null ? null : failure.next(),
            by,
            reason,
            Json.write(checks),
            Json.write(findings),
            run,
            step
        };
    }

    @Override
    public void attemptEnded(UUID runId, Ended ended) {
        StepOutcome outcome = ended.outcome();
        Failure failure = outcome.failure();
        String output = outcome.output().replace("\0", "");
        sql.update(
                """
                UPDATE run_attempt SET ended_at = ?, outcome = ?, reason = ?, output = ?, phases = ?::jsonb
                WHERE run_id = ? AND step_id = ? AND attempt = ? AND ended_at IS NULL
                """,
                ended.at(),
                failure == null ? "succeeded" : "failed",
                failure == null ? null : failure.sentence(),
                output.length() > MOST_OUTPUT ? output.substring(output.length() - MOST_OUTPUT) : output,
                Json.write(outcome.phases()),
                runId,
                ended.stepId(),
                ended.attempt());
    }

    @Override
    public Optional<UUID> activeOf(UUID deploymentId) {
        return sql.first(
                "SELECT id FROM run WHERE deployment_id = ? AND status IN ('queued', 'running', 'pausing', 'paused', 'aborting')",
                row -> Sql.uuid(row, "id"),
                deploymentId);
    }

    @Override
    public Optional<Run.Status> statusOf(UUID id) {
        return sql.first(
                "SELECT status FROM run WHERE id = ?",
                row -> Run.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                id);
    }

    // ---- leases

    @Override
    public List<UUID> abandoned() {
        return sql.list("""
                SELECT id FROM run
                WHERE status IN ('queued', 'running', 'pausing', 'aborting')
                  AND (lease_until IS NULL OR lease_until < clock_timestamp())
                ORDER BY status = 'queued', queued_at
                """, row -> Sql.uuid(row, "id"));
    }

    @Override
    public OptionalLong acquire(UUID id, String instance, Duration lease, int mostAtOnce) {
        return sql.work(connection -> {
            try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(1229737794, 101)")) {
                lock.execute();
            }
            return sql.first("""
                            UPDATE run SET owner = ?, epoch = epoch + 1, lease_until = clock_timestamp() + ? * interval '1 millisecond'
                            WHERE id = ? AND status IN ('queued', 'running', 'pausing', 'aborting')
                              AND (lease_until IS NULL OR lease_until < clock_timestamp())
                              AND (status <> 'queued'
                                   OR (SELECT count(*) FROM run o WHERE o.lease_until >= clock_timestamp()) < ?)
                            RETURNING epoch
                            """, row -> row.getLong("epoch"), instance, lease.toMillis(), id, mostAtOnce)
                    .map(OptionalLong::of)
                    .orElse(OptionalLong.empty());
        });
    }

    @Override
    public OptionalLong renew(UUID id, long epoch, Duration lease) {
        return sql.first("""
                        UPDATE run SET lease_until = clock_timestamp() + ? * interval '1 millisecond' WHERE id = ? AND epoch = ?
                        RETURNING version
                        """, row -> row.getLong("version"), lease.toMillis(), id, epoch)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public void release(UUID id, long epoch) {
        sql.update("UPDATE run SET lease_until = NULL, owner = NULL WHERE id = ? AND epoch = ?", id, epoch);
    }

    // ---- readers

    @Override
    public List<StoredRun> list(
            @Nullable UUID deploymentId,
            @Nullable String status,
            @Nullable Boolean active,
            @Nullable Instant beforeTime,
            @Nullable UUID beforeId,
            int limit) {
        return sql.list(
                SELECT + """
                        WHERE (?::uuid IS NULL OR r.deployment_id = ?) AND (?::text IS NULL OR r.status = ?)
                          AND (?::boolean IS NULL OR (r.ended_at IS NULL) = ?)
                          AND (?::timestamptz IS NULL OR (r.queued_at, r.id) < (?, ?))
                        ORDER BY r.queued_at DESC, r.id DESC LIMIT ?
                        """,
                this::read,
                deploymentId,
                deploymentId,
                status,
                status,
                active,
                active,
                beforeTime,
                beforeTime,
                beforeId,
                limit);
    }

    @Override
    public List<StoredRun> present() {
        return sql.list(SELECT + """
                        WHERE r.status IN ('queued', 'running', 'pausing', 'paused', 'aborting')
                           OR (r.status = 'failed' AND NOT EXISTS (
                               SELECT 1 FROM run later
                               WHERE later.deployment_id = r.deployment_id AND later.queued_at > r.queued_at))
                        ORDER BY r.queued_at DESC, r.id DESC
                        """, this::read);
    }

    @Override
    public List<Attempt> attempts(UUID runId) {
        return sql.list(
                """
                SELECT step_id, attempt, begun_at, ended_at, outcome, reason, phases, carried_by, taken_up
                FROM run_attempt WHERE run_id = ? ORDER BY begun_at, step_id, attempt
                """,
                row -> new Attempt(
                        row.getString("step_id"),
                        row.getInt("attempt"),
                        Columns.instant(row, "begun_at"),
                        Columns.instantOrNull(row, "ended_at"),
                        row.getString("outcome"),
                        row.getString("reason"),
                        row.getString("phases"),
                        row.getString("carried_by"),
                        row.getInt("taken_up")),
                runId);
    }

    @Override
    public Optional<String> output(UUID runId, String stepId, int attempt) {
        return sql.first(
                "SELECT output FROM run_attempt WHERE run_id = ? AND step_id = ? AND attempt = ?",
                row -> row.getString("output"),
                runId,
                stepId,
                attempt);
    }

    @Override
    public List<Event> events(UUID runId, long after, int limit) {
        return sql.list(
                "SELECT seq, type, data, at FROM run_event WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                row -> new Event(
                        row.getLong("seq"), row.getString("type"), row.getString("data"), Columns.instant(row, "at")),
                runId,
                after,
                limit);
    }

    private StoredRun read(ResultSet row) throws SQLException {
        UUID id = Sql.uuid(row, "id");
        Plan plan = Json.plan(row.getString("content"));
        String cause = row.getString("cause");
        return new StoredRun(
                new Run(
                        id,
                        Sql.uuid(row, "plan_id"),
                        row.getString("hash"),
                        plan,
                        Run.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                        Columns.instantOrNull(row, "started_at"),
                        Columns.instantOrNull(row, "ended_at"),
                        cause == null ? null : new Run.Asked(cause, row.getString("asked_by"), row.getString("reason")),
                        steps(id, plan)),
                row.getString("started_by"),
                Columns.instant(row, "queued_at"),
                row.getString("traceparent"),
                row.getLong("version"),
                row.getLong("last_event"),
                row.getLong("epoch"),
                row.getString("owner"));
    }

    private Map<String, StepState> steps(UUID id, Plan plan) {
        var states = new HashMap<String, StepState>();
        sql.list(
                "SELECT * FROM run_step WHERE run_id = ?", row -> states.put(row.getString("step_id"), state(row)), id);
        var inOrder = new LinkedHashMap<String, StepState>();
        plan.steps().map(Step::id).forEach(step -> inOrder.put(step, Objects.requireNonNull(states.get(step), step)));
        return inOrder;
    }

    private static StepState state(ResultSet row) throws SQLException {
        int attempt = row.getInt("attempt");
        return switch (row.getString("status")) {
            case "pending" -> new StepState.Pending(attempt);
            case "waiting" -> new StepState.Waiting(attempt, Columns.instant(row, "since"));
            case "running" ->
                new StepState.Running(attempt, Columns.instant(row, "since"), Columns.instant(row, "deadline"));
            case "succeeded" ->
                new StepState.Succeeded(
                        attempt,
                        Columns.instant(row, "since"),
                        Columns.instant(row, "ended_at"),
                        Json.read(row.getString("checks"), CHECKS),
                        Json.read(row.getString("findings"), FINDINGS));
            case "failed" ->
                new StepState.Failed(
                        attempt,
                        Columns.instant(row, "since"),
                        Columns.instant(row, "ended_at"),
                        new Failure(row.getString("failure"), row.getString("sentence"), row.getString("next")),
                        Json.read(row.getString("checks"), CHECKS));
            case "skipped" ->
                new StepState.Skipped(
                        attempt,
                        Columns.instant(row, "ended_at"),
                        row.getString("skipped_by"),
                        row.getString("skip_reason"));
            default -> throw new IllegalStateException("no such status: " + row.getString("status"));
        };
    }
}
