package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.agent.app.GraceLedger;
import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.GraceStory.Opening;
import dev.interlock.agent.domain.GraceStory.Told;
import dev.interlock.agent.domain.Validation;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code grace_period}. */
@Singleton
@Connectable
class JdbcGraceLedger implements GraceLedger {
    private final JdbcOperations jdbc;

    JdbcGraceLedger(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Told> told(UUID agentId) {
        return jdbc.prepareStatement("""
                select g.opened_after, g.opened_by, g.noticed_seconds, g.expired, f.id, f.at, f.reason, f.source
                from grace_period g join validation f on f.agent_id = g.agent_id and f.id = g.first_failure
                where g.agent_id = ? and not g.closed
                """, select -> {
            select.setObject(1, agentId);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(told(rows)) : Optional.empty();
            }
        });
    }

    @Override
    public void open(UUID id, Agent agent, Opening opening, Validation firstFailure) {
        jdbc.prepareStatement("""
                insert into grace_period (id, agent_id, license_server_id, opened_after, opened_by, first_failure,
                    started_at, ends_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            insert.setObject(1, id);
            insert.setObject(2, agent.id());
            insert.setObject(3, agent.licenseServerId());
            insert.setString(4, opening.lastLicensed());
            insert.setString(5, opening.firstFailure());
            insert.setString(6, firstFailure.id());
            insert.setObject(7, timestamptz(firstFailure.at()));
            insert.setObject(8, timestamptz(firstFailure.at().plus(GracePeriod.LENGTH)));
            return insert.executeUpdate();
        });
    }

    @Override
    public void write(UUID agentId, Told told, @Nullable Instant wakeAt) {
        jdbc.prepareStatement("""
                update grace_period
                set first_failure = ?, started_at = ?, ends_at = ?, noticed_seconds = ?, expired = ?, wake_at = ?
                where agent_id = ? and not closed
                """, update -> {
            var start = told.firstFailure().at();
            @Nullable Duration noticed = told.noticed();
            update.setString(1, told.firstFailure().id());
            update.setObject(2, timestamptz(start));
            update.setObject(3, timestamptz(start.plus(GracePeriod.LENGTH)));
            update.setObject(4, noticed == null ? null : noticed.toSeconds(), Types.BIGINT);
            update.setBoolean(5, told.expired());
            update.setObject(6, wakeAt == null ? null : timestamptz(wakeAt), Types.TIMESTAMP_WITH_TIMEZONE);
            update.setObject(7, agentId);
            return update.executeUpdate();
        });
    }

    @Override
    public void close(UUID agentId, @Nullable Instant endedAt) {
        jdbc.prepareStatement("""
                update grace_period set closed = true, ended_at = ?, wake_at = null where agent_id = ? and not closed
                """, update -> {
            update.setObject(1, endedAt == null ? null : timestamptz(endedAt), Types.TIMESTAMP_WITH_TIMEZONE);
            update.setObject(2, agentId);
            return update.executeUpdate();
        });
    }

    @Override
    public List<UUID> due(Instant now, int limit) {
        return jdbc.prepareStatement(
                "select agent_id from grace_period where wake_at <= ? order by wake_at limit ?", select -> {
                    select.setObject(1, timestamptz(now));
                    select.setInt(2, limit);
                    try (var rows = select.executeQuery()) {
                        return Columns.list(rows, row -> row.getObject("agent_id", UUID.class));
                    }
                });
    }

    @Override
    public List<Entry> page(Filter filter, @Nullable Position after, int limit) {
        var where = new Where();
        if (filter.state() != null) {
            where.and(
                    switch (filter.state()) {
                        case OPEN -> "not g.closed and not g.expired";
                        case ENDED -> "g.ended_at is not null";
                        case EXPIRED -> "g.expired and g.ended_at is null";
                    });
        }
        if (filter.agentId() != null) {
            where.and("g.agent_id = ?", filter.agentId());
        }
        if (filter.licenseServerId() != null) {
            where.and("g.license_server_id = ?", filter.licenseServerId());
        }
        if (after != null) {
            where.and("(g.ends_at, g.id) > (?, ?)", timestamptz(after.endsAt()), after.id());
        }
        var sql = """
                select g.*, a.name as agent_name, f.reason as first_failure_reason
                from grace_period g
                join agent a on a.id = g.agent_id
                join validation f on f.agent_id = g.agent_id and f.id = g.first_failure
                """ + where + " order by g.ends_at, g.id limit ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setInt(where.set(select), limit);
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, JdbcGraceLedger::entry);
            }
        });
    }

    private static Told told(ResultSet row) throws SQLException {
        long noticed = row.getLong("noticed_seconds");
        return new Told(
                new Opening(row.getString("opened_after"), row.getString("opened_by")),
                new Validation(
                        row.getString("id"),
                        instant(row, "at"),
                        Validation.Outcome.FAILED,
                        row.getString("reason"),
                        Validation.Source.valueOf(row.getString("source"))),
                noticed == 0 ? null : Duration.ofSeconds(noticed),
                row.getBoolean("expired"));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        @Nullable Instant endedAt = instantOrNull(row, "ended_at");
        boolean expired = row.getBoolean("expired");
        return new Entry(
                row.getObject("id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getString("agent_name"),
                row.getObject("license_server_id", UUID.class),
                instant(row, "started_at"),
                instant(row, "ends_at"),
                endedAt,
                endedAt != null
                        ? GracePeriod.State.ENDED
                        : expired ? GracePeriod.State.EXPIRED : GracePeriod.State.OPEN,
                row.getString("first_failure_reason"));
    }
}
