package dev.interlock.platform.outbox;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.Event;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.Published;
import dev.interlock.contracts.StateRecord;
import dev.interlock.platform.telemetry.TraceContext;
import dev.interlock.platform.time.TimeOrderedId;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.TransactionStatus;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a transaction announces and writes it in one statement just before the commit. That late, because the
 * statement locks the aggregates it speaks of until the commit (see {@link OutboxTable#insert}): taken earlier, two
 * transactions could wait for each other.
 */
@Singleton
@Requires(beans = DataSource.class)
final class JdbcOutbox implements Outbox {

    private static final String TOMBSTONE = "dev.interlock.tombstone.v1";

    private final TransactionOperations<Connection> transactions;
    private final EventCodec codec;
    private final Clock clock;
    private final OutboxSettings settings;
    private final String service;
    private final boolean knownService;
    private final Map<Connection, List<OutboxRow>> pending = new ConcurrentHashMap<>();

    JdbcOutbox(
            TransactionOperations<Connection> transactions,
            EventCodec codec,
            Clock clock,
            OutboxSettings settings,
            @Property(name = "interlock.service", defaultValue = "") String service) {
        this.transactions = transactions;
        this.codec = codec;
        this.clock = clock;
        this.settings = settings;
        this.service = service;
        this.knownService = Arrays.stream(Channel.values())
                .anyMatch(channel -> channel.domain().equals(service));
    }

    @Override
    public void add(Event event) {
        put(event);
    }

    @Override
    public void state(StateRecord state) {
        put(state);
    }

    @Override
    public void tombstone(Channel channel, String key) {
        if (!channel.compacted()) {
            throw new IllegalArgumentException(channel.topic() + " is not compacted: a tombstone means nothing there");
        }
        put(channel, key, TOMBSTONE, null);
    }

    private void put(Published published) {
        byte[] json = codec.toJson(published);
        if (json.length > settings.maxEventBytes()) {
            throw new IllegalArgumentException("a " + published.getClass().getSimpleName() + " of " + json.length
                    + " bytes is more than the " + settings.maxEventBytes() + " of interlock.outbox.max-event-bytes");
        }
        put(published.channel(), published.key(), codec.type(published), new String(json, StandardCharsets.UTF_8));
    }

    private void put(Channel channel, String key, String type, @Nullable String payload) {
        if (knownService && !channel.domain().equals(service)) {
            throw new IllegalArgumentException("only " + channel.service() + " writes to " + channel.topic());
        }
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a " + type + " without a key");
        }
        var transaction = currentTransaction();
        var now = clock.instant();
        var row = new OutboxRow(
                TimeOrderedId.at(now),
                channel.topic(),
                key,
                type,
                payload,
                now,
                channel.source(),
                payload == null ? null : codec.schema(type),
                TraceContext.currentTraceparent());
        if (transaction.getTransactionDefinition().getPropagationBehavior()
                == TransactionDefinition.Propagation.NESTED) {
            // must go with its savepoint
            insert(transaction.getConnection(), List.of(row));
            return;
        }
        pending.computeIfAbsent(transaction.getConnection(), connection -> {
                    transaction.registerSynchronization(new AtCommit(connection));
                    return new ArrayList<>();
                })
                .add(row);
    }

    @SuppressWarnings("unchecked")
    private TransactionStatus<Connection> currentTransaction() {
        var status = (TransactionStatus<Connection>) transactions
                .findTransactionStatus()
                .orElseThrow(
                        () -> new IllegalStateException("an event is announced in a transaction, or it may be lost"));
        try {
            if (status.getConnection().getAutoCommit()) {
                throw new IllegalStateException("an event is announced in a transaction, or it may be lost");
            }
        } catch (SQLException e) {
            throw new OutboxException("cannot use the connection", e);
        }
        return status;
    }

    private static void insert(Connection connection, List<OutboxRow> rows) {
        try {
            OutboxTable.insert(connection, rows);
        } catch (SQLException e) {
            throw new OutboxException("cannot write to the outbox", e);
        }
    }

    private final class AtCommit implements TransactionSynchronization {

        private final Connection connection;

        AtCommit(Connection connection) {
            this.connection = connection;
        }

        /** After whatever else happens before the commit, which may announce something too. */
        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            var rows = pending.remove(connection);
            if (rows != null) {
                insert(connection, rows);
            }
        }

        @Override
        public void afterCompletion(Status status) {
            pending.remove(connection);
        }
    }
}
