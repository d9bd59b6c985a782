package dev.interlock.platform.outbox;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.interlock.platform.messaging.CloudEventRecords;
import dev.interlock.platform.messaging.KafkaClients;
import dev.interlock.platform.messaging.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the outbox into Kafka. Of all instances of a service one relay is active at a time, the one that holds an advisory
 * lock. It reads a batch in the order of the sequence numbers, sends it through one idempotent producer, waits until Kafka has
 * all of it, deletes it, and reads the next: per key nothing overtakes, and nothing is deleted that Kafka does not have. If
 * anything fails it begins again with the rows that are still there; consumers know an event that comes twice by its id.
 *
 * <p>When the outbox is empty the relay sleeps until an insert notifies it, or for the poll interval at most.
 */
@Singleton
@Requires(beans = {DataSource.class, KafkaClients.class, Topics.class})
@Requires(property = "interlock.outbox.relay.enabled", notEquals = "false")
class OutboxRelay {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);

    /** A wait is cut into such pieces, between which the relay looks whether it must stop or has lost PostgreSQL. */
    private static final Duration PIECE = Duration.ofMillis(500);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_WAIT = Duration.ofSeconds(5);

    /** From so many rows at once on, the next insert need not wake the relay: it will look anyway. */
    private static final int BUSY = 32;

    private final OutboxSettings.Relay settings;
    private final KafkaClients kafka;
    private final Topics topics;
    private final String url;
    private final String user;
    private final String password;
    private final String name;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final @Nullable Counter published;
    private volatile boolean active;
    private @Nullable Thread thread;

    OutboxRelay(
            OutboxSettings settings,
            KafkaClients kafka,
            Topics topics,
            @Nullable MeterRegistry meters,
            @Property(name = "datasources.default.url") String url,
            @Property(name = "datasources.default.username", defaultValue = "") String user,
            @Property(name = "datasources.default.password", defaultValue = "") String password,
            @Property(name = "micronaut.application.name", defaultValue = "interlock") String application) {
        this.settings = settings.relay();
        this.kafka = kafka;
        this.topics = topics;
        this.url = url;
        this.user = user;
        this.password = password;
        this.name = application + "-outbox-relay";
        if (meters == null) {
            this.published = null;
        } else {
            this.published = Counter.builder("interlock.outbox.published")
                    .description("events brought from the outbox to Kafka by this instance")
                    .register(meters);
            Gauge.builder("interlock.outbox.relay.active", () -> active ? 1 : 0)
                    .description("1 if this instance's relay is the active one")
                    .register(meters);
        }
    }

    @EventListener
    synchronized void onStartup(StartupEvent event) {
        if (thread == null) {
            thread = Thread.ofPlatform().name(name).daemon().start(this::run);
        }
    }

    /** Lets the batch that is on its way arrive, then lets go of the lock. */
    @EventListener
    void onShutdown(ShutdownEvent event) {
        stop();
    }

    @PreDestroy
    void stop() {
        stopping.countDown();
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null && running.isAlive()) {
            try {
                if (!running.join(STOP_WAIT.plusSeconds(2))) {
                    running.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        var pause = FIRST_PAUSE;
        boolean failing = false;
        while (!isStopping()) {
            try (var database = RelayConnection.open(url, user, password, name)) {
                if (!awaitTurn(database)) {
                    return;
                }
                var producer = kafka.orderedProducer("outbox-relay");
                try {
                    active = true;
                    LOG.info("{} is active", name);
                    if (failing) {
                        // only one that has got a batch through is well again
                        relayOneBatch(database, producer);
                        failing = false;
                        pause = FIRST_PAUSE;
                    }
                    relay(database, producer);
                } finally {
                    active = false;
                    // what is not acknowledged must not be sent any more: the next relay sends it
                    producer.close(Duration.ZERO);
                }
            } catch (SQLException | KafkaException | NotAcknowledged e) {
                LOG.warn("{} begins again in {} ms: {}", name, pause.toMillis(), e.getMessage());
                failing = true;
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("{} begins again in {} ms", name, LONGEST_PAUSE.toMillis(), e);
                failing = true;
                pause(LONGEST_PAUSE);
            }
        }
    }

    private boolean awaitTurn(RelayConnection database) throws SQLException, InterruptedException {
        while (!database.tryLead()) {
            if (stopping.await(settings.pollInterval().toNanos(), NANOSECONDS)) {
                return false;
            }
        }
        database.listen();
        while (!topics.awaitReady(PIECE)) {
            if (isStopping()) {
                return false;
            }
        }
        return true;
    }

    private void relay(RelayConnection database, Producer<String, byte[]> producer)
            throws SQLException, InterruptedException, NotAcknowledged {
        while (!isStopping()) {
            int relayed = relayOneBatch(database, producer);
            if (relayed >= BUSY) {
                database.wakeUp();
            } else if (relayed == 0) {
                boolean wasAsleep = database.isAsleep();
                if (!database.fallAsleep()) {
                    stopping.await(50, MILLISECONDS);
                } else if (wasAsleep) {
                    sleep(database);
                }
                // else: look once more, now that nothing can come unnoticed
            }
        }
    }

    private void sleep(RelayConnection database) throws SQLException {
        long until = System.nanoTime() + settings.pollInterval().toNanos();
        while (!isStopping()) {
            var left = Duration.ofNanos(until - System.nanoTime());
            if (left.isNegative()
                    || left.isZero()
                    || database.awaitNotification(left.compareTo(PIECE) < 0 ? left : PIECE)) {
                return;
            }
        }
    }

    private int relayOneBatch(RelayConnection database, Producer<String, byte[]> producer)
            throws SQLException, InterruptedException, NotAcknowledged {
        var rows = database.first(settings.batch());
        if (rows.isEmpty()) {
            return 0;
        }
        var sent = new ArrayList<Future<RecordMetadata>>(rows.size());
        for (var waiting : rows) {
            sent.add(producer.send(record(waiting.row())));
        }
        awaitAll(sent, database);
        database.delete(rows);
        if (published != null) {
            published.increment(rows.size());
        }
        return rows.size();
    }

    private void awaitAll(List<Future<RecordMetadata>> sent, RelayConnection database)
            throws InterruptedException, SQLException, NotAcknowledged {
        long stopBy = 0;
        for (var each : sent) {
            while (true) {
                try {
                    each.get(PIECE.toNanos(), NANOSECONDS);
                    break;
                } catch (ExecutionException e) {
                    throw new NotAcknowledged(String.valueOf(e.getCause()), e.getCause());
                } catch (TimeoutException e) {
                    // without the lock another relay may be at it: it, not this one, must send what is not acknowledged
                    if (!database.jdbc().isValid(5)) {
                        throw new NotAcknowledged("PostgreSQL has gone while Kafka was to acknowledge", e);
                    }
                    if (isStopping()) {
                        stopBy = stopBy == 0 ? System.nanoTime() + STOP_WAIT.toNanos() : stopBy;
                        if (System.nanoTime() > stopBy) {
                            throw new NotAcknowledged("stopped while Kafka was to acknowledge", e);
                        }
                    }
                }
            }
        }
    }

    private static ProducerRecord<String, byte[]> record(OutboxRow row) {
        return CloudEventRecords.write(
                row.topic(),
                row.key(),
                row.id(),
                row.type(),
                row.source(),
                row.occurredAt(),
                row.dataschema(),
                row.traceparent(),
                row.payload() == null ? null : row.payload().getBytes(StandardCharsets.UTF_8));
    }

    boolean isActive() {
        return active;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void pause(Duration pause) {
        try {
            if (stopping.await(pause.toNanos(), NANOSECONDS)) {
                LOG.debug("{} stops while it waits to begin again", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class NotAcknowledged extends Exception {

        private static final long serialVersionUID = 1L;

        NotAcknowledged(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
