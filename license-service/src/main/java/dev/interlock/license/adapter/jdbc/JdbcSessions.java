package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.license.app.Sessions;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.Level;
import dev.interlock.license.domain.LicenseCounts;
import dev.interlock.license.domain.ServerId;
import dev.interlock.license.domain.Session;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code session}, and the counters of {@code activation} that go with them. */
@Singleton
@Connectable
public class JdbcSessions implements Sessions {
    /**
     * One statement from free licence to session, so that the row of the counter is locked for one round trip and the commit.
     * It takes from the purchase that expires first. Whoever waits for the row sees the counter as it then is and goes on to the
     * next purchase when that one is used up: nobody is refused while a licence is left, nobody gets one too many (L11).
     *
     * <p>Parameters: server, now, session, server, agent, user, now. {@code deploy/bench/session-authorization} runs the same
     * text with pgbench.
     */
    public static final String CLAIM = """
            with free as (
                select a.server_id, a.activation_code, p.feature
                from activation a join pool p using (activation_code)
                where a.server_id = ? and a.in_use < a.total - a.going_back and a.authorises and p.expires_at > ?
                order by p.expires_at, a.activation_code
                limit 1
                for no key update of a),
            claimed as (
                update activation a set in_use = in_use + 1
                from free where a.server_id = free.server_id and a.activation_code = free.activation_code
                returning a.activation_code, a.total, a.in_use, a.going_back, a.told_level, free.feature),
            added as (
                insert into session (id, server_id, activation_code, agent_id, user_name, authorized_at)
                select ?, ?, activation_code, ?, ?, ? from claimed)
            select * from claimed
            """;

    private final JdbcOperations jdbc;

    JdbcSessions(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Charged> claim(UUID id, ServerId server, UUID agentId, String user, Instant now) {
        return jdbc.prepareStatement(CLAIM, claim -> {
            var at = timestamptz(now);
            claim.setObject(1, server.value());
            claim.setObject(2, at);
            claim.setObject(3, id);
            claim.setObject(4, server.value());
            claim.setObject(5, agentId);
            claim.setString(6, user);
            claim.setObject(7, at);
            try (var rows = claim.executeQuery()) {
                return rows.next() ? Optional.of(charged(rows)) : Optional.empty();
            }
        });
    }

    @Override
    public Optional<Session> find(UUID id) {
        return jdbc.prepareStatement("select * from session where id = ?", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(session(rows)) : Optional.empty();
            }
        });
    }

    @Override
    public Optional<Released> release(UUID id, Instant now, int lowPercent) {
        return jdbc.prepareStatement("""
                with ended as (
                    update session set released_at = ? where id = ? and released_at is null returning *),
                freed as (
                    update activation a set
                        in_use = a.in_use - 1,
                        told_level = case
                            when (a.total - a.going_back - a.in_use + 1)::bigint * 100
                                > (a.total - a.going_back)::bigint * ? then 'AMPLE'
                            else a.told_level end
                    from ended where a.server_id = ended.server_id and a.activation_code = ended.activation_code
                    returning a.total, a.in_use, a.going_back)
                select ended.*, freed.total, freed.in_use, freed.going_back, p.feature
                from ended, freed, pool p where p.activation_code = ended.activation_code
                """, release -> {
            release.setObject(1, timestamptz(now));
            release.setObject(2, id);
            release.setInt(3, lowPercent);
            try (var rows = release.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Released(
                                session(rows),
                                rows.getString("feature"),
                                new Allotment(rows.getInt("total"), rows.getInt("in_use"), rows.getInt("going_back"))))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void setToldLevel(ActivationCode code, ServerId server, Level level) {
        jdbc.prepareStatement(
                "update activation set told_level = ? where server_id = ? and activation_code = ?", update -> {
                    update.setString(1, level.name());
                    update.setObject(2, server.value());
                    update.setString(3, code.value());
                    return update.executeUpdate();
                });
    }

    @Override
    public LicenseCounts counts(ServerId server, Instant now) {
        return jdbc.prepareStatement("""
                select coalesce(sum(a.total - a.going_back) filter (where p.expires_at > ?), 0) as active,
                       coalesce(sum(a.in_use) filter (where p.expires_at > ?), 0) as in_use,
                       coalesce(sum(a.total - a.going_back) filter (where p.expires_at <= ?), 0) as expired
                from activation a join pool p using (activation_code) where a.server_id = ?
                """, select -> {
            select.setObject(1, timestamptz(now));
            select.setObject(2, timestamptz(now));
            select.setObject(3, timestamptz(now));
            select.setObject(4, server.value());
            try (var rows = select.executeQuery()) {
                rows.next();
                return new LicenseCounts(rows.getInt("active"), rows.getInt("in_use"), rows.getInt("expired"));
            }
        });
    }

    @Override
    public List<Session> live(Filter filter, @Nullable Position after, int limit) {
        var where = new StringBuilder("where released_at is null");
        if (filter.server() != null) {
            where.append(" and server_id = ?");
        }
        if (filter.agentId() != null) {
            where.append(" and agent_id = ?");
        }
        if (after != null) {
            where.append(" and (authorized_at, id) > (?, ?)");
        }
        var sql = "select * from session " + where + " order by authorized_at, id limit ?";
        return jdbc.prepareStatement(sql, select -> {
            int at = 1;
            if (filter.server() != null) {
                select.setObject(at++, filter.server().value());
            }
            if (filter.agentId() != null) {
                select.setObject(at++, filter.agentId());
            }
            if (after != null) {
                select.setObject(at++, timestamptz(after.authorizedAt()));
                select.setObject(at++, after.id());
            }
            select.setInt(at, limit);
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, JdbcSessions::session);
            }
        });
    }

    @Override
    public List<UUID> liveSince(Instant before, int limit) {
        return jdbc.prepareStatement("""
                select id from session where released_at is null and authorized_at < ?
                order by authorized_at, id limit ?
                """, select -> {
            select.setObject(1, timestamptz(before));
            select.setInt(2, limit);
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, row -> row.getObject("id", UUID.class));
            }
        });
    }

    @Override
    public int forget(Instant before, int limit) {
        return jdbc.prepareStatement("""
                delete from session where id in (select id from session where released_at < ? limit ?)
                """, delete -> {
            delete.setObject(1, timestamptz(before));
            delete.setInt(2, limit);
            return delete.executeUpdate();
        });
    }

    private static Charged charged(ResultSet row) throws SQLException {
        return new Charged(
                new ActivationCode(row.getString("activation_code")),
                row.getString("feature"),
                new Allotment(row.getInt("total"), row.getInt("in_use"), row.getInt("going_back")),
                Level.valueOf(row.getString("told_level")));
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getObject("id", UUID.class),
                new ServerId(row.getObject("server_id", UUID.class)),
                new ActivationCode(row.getString("activation_code")),
                row.getObject("agent_id", UUID.class),
                row.getString("user_name"),
                instant(row, "authorized_at"),
                instantOrNull(row, "released_at"));
    }
}
