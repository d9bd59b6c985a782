package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.agent.app.Agents;
import dev.interlock.agent.app.Coverage;
import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.Standing;
import dev.interlock.agent.domain.Validation;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
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
    public List<Agent> page(@Nullable UUID licenseServerId, Agents.@Nullable Position after, int limit) {
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
                select coalesce(sum(agents), 0) as agents, coalesce(sum(never_licensed), 0) as never_licensed,
                       coalesce(sum(failing), 0) as failing,
                       (select count(*) from agent where license_server_id = ? and failing_at <= ?) as expired,
                       (select failing_at from agent where license_server_id = ? and failing_at > ?
                        order by failing_at limit 1) as soonest
                from agent_count where license_server_id = ?
                """, select -> {
            var startOfExpired = timestamptz(now.minus(GracePeriod.LENGTH));
            select.setObject(1, licenseServerId);
            select.setObject(2, startOfExpired);
            select.setObject(3, licenseServerId);
            select.setObject(4, startOfExpired);
            select.setObject(5, licenseServerId);
            try (var rows = select.executeQuery()) {
                rows.next();
                int agents = rows.getInt("agents");
                int never = rows.getInt("never_licensed");
                int expired = rows.getInt("expired");
                int inGrace = rows.getInt("failing") - expired;
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
    public Remaining remaining(@Nullable UUID licenseServerId, Instant now, List<Duration> lengths) {
        // a grace that ends now is over; times are kept in microseconds
        var thresholds = Stream.concat(
                        Stream.of(0.000_001), lengths.stream().map(length -> (double) length.toSeconds()))
                .toArray();
        int[] counts = jdbc.prepareStatement("""
                select width_bucket(extract(epoch from failing_at - ?)::float8, ?::float8[]) as bucket, count(*) as agents
                from agent where failing_at is not null and (?::uuid is null or license_server_id = ?)
                group by bucket
                """, select -> {
            select.setObject(1, timestamptz(now.minus(GracePeriod.LENGTH)));
            select.setArray(2, select.getConnection().createArrayOf("float8", thresholds));
            select.setObject(3, licenseServerId);
            select.setObject(4, licenseServerId);
            var buckets = new int[thresholds.length + 1];
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    buckets[rows.getInt("bucket")] = rows.getInt("agents");
                }
            }
            return buckets;
        });
        var inGrace = Arrays.stream(counts).skip(1).boxed().toList();
        return jdbc.prepareStatement("""
                select coalesce(sum(agents), 0) as agents, coalesce(sum(never_licensed), 0) as never_licensed,
                       coalesce(sum(failing), 0) as failing
                from agent_count where ?::uuid is null or license_server_id = ?
                """, select -> {
            select.setObject(1, licenseServerId);
            select.setObject(2, licenseServerId);
            try (var rows = select.executeQuery()) {
                rows.next();
                int agents = rows.getInt("agents");
                int never = rows.getInt("never_licensed");
                return new Remaining(agents, agents - never - rows.getInt("failing"), counts[0], never, inGrace);
            }
        });
    }

    @Override
    public List<Agent> agents(UUID licenseServerId, @Nullable UUID after, int limit) {
        var where = new Where();
        where.and("a.license_server_id = ?", licenseServerId);
        if (after != null) {
            where.and("a.id > ?", after);
        }
        return jdbc.prepareStatement(SELECT + where + " order by a.license_server_id, a.id limit ?", select -> {
            select.setInt(where.set(select), limit);
            return agents(select);
        });
    }

    @Override
    public List<Agent> runOut(UUID licenseServerId, Instant end, Coverage.@Nullable Position after, int limit) {
        var found = new ArrayList<Agent>();
        if (after == null || after.failingAt() == null) {
            var where = new Where();
            where.and("a.license_server_id = ? and a.last_success is null", licenseServerId);
            if (after != null) {
                where.and("a.id > ?", after.id());
            }
            found.addAll(
                    jdbc.prepareStatement(SELECT + where + " order by a.license_server_id, a.id limit ?", select -> {
                        select.setInt(where.set(select), limit);
                        return agents(select);
                    }));
        }
        if (found.size() < limit) {
            var where = new Where();
            where.and(
                    "a.license_server_id = ? and a.failing_at <= ?",
                    licenseServerId,
                    timestamptz(end.minus(GracePeriod.LENGTH)));
            if (after != null && after.failingAt() != null) {
                where.and("(a.failing_at, a.id) > (?, ?)", timestamptz(after.failingAt()), after.id());
            }
            found.addAll(jdbc.prepareStatement(
                    SELECT + where + " order by a.license_server_id, a.failing_at, a.id limit ?", select -> {
                        select.setInt(where.set(select), limit - found.size());
                        return agents(select);
                    }));
        }
        return List.copyOf(found);
    }

    @Override
    public int graceEndsBy(UUID licenseServerId, Instant end) {
        return jdbc.prepareStatement(
                "select count(*) from agent where license_server_id = ? and failing_at <= ?", select -> {
                    select.setObject(1, licenseServerId);
                    select.setObject(2, timestamptz(end.minus(GracePeriod.LENGTH)));
                    try (var rows = select.executeQuery()) {
                        rows.next();
                        return rows.getInt(1);
                    }
                });
    }

    @Override
    public Optional<Instant> heard(UUID id, Instant at, Duration within) {
        var slack = within.dividedBy(20);
        return jdbc.prepareStatement("""
                with before as (select id, silent_since from agent where id = ?)
                update agent a set heard_at = ?, silence_at = ?, silent_since = null
                from before
                where a.id = before.id
                  and (a.heard_at is null
                       or a.silent_since is not null and a.heard_at < ?
                       or a.heard_at < ?)
                returning before.silent_since
                """, update -> {
            update.setObject(1, id);
            update.setObject(2, timestamptz(at));
            update.setObject(3, timestamptz(at.plus(within).plus(slack)));
            update.setObject(4, timestamptz(at));
            update.setObject(5, timestamptz(at.minus(slack)));
            try (var rows = update.executeQuery()) {
                return rows.next()
                        ? Optional.ofNullable(Columns.instantOrNull(rows, "silent_since"))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void expect(UUID id, Instant silenceAt) {
        jdbc.prepareStatement("update agent set silence_at = ? where id = ?", update -> {
            update.setObject(1, timestamptz(silenceAt));
            update.setObject(2, id);
            return update.executeUpdate();
        });
    }

    @Override
    public Optional<Instant> heardAt(UUID id) {
        return jdbc.prepareStatement("select max(at) as heard_at from validation where agent_id = ?", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.ofNullable(Columns.instantOrNull(rows, "heard_at")) : Optional.empty();
            }
        });
    }

    @Override
    public List<UUID> silent(Instant now, int limit) {
        return jdbc.prepareStatement(
                "select id from agent where silence_at <= ? order by silence_at limit ?", select -> {
                    select.setObject(1, timestamptz(now));
                    select.setInt(2, limit);
                    return ids(select);
                });
    }

    @Override
    public boolean fallSilent(UUID id, Instant now) {
        return jdbc.prepareStatement(
                "update agent set silent_since = ?, silence_at = null where id = ? and silence_at <= ?", update -> {
                    update.setObject(1, timestamptz(now));
                    update.setObject(2, id);
                    update.setObject(3, timestamptz(now));
                    return update.executeUpdate() == 1;
                });
    }

    @Override
    public List<UUID> unannounced(int limit) {
        return jdbc.prepareStatement(
                "select id from agent where not announced order by id limit ? for no key update skip locked",
                select -> {
                    select.setInt(1, limit);
                    return ids(select);
                });
    }

    @Override
    public void announced(UUID id) {
        jdbc.prepareStatement("update agent set announced = true where id = ?", update -> {
            update.setObject(1, id);
            return update.executeUpdate();
        });
    }

    private static List<UUID> ids(PreparedStatement select) throws SQLException {
        try (var rows = select.executeQuery()) {
            return Columns.list(rows, row -> row.getObject("id", UUID.class));
        }
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
