package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.instantOrNull;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.license.app.ActivationRequests;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.ActivationRequest.State;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code activation_request} and {@code custody}. */
@Singleton
@Connectable
public class JdbcActivationRequests implements ActivationRequests {
    /** Everything but the files. */
    private static final String COLUMNS = """
            id, server_id, activation_code, total, sequence, machine_id, sha256, contents, made_at, made_by, state,
            response_sha256, response_expires_at, closed_at, closed_by
            """;

    private final JdbcOperations jdbc;

    JdbcActivationRequests(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(ActivationRequest request, byte[] file) {
        jdbc.prepareStatement("""
                insert into activation_request
                    (id, server_id, activation_code, total, sequence, machine_id, file, sha256, contents, made_at, made_by,
                     state)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            insert.setObject(1, request.id());
            insert.setObject(2, request.server().value());
            insert.setString(3, request.code().value());
            insert.setInt(4, request.total());
            insert.setLong(5, request.sequence());
            insert.setString(6, request.machineId());
            insert.setBytes(7, file);
            insert.setString(8, request.sha256());
            insert.setString(9, request.contents());
            insert.setObject(10, timestamptz(request.madeAt()));
            insert.setString(11, request.madeBy());
            insert.setString(12, request.state().wireName());
            return insert.executeUpdate();
        });
    }

    @Override
    public Optional<ActivationRequest> find(UUID id) {
        return read("where id = ?", select -> select.setObject(1, id)).stream().findFirst();
    }

    @Override
    public Optional<ActivationRequest> findForChange(UUID id) {
        return read("where id = ? for no key update", select -> select.setObject(1, id)).stream()
                .findFirst();
    }

    @Override
    public Optional<ActivationRequest> live(ServerId server, ActivationCode code) {
        return read("""
                where server_id = ? and activation_code = ? and state in ('open', 'answered', 'applying')
                for no key update
                """, select -> {
                    select.setObject(1, server.value());
                    select.setString(2, code.value());
                })
                .stream()
                .findFirst();
    }

    @Override
    public List<ActivationRequest> page(@Nullable ServerId server, @Nullable Position after, int limit) {
        return read("""
                where (?::uuid is null or server_id = ?) and (?::timestamptz is null or (made_at, id) < (?, ?))
                order by made_at desc, id desc limit ?
                """, select -> {
            @Nullable UUID of = server == null ? null : server.value();
            select.setObject(1, of);
            select.setObject(2, of);
            if (after == null) {
                select.setNull(3, Types.TIMESTAMP_WITH_TIMEZONE);
                select.setNull(4, Types.TIMESTAMP_WITH_TIMEZONE);
                select.setNull(5, Types.OTHER);
            } else {
                select.setObject(3, timestamptz(after.madeAt()));
                select.setObject(4, timestamptz(after.madeAt()));
                select.setObject(5, after.id());
            }
            select.setInt(6, limit);
        });
    }

    @Override
    public Map<ActivationCode, Integer> askedFor(Collection<ActivationCode> codes) {
        if (codes.isEmpty()) {
            return Map.of();
        }
        return jdbc.prepareStatement("""
                select r.activation_code, sum(greatest(r.total - coalesce(a.total - a.going_back, 0), 0)) as more
                from activation_request r left join activation a using (server_id, activation_code)
                where r.state in ('open', 'answered', 'applying') and r.activation_code = any(?)
                group by r.activation_code
                """, select -> {
            select.setArray(
                    1,
                    select.getConnection()
                            .createArrayOf(
                                    "text",
                                    codes.stream().map(ActivationCode::value).toArray()));
            try (var rows = select.executeQuery()) {
                var more = new HashMap<ActivationCode, Integer>();
                while (rows.next()) {
                    more.put(new ActivationCode(rows.getString(1)), rows.getInt(2));
                }
                return more;
            }
        });
    }

    @Override
    public byte[] file(UUID id) {
        return jdbc.prepareStatement("select file from activation_request where id = ?", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getBytes(1);
            }
        });
    }

    @Override
    public Optional<byte[]> response(UUID id) {
        return jdbc.prepareStatement(
                "select response from activation_request where id = ? and response is not null", select -> {
                    select.setObject(1, id);
                    try (var rows = select.executeQuery()) {
                        return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
                    }
                });
    }

    @Override
    public Optional<String> responseContents(UUID id) {
        return jdbc.prepareStatement(
                "select response_contents from activation_request where id = ? and response is not null", select -> {
                    select.setObject(1, id);
                    try (var rows = select.executeQuery()) {
                        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                    }
                });
    }

    @Override
    public void answered(UUID id, byte[] response, String sha256, String contents, CapabilityResponse read) {
        jdbc.prepareStatement("""
                update activation_request set state = 'answered', response = ?, response_sha256 = ?,
                    response_contents = ?, response_expires_at = ?
                where id = ? and state in ('open', 'answered')
                """, update -> {
            update.setBytes(1, response);
            update.setString(2, sha256);
            update.setString(3, contents);
            update.setObject(4, timestamptz(read.expiresAt()));
            update.setObject(5, id);
            return update.executeUpdate();
        });
    }

    @Override
    public void reopen(UUID id) {
        jdbc.prepareStatement("""
                update activation_request set state = 'open', response = null, response_sha256 = null,
                    response_contents = null, response_expires_at = null
                where id = ? and state in ('answered', 'applying')
                """, update -> {
            update.setObject(1, id);
            return update.executeUpdate();
        });
    }

    @Override
    public void applying(UUID id) {
        jdbc.prepareStatement(
                "update activation_request set state = 'applying' where id = ? and state = 'answered'", update -> {
                    update.setObject(1, id);
                    return update.executeUpdate();
                });
    }

    @Override
    public void notApplied(UUID id) {
        jdbc.prepareStatement(
                "update activation_request set state = 'answered' where id = ? and state = 'applying'", update -> {
                    update.setObject(1, id);
                    return update.executeUpdate();
                });
    }

    @Override
    public long nextSequence(ServerId server) {
        jdbc.prepareStatement("select 1 from license_server where id = ? for no key update", select -> {
            select.setObject(1, server.value());
            return select.execute();
        });
        return jdbc.prepareStatement(
                "select coalesce(max(sequence), 0) + 1 from activation_request where server_id = ?", select -> {
                    select.setObject(1, server.value());
                    try (var rows = select.executeQuery()) {
                        rows.next();
                        return rows.getLong(1);
                    }
                });
    }

    @Override
    public void applied(UUID id, Instant at, String by) {
        close(id, State.APPLIED, at, by);
    }

    @Override
    public void superseded(UUID id, Instant at, String by) {
        close(id, State.SUPERSEDED, at, by);
    }

    private void close(UUID id, State state, Instant at, String by) {
        jdbc.prepareStatement(
                "update activation_request set state = ?, closed_at = ?, closed_by = ? where id = ?", update -> {
                    update.setString(1, state.wireName());
                    update.setObject(2, timestamptz(at));
                    update.setString(3, by);
                    update.setObject(4, id);
                    return update.executeUpdate();
                });
    }

    @Override
    public void trace(UUID id, CustodyEntry entry) {
        jdbc.prepareStatement("""
                insert into custody (request_id, at, actor, act, sha256, bytes, detail) values (?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            insert.setObject(1, id);
            insert.setObject(2, timestamptz(entry.at()));
            insert.setString(3, entry.actor());
            insert.setString(4, entry.act().wireName());
            insert.setString(5, entry.sha256());
            insert.setObject(6, entry.bytes());
            insert.setString(7, entry.detail());
            return insert.executeUpdate();
        });
    }

    @Override
    public List<CustodyEntry> custody(UUID id) {
        return jdbc.prepareStatement("select * from custody where request_id = ? order by n", select -> {
            select.setObject(1, id);
            try (var rows = select.executeQuery()) {
                return Columns.list(
                        rows,
                        row -> new CustodyEntry(
                                instant(row, "at"),
                                row.getString("actor"),
                                Act.valueOf(row.getString("act").toUpperCase(Locale.ROOT)),
                                row.getString("sha256"),
                                row.getObject("bytes", Long.class),
                                row.getString("detail")));
            }
        });
    }

    private List<ActivationRequest> read(String where, Parameters parameters) {
        return jdbc.prepareStatement("select " + COLUMNS + " from activation_request " + where, select -> {
            parameters.set(select);
            try (var rows = select.executeQuery()) {
                return Columns.list(rows, JdbcActivationRequests::request);
            }
        });
    }

    private static ActivationRequest request(ResultSet row) throws SQLException {
        return new ActivationRequest(
                row.getObject("id", UUID.class),
                new ServerId(row.getObject("server_id", UUID.class)),
                new ActivationCode(row.getString("activation_code")),
                row.getInt("total"),
                row.getLong("sequence"),
                row.getString("machine_id"),
                row.getString("sha256"),
                row.getString("contents"),
                instant(row, "made_at"),
                row.getString("made_by"),
                State.ofWireName(row.getString("state")),
                row.getString("response_sha256"),
                instantOrNull(row, "response_expires_at"),
                instantOrNull(row, "closed_at"),
                row.getString("closed_by"));
    }

    private interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }
}
