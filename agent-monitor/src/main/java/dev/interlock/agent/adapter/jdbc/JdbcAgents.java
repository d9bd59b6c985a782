package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.agent.adapter.jdbc.Columns.instant;
import static dev.interlock.agent.adapter.jdbc.Columns.timestamptz;

import dev.interlock.agent.app.Agents;
import dev.interlock.agent.app.Coverage;
import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.Standing;
import dev.interlock.agent.domain.Validation;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code agent}, with the two validations that make an agent's standing. */
@Singleton
@Connectable
class JdbcAgents implements Agents, Coverage {
    private static final String SELECT = """
            select a.*,
                   s.id as success_id, s.at as success_at, s.source as success_source,
                   f.id as failure_id, f.at as failure_at, f.source as failure_source, f.reason as failure_reason
            from agent a
            left join validation s on s.agent_id = a.id and s.id = a.last_success
            left join validation f on f.agent_id = a.id and f.id = a.failing_since
            """;

    private final JdbcOperations jdbc;

    JdbcAgents(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(Agent agent, String registeredBy) {
        return jdbc.prepareStatement("""
                insert into agent (id, name, license_server_id, host_id, version, registered_at, registered_by)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do nothing
                """, insert -> {
            insert.setObject(1, agent.id());
            insert.setString(2, agent.name());
            insert.setObject(3, agent.licenseServerId());
            insert.setObject(4, agent.hostId(), Types.OTHER);
            insert.setString(5, agent.version());
            insert.setObject(6, timestamptz(agent.registeredAt()));
            insert.setString(7, registeredBy);
            return insert.executeUpdate() == 1;
        });
    }

    @Override
    public Optional<Agent> find(UUID id) {
        return one(SELECT + "where a.id = ?", id);
    }

    @Override
    public Optional<Agent> lock(UUID id) {
        // Two statements: the second one's snapshot is taken when the lock is held.
        boolean there = jdbc.prepareStatement("select 1 from agent where id = ? for no key update", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        });
        return there ? find(id) : Optional.empty();
    }

    @Override
    public void setStanding(UUID id, Standing standing) {
        @Nullable
        Validation success = switch (standing) {
            case Standing.NeverLicensed() -> null;
            case Standing.Licensed(var latest) -> latest;
            case Standing.Failing(var period) -> period.lastLicensed();
        };
        @Nullable Validation failure = standing instanceof Standing.Failing(var period) ? period.firstFailure() : null;
        jdbc.prepareStatement("""
                update agent set last_success = ?, licensed_at = ?, failing_since = ?, failing_at = ? where id = ?
                """, update -> {
            update.setString(1, success == null ? null : success.id());
            update.setObject(2, success == null ? null : timestamptz(success.at()), Types.TIMESTAMP_WITH_TIMEZONE);
            update.setString(3, failure == null ? null : failure.id());
            update.setObject(4, failure == null ? null : timestamptz(failure.at()), Types.TIMESTAMP_WITH_TIMEZONE);
            update.setObject(5, id);
            return update.executeUpdate();
        });
    }

    @Override
    public List<Agent> page(@Nullable UUID licenseServerId, @Nullable Position after, int limit) {
        var where = new Where();
        if (licenseServerId != null) {
            where.and("a.license_server_id = ?", licenseServerId);
        }
        if (after != null) {
            where.and("(a.name, a.id) > (?, ?)", after.name(), after.id());
        }
        return jdbc.prepareStatement(SELECT + where + " order by a.name, a.id limit ?", select -> {
            select.setInt(where.set(select), limit);
            return agents(select);
        });
    }

    @Override
    public Summary summary(UUID licenseServerId, Instant now) {
        return jdbc.prepareStatement("""
                select count(*) as agents,
                       count(*) filter (where last_success is null) as never_licensed,
                       count(*) filter (where failing_at > ?) as in_grace,
                       count(*) filter (where failing_at <= ?) as expired,
                       min(failing_at) filter (where failing_at > ?) as soonest
                from agent where license_server_id = ?
                """, select -> {
            var startOfExpired = timestamptz(now.minus(GracePeriod.LENGTH));
            select.setObject(1, startOfExpired);
            select.setObject(2, startOfExpired);
            select.setObject(3, startOfExpired);
            select.setObject(4, licenseServerId);
            try (var rows = select.executeQuery()) {
                rows.next();
                int agents = rows.getInt("agents");
                int never = rows.getInt("never_licensed");
                int inGrace = rows.getInt("in_grace");
                int expired = rows.getInt("expired");
                @Nullable Instant soonest = Columns.instantOrNull(rows, "soonest");
                return new Summary(
                        agents,
                        agents - never - inGrace - expired,
                        inGrace,
                        expired,
                        never,
                        soonest == null ? null : soonest.plus(GracePeriod.LENGTH));
            }
        });
    }

    @Override
    public List<Agent> agents(UUID licenseServerId, boolean refusedOnly, Instant now, @Nullable UUID after, int limit) {
        var where = new Where();
        where.and("a.license_server_id = ?", licenseServerId);
        if (refusedOnly) {
            where.and("(a.last_success is null or a.failing_at <= ?)", timestamptz(now.minus(GracePeriod.LENGTH)));
        }
        if (after != null) {
            where.and("a.id > ?", after);
        }
        return jdbc.prepareStatement(SELECT + where + " order by a.id limit ?", select -> {
            select.setInt(where.set(select), limit);
            return agents(select);
        });
    }

    private Optional<Agent> one(String sql, UUID id) {
        return jdbc.prepareStatement(sql, select -> {
            select.setObject(1, id);
            return agents(select).stream().findFirst();
        });
    }

    private static List<Agent> agents(PreparedStatement select) throws SQLException {
        try (var rows = select.executeQuery()) {
            return Columns.list(rows, JdbcAgents::agent);
        }
    }

    private static Agent agent(ResultSet row) throws SQLException {
        return new Agent(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getObject("license_server_id", UUID.class),
                row.getObject("host_id", UUID.class),
                row.getString("version"),
                instant(row, "registered_at"),
                standing(row));
    }

    private static Standing standing(ResultSet row) throws SQLException {
        @Nullable String success = row.getString("success_id");
        if (success == null) {
            return new Standing.NeverLicensed();
        }
        var latestSuccess = new Validation(
                success,
                instant(row, "success_at"),
                Validation.Outcome.SUCCEEDED,
                null,
                Validation.Source.valueOf(row.getString("success_source")));
        @Nullable String failure = row.getString("failure_id");
        return Standing.of(
                latestSuccess,
                failure == null
                        ? null
                        : new Validation(
                                failure,
                                instant(row, "failure_at"),
                                Validation.Outcome.FAILED,
                                row.getString("failure_reason"),
                                Validation.Source.valueOf(row.getString("failure_source"))));
    }
}
