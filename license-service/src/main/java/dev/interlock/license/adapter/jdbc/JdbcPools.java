package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.license.app.Pools;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.ServerId;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code pool} and {@code activation}. */
@Singleton
@Connectable
public class JdbcPools implements Pools {
    private final JdbcOperations jdbc;

    JdbcPools(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(Pool pool, Instant nextNotice) {
        return jdbc.prepareStatement("""
                insert into pool (activation_code, seats, feature, expires_at, created_at, next_notice_at)
                values (?, ?, ?, ?, ?, ?)
                on conflict (activation_code) do nothing
                """, insert -> {
            insert.setString(1, pool.code().value());
            insert.setInt(2, pool.seats());
            insert.setString(3, pool.feature());
            insert.setObject(4, timestamptz(pool.expiresAt()));
            insert.setObject(5, timestamptz(pool.createdAt()));
            insert.setObject(6, timestamptz(nextNotice));
            return insert.executeUpdate() == 1;
        });
    }

    @Override
    public Optional<Pool> find(ActivationCode code) {
        return read("where activation_code = ?", select -> select.setString(1, code.value())).stream()
                .findFirst();
    }

    @Override
    public Optional<Pool> findForActivation(ActivationCode code) {
        boolean there = jdbc.prepareStatement(
                "select 1 from pool where activation_code = ? for no key update", select -> exists(select, code));
        if (!there) {
            return Optional.empty();
        }
        jdbc.prepareStatement(
                "select 1 from activation where activation_code = ? order by server_id for no key update",
                select -> exists(select, code));
        return find(code);
    }

    private static boolean exists(PreparedStatement select, ActivationCode code) throws SQLException {
        select.setString(1, code.value());
        try (var rows = select.executeQuery()) {
            return rows.next();
        }
    }

    @Override
    public Optional<ActivationCode> similar(String likeness) {
        return jdbc.prepareStatement("select activation_code from pool where likeness = ? limit 1", select -> {
            select.setString(1, likeness);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new ActivationCode(rows.getString(1))) : Optional.empty();
            }
        });
    }

    @Override
    public List<Pool> page(@Nullable ActivationCode after, int limit) {
        @Nullable String code = after == null ? null : after.value();
        return read("where ?::text is null or activation_code > ? order by activation_code limit ?", select -> {
            select.setString(1, code);
            select.setString(2, code);
            select.setInt(3, limit);
        });
    }

    @Override
    public Map<ActivationCode, Allotment> on(ServerId server) {
        return jdbc.prepareStatement(
                "select activation_code, total, in_use, going_back from activation where server_id = ?"
                        + " order by activation_code",
                select -> {
                    select.setObject(1, server.value());
                    try (var rows = select.executeQuery()) {
                        var held = new LinkedHashMap<ActivationCode, Allotment>();
                        while (rows.next()) {
                            held.put(
                                    new ActivationCode(rows.getString(1)),
                                    new Allotment(rows.getInt(2), rows.getInt(3), rows.getInt(4)));
                        }
                        return held;
                    }
                });
    }

    @Override
    public void setTotal(ActivationCode code, ServerId server, int total) {
        jdbc.prepareStatement("""
                insert into activation (activation_code, server_id, total, authorises)
                select ?, id, ?, kind = 'native' from license_server where id = ?
                on conflict (server_id, activation_code)
                do update set total = excluded.total, going_back = 0, told_level = 'AMPLE'
                """, upsert -> {
            upsert.setString(1, code.value());
            upsert.setInt(2, total);
            upsert.setObject(3, server.value());
            return upsert.executeUpdate();
        });
    }

    @Override
    public void setReturning(ActivationCode code, ServerId server, int returning) {
        jdbc.prepareStatement(
                "update activation set going_back = ? where activation_code = ? and server_id = ?", update -> {
                    update.setInt(1, returning);
                    update.setString(2, code.value());
                    update.setObject(3, server.value());
                    return update.executeUpdate();
                });
    }

    @Override
    public void bind(ActivationCode code, String authority) {
        jdbc.prepareStatement("update pool set authority = ? where activation_code = ?", update -> {
            update.setString(1, authority);
            update.setString(2, code.value());
            return update.executeUpdate();
        });
    }

    @Override
    public void authoriseNoMore(ServerId server) {
        jdbc.prepareStatement("update activation set authorises = false where server_id = ?", update -> {
            update.setObject(1, server.value());
            return update.executeUpdate();
        });
    }

    @Override
    public List<Pool> claimDue(Instant now, int limit) {
        return read("""
                where activation_code in (
                    select activation_code from pool where next_notice_at <= ?
                    order by next_notice_at limit ? for no key update skip locked)
                """, select -> {
            select.setObject(1, timestamptz(now));
            select.setInt(2, limit);
        });
    }

    @Override
    public void setNextNotice(ActivationCode code, @Nullable Instant at) {
        jdbc.prepareStatement("update pool set next_notice_at = ? where activation_code = ?", update -> {
            update.setObject(1, at == null ? null : timestamptz(at));
            update.setString(2, code.value());
            return update.executeUpdate();
        });
    }

    @Override
    public boolean addNotice(ActivationCode code, String notice, Instant at) {
        return jdbc.prepareStatement("""
                insert into pool_notice (activation_code, notice, told_at) values (?, ?, ?)
                on conflict (activation_code, notice) do nothing
                """, insert -> {
            insert.setString(1, code.value());
            insert.setString(2, notice);
            insert.setObject(3, timestamptz(at));
            return insert.executeUpdate() == 1;
        });
    }

    private List<Pool> read(String where, Parameters parameters) {
        record Row(
                ActivationCode code,
                int seats,
                String feature,
                Instant expiresAt,
                Instant createdAt,
                @Nullable String authority) {}
        return jdbc.prepareStatement("""
                with chosen as (select * from pool %s)
                select chosen.*, a.server_id, a.total, a.in_use, a.going_back
                from chosen left join activation a using (activation_code)
                order by activation_code, a.server_id
                """.formatted(where), select -> {
            parameters.set(select);
            try (var rows = select.executeQuery()) {
                var pools = new LinkedHashMap<Row, Map<ServerId, Allotment>>();
                while (rows.next()) {
                    var row = new Row(
                            new ActivationCode(rows.getString("activation_code")),
                            rows.getInt("seats"),
                            rows.getString("feature"),
                            instant(rows, "expires_at"),
                            instant(rows, "created_at"),
                            rows.getString("authority"));
                    var allotments = pools.computeIfAbsent(row, ignored -> new HashMap<>());
                    addAllotment(rows, allotments);
                }
                var list = new ArrayList<Pool>();
                pools.forEach((row, allotments) -> list.add(new Pool(
                        row.code(),
                        row.seats(),
                        row.feature(),
                        row.expiresAt(),
                        allotments,
                        row.createdAt(),
                        row.authority())));
                return list;
            }
        });
    }

    private static void addAllotment(ResultSet row, Map<ServerId, Allotment> allotments) throws SQLException {
        @Nullable UUID server = row.getObject("server_id", UUID.class);
        if (server != null) {
            allotments.put(
                    new ServerId(server),
                    new Allotment(row.getInt("total"), row.getInt("in_use"), row.getInt("going_back")));
        }
    }

    private interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }
}
