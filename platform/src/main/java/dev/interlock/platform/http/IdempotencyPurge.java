package dev.interlock.platform.http;

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
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

/** Forgets answers that nobody asks for again. */
@Factory
@Requires(beans = DataSource.class)
final class IdempotencyPurge {

    @Singleton
    @Named("idempotency-purge")
    Task<?> idempotencyPurge(
            TransactionOperations<Connection> transactions,
            Clock clock,
            @Property(name = "interlock.http.idempotency.keep", defaultValue = "24h") Duration keep) {
        return Tasks.recurring("idempotency-purge", FixedDelay.of(Duration.ofHours(1)))
                .execute((instance, context) -> {
                    var limit = Timestamp.from(clock.instant().minus(keep));
                    var ignored = transactions.executeWrite(status -> {
                        try (var delete = status.getConnection()
                                .prepareStatement("DELETE FROM idempotency WHERE created_at < ?")) {
                            delete.setTimestamp(1, limit);
                            return delete.executeUpdate();
                        }
                    });
                });
    }
}
