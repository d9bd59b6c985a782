package dev.interlock.inventory.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.list;
import static dev.interlock.platform.jdbc.Columns.timestamptz;
import static dev.interlock.platform.jdbc.Columns.timestamptzOrNull;

import dev.interlock.inventory.app.ProbeQueue;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The probing columns of {@code host}. A claim is a lease; {@code probe_started_at} tells one claim from the next. */
@Singleton
class JdbcProbeQueue implements ProbeQueue {

    private final JdbcOperations jdbc;

    JdbcProbeQueue(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional
    public void request(UUID host, Instant now, boolean updates) {
        jdbc.prepareStatement("""
                update host set probe_at = least(probe_at, ?), probe_requested_at = ?, updates_wanted = updates_wanted or ?
                where id = ? and status <> 'retired'
                """, update -> {
            update.setObject(1, timestamptz(now));
            update.setObject(2, timestamptz(now));
            update.setBoolean(3, updates);
            update.setObject(4, host);
            return update.executeUpdate();
        });
    }

    @Override
    @Transactional
    public List<Claim> claim(Instant now, Instant leaseUntil, int most) {
        return jdbc.prepareStatement("""
                with due as (
                    select id, updates_wanted as wanted from host
                    where probe_at <= ? and (probe_lease_until is null or probe_lease_until <= ?)
                    order by probe_at limit ? for no key update skip locked)
                update host h set probe_lease_until = ?, probe_started_at = ?, updates_wanted = false
                from due where h.id = due.id
                returning h.*, due.wanted
                """, update -> {
            update.setObject(1, timestamptz(now));
            update.setObject(2, timestamptz(now));
            update.setInt(3, most);
            update.setObject(4, timestamptz(leaseUntil));
            update.setObject(5, timestamptz(now));
            return list(
                    update,
                    row -> new Claim(JdbcHosts.host(row), row.getBoolean("wanted"), instant(row, "probe_started_at")));
        });
    }

    @Override
    @Transactional
    public void done(UUID host, Instant startedAt, Instant now, @Nullable Instant next) {
        jdbc.prepareStatement("""
                update host set probe_lease_until = null, probed_at = ?,
                    probe_at = case when status = 'retired' then null
                        when probe_requested_at > probe_started_at then probe_requested_at else ?::timestamptz end
                where id = ? and probe_started_at = ?
                """, update -> {
            update.setObject(1, timestamptz(now));
            update.setObject(2, timestamptzOrNull(next));
            update.setObject(3, host);
            update.setObject(4, timestamptz(startedAt));
            return update.executeUpdate();
        });
    }

    @Override
    @Transactional
    public void giveBack(UUID host, Instant startedAt, Instant again) {
        jdbc.prepareStatement("""
                update host set probe_lease_until = null, probe_at = case when status = 'retired' then null else ?::timestamptz end
                where id = ? and probe_started_at = ? and probe_lease_until is not null
                """, update -> {
            update.setObject(1, timestamptz(again));
            update.setObject(2, host);
            update.setObject(3, timestamptz(startedAt));
            return update.executeUpdate();
        });
    }
}
