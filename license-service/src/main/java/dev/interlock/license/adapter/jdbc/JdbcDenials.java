package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.jdbc.Columns.instant;
import static dev.interlock.platform.jdbc.Columns.timestamptz;

import dev.interlock.license.app.Denials;
import dev.interlock.license.domain.Denial;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.jdbc.Columns;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Rows of {@code denial_count}. */
@Singleton
@Connectable
class JdbcDenials implements Denials {
    private static final int SLOTS = 16;

    private final JdbcOperations jdbc;

    JdbcDenials(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void count(ServerId server, Denial reason, Instant at) {
        jdbc.prepareStatement("""
                insert into denial_count (hour, server_id, reason, slot, count) values (?, ?, ?, ?, 1)
                on conflict (hour, server_id, reason, slot) do update set count = denial_count.count + 1
                """, upsert -> {
            upsert.setObject(1, timestamptz(at.truncatedTo(ChronoUnit.HOURS)));
            upsert.setObject(2, server.value());
            upsert.setString(3, reason.wireName());
            upsert.setInt(4, ThreadLocalRandom.current().nextInt(SLOTS));
            return upsert.executeUpdate();
        });
    }

    @Override
    public List<Hour> since(Instant from, @Nullable ServerId server) {
        @Nullable UUID of = server == null ? null : server.value();
        return jdbc.prepareStatement("""
                select hour, server_id, reason, sum(count) as count from denial_count
                where hour >= ? and (?::uuid is null or server_id = ?)
                group by hour, server_id, reason order by hour, server_id, reason
                """, select -> {
            select.setObject(1, timestamptz(from));
            select.setObject(2, of);
            select.setObject(3, of);
            try (var rows = select.executeQuery()) {
                return Columns.list(
                        rows,
                        row -> new Hour(
                                instant(row, "hour"),
                                new ServerId(row.getObject("server_id", UUID.class)),
                                row.getString("reason"),
                                row.getLong("count")));
            }
        });
    }

    @Override
    public int forget(Instant before, int limit) {
        return jdbc.prepareStatement("""
                delete from denial_count where ctid in (select ctid from denial_count where hour < ? limit ?)
                """, delete -> {
            delete.setObject(1, timestamptz(before));
            delete.setInt(2, limit);
            return delete.executeUpdate();
        });
    }
}
