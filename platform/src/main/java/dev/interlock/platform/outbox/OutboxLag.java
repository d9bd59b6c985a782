package dev.interlock.platform.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many events wait for Kafka, and for how long. Measured by every instance, whether its relay is active or not. */
@Context
@Requires(beans = {DataSource.class, MeterRegistry.class})
class OutboxLag {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxLag.class);

    private final TransactionOperations<Connection> transactions;
    private final Clock clock;
    private volatile double rows = Double.NaN;
    private volatile @Nullable Instant oldest;

    OutboxLag(TransactionOperations<Connection> transactions, Clock clock, MeterRegistry meters) {
        this.transactions = transactions;
        this.clock = clock;
        Gauge.builder("interlock.outbox.rows", () -> rows)
                .description("events that wait in the outbox")
                .register(meters);
        Gauge.builder("interlock.outbox.age", this::ageSeconds)
                .description("how long the oldest event has waited in the outbox")
                .baseUnit("seconds")
                .register(meters);
    }

    @Scheduled(initialDelay = "1s", fixedDelay = "${interlock.metrics.interval:10s}")
    void measure() {
        try {
            transactions.executeRead(status -> {
                try (Statement statement = status.getConnection().createStatement();
                        ResultSet row = statement.executeQuery("SELECT count(*), min(occurred_at) FROM outbox")) {
                    row.next();
                    var first = row.getTimestamp(2);
                    rows = row.getLong(1);
                    oldest = first == null ? null : first.toInstant();
                }
                return rows;
            });
        } catch (RuntimeException e) {
            rows = Double.NaN;
            LOG.debug("cannot measure the outbox: {}", e.getMessage());
        }
    }

    private double ageSeconds() {
        if (Double.isNaN(rows)) {
            return Double.NaN;
        }
        var since = oldest;
        return since == null ? 0 : Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }
}
