package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.agent.app.Outages;
import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.agent.domain.OutageStory.Agents;
import dev.interlock.agent.domain.OutageStory.Outage;
import dev.interlock.agent.domain.OutageStory.Severity;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code outage}, and the counts that make one. */
@Singleton
@Connectable
class JdbcOutages implements Outages {
    private final JdbcOperations jdbc;

    JdbcOutages(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<UUID, Outage> all() {
        return jdbc.prepareStatement("select * from outage", select -> {
            var found = new HashMap<UUID, Outage>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getObject("license_server_id", UUID.class), outage(rows));
                }
            }
            return found;
        });
    }

    @Override
    public Optional<Outage> lock(UUID licenseServerId) {
        return jdbc.prepareStatement("select * from outage where license_server_id = ? for update", select -> {
            select.setObject(1, licenseServerId);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(outage(rows)) : Optional.empty();
            }
        });
    }

    @Override
    public void save(UUID licenseServerId, Outage outage) {
        jdbc.prepareStatement("""
                insert into outage (license_server_id, alert_id, seen_at, raised_at, severity) values (?, ?, ?, ?, ?)
                on conflict (license_server_id) do update
                set raised_at = excluded.raised_at, severity = excluded.severity
                """, upsert -> {
            @Nullable Instant raisedAt = outage.raisedAt();
            @Nullable Severity severity = outage.severity();
            upsert.setObject(1, licenseServerId);
            upsert.setObject(2, outage.alertId());
            upsert.setObject(3, timestamptz(outage.seenAt()));
            upsert.setObject(4, raisedAt == null ? null : timestamptz(raisedAt), Types.TIMESTAMP_WITH_TIMEZONE);
            upsert.setString(5, severity == null ? null : severity.wireName());
            return upsert.executeUpdate();
        });
    }

    @Override
    public void forget(UUID licenseServerId) {
        jdbc.prepareStatement("delete from outage where license_server_id = ?", delete -> {
            delete.setObject(1, licenseServerId);
            return delete.executeUpdate();
        });
    }

    @Override
    public List<UUID> failing() {
        // from one license server to the next in the index of failing agents, however many each has
        return jdbc.prepareStatement("""
                with recursive server(id) as (
                    (select license_server_id from agent where failing_at is not null
                     order by license_server_id limit 1)
                    union all
                    select (select a.license_server_id from agent a
                            where a.failing_at is not null and a.license_server_id > server.id
                            order by a.license_server_id limit 1)
                    from server where server.id is not null)
                select id from server where id is not null
                """, select -> {
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, row -> row.getObject("id", UUID.class));
            }
        });
    }

    @Override
    public Agents agents(UUID licenseServerId, Instant now) {
        return jdbc.prepareStatement("""
                select coalesce(sum(agents), 0) as agents, coalesce(sum(failing), 0) as failing,
                       (select count(*) from agent where license_server_id = ? and failing_at <= ?) as expired,
                       (select failing_at from agent where license_server_id = ? and failing_at is not null
                        order by failing_at limit 1) as first_failure
                from agent_count where license_server_id = ?
                """, select -> {
            select.setObject(1, licenseServerId);
            select.setObject(2, timestamptz(now.minus(GracePeriod.LENGTH)));
            select.setObject(3, licenseServerId);
            select.setObject(4, licenseServerId);
            try (var rows = select.executeQuery()) {
                rows.next();
                int expired = rows.getInt("expired");
                int inGrace = rows.getInt("failing") - expired;
                return new Agents(
                        rows.getInt("agents"),
                        inGrace,
                        expired,
                        instantOrNull(rows, "first_failure"),
                        expired > 0 && inGrace == 0 ? latestSuccess(licenseServerId) : null);
            }
        });
    }

    /** Only asked where all that fail are refused: it reads the server's agents. */
    private @Nullable Instant latestSuccess(UUID licenseServerId) {
        return jdbc.prepareStatement(
                "select max(licensed_at) as latest from agent where license_server_id = ?", select -> {
                    select.setObject(1, licenseServerId);
                    try (var rows = select.executeQuery()) {
                        rows.next();
                        return instantOrNull(rows, "latest");
                    }
                });
    }

    private static Outage outage(ResultSet row) throws SQLException {
        @Nullable String severity = row.getString("severity");
        return new Outage(
                row.getObject("alert_id", UUID.class),
                instant(row, "seen_at"),
                instantOrNull(row, "raised_at"),
                severity == null ? null : Severity.valueOf(severity.toUpperCase(Locale.ROOT)));
    }
}
