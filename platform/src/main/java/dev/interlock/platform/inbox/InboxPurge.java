package dev.interlock.platform.inbox;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets events so old that nobody delivers them again. The retention must outlast that of the topics: an event that is
 * delivered after it was forgotten has its effect twice.
 */
@Factory
@Requires(beans = DataSource.class)
final class InboxPurge {

    private static final Logger LOG = LoggerFactory.getLogger(InboxPurge.class);
    private static final int BATCH = 10_000;

    private static final String DELETE = """
            DELETE FROM inbox WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM inbox WHERE seen_at < ? LIMIT %d))
            """.formatted(BATCH);

    @Singleton
    @Named("inbox-purge")
    Task<?> inboxPurge(
            TransactionOperations<Connection> transactions,
            Clock clock,
            @Property(name = "interlock.inbox.retention", defaultValue = "60d") Duration retention,
            @Property(name = "interlock.inbox.purge-interval", defaultValue = "1h") Duration interval) {
        return Tasks.recurring("inbox-purge", FixedDelay.of(interval)).execute((instance, context) -> {
            var limit = Timestamp.from(clock.instant().minus(retention));
            long all = 0;
            int now;
            do {
                now = transactions.executeWrite(status -> {
                    try (PreparedStatement delete = status.getConnection().prepareStatement(DELETE)) {
                        delete.setTimestamp(1, limit);
                        return delete.executeUpdate();
                    }
                });
                all += now;
            } while (now == BATCH);
            if (all > 0) {
                LOG.info("forgot {} events seen before {}", all, limit.toInstant());
            }
        });
    }
}
