package dev.interlock.platform.inbox;

import io.micronaut.context.annotation.Requires;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;

@Singleton
@Requires(beans = DataSource.class)
final class JdbcInbox implements Inbox {

    private static final String MARK =
            "INSERT INTO inbox (consumer, event_id, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    JdbcInbox(TransactionOperations<Connection> transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public boolean once(String consumer, UUID eventId, Runnable effect) {
        return transactions.executeWrite(status -> {
            // waits for a transaction that is marking the same event
            if (!mark(status.getConnection(), consumer, eventId)) {
                return false;
            }
            effect.run();
            return true;
        });
    }

    private boolean mark(Connection connection, String consumer, UUID eventId) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(MARK)) {
            insert.setString(1, consumer);
            insert.setObject(2, eventId);
            insert.setTimestamp(3, Timestamp.from(clock.instant()));
            return insert.executeUpdate() == 1;
        }
    }
}
