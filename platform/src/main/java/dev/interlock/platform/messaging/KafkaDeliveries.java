package dev.interlock.platform.messaging;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.interlock.contracts.EventCodec;
import dev.interlock.platform.inbox.Inbox;
import dev.interlock.platform.telemetry.TraceContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Singleton
@Requires(beans = {Inbox.class, DeadLetters.class})
class KafkaDeliveries implements Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeliveries.class);

    /** Then other partitions get their turn. */
    private static final int TRIES_IN_CONTENTION = 8;

    private final Inbox inbox;
    private final EventCodec codec;
    private final DeadLetters deadLetters;
    private final DeliverySettings settings;
    private final Clock clock;
    private final @Nullable MeterRegistry meters;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** The partitions that wait, and since when ({@link System#nanoTime}). */
    private final Map<TopicPartition, Long> waiting = new ConcurrentHashMap<>();

    KafkaDeliveries(
            Inbox inbox,
            EventCodec codec,
            DeadLetters deadLetters,
            DeliverySettings settings,
            Clock clock,
            @Nullable MeterRegistry meters) {
        this.inbox = inbox;
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public <E> void deliver(
            String consumer, ConsumerRecord<String, byte[]> record, Class<E> family, Consumer<Received<E>> handler) {
        if (stopping.getCount() == 0) {
            throw new DeliveryPostponed("the service stops", null);
        }
        Received<E> received;
        try {
            received = parse(record, family);
        } catch (RuntimeException e) {
            giveUp(consumer, record, e, 1);
            return;
        }
        int faults = 0;
        int contentions = 0;
        while (true) {
            try {
                boolean handled = TraceContext.continuing(received.traceparent())
                        .call(() -> inbox.once(consumer, received.id(), () -> handler.accept(received)));
                goesOn(record);
                count("interlock.deliveries", consumer, record, "outcome", handled ? "handled" : "seen");
                return;
            } catch (Throwable e) {
                switch (Transience.of(e)) {
                    case OUTAGE -> throw postponed(consumer, record, e);
                    case CONTENTION -> {
                        if (++contentions >= TRIES_IN_CONTENTION) {
                            throw postponed(consumer, record, e);
                        }
                        pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, 10L << contentions)), e);
                    }
                    case FAULT -> {
                        if (++faults >= settings.attempts()) {
                            giveUp(consumer, record, e, faults);
                            return;
                        }
                        LOG.warn(
                                "{} fails on {} of {} at {}/{} (attempt {} of {})",
                                consumer,
                                received.type(),
                                received.key(),
                                record.partition(),
                                record.offset(),
                                faults,
                                settings.attempts(),
                                e);
                        pause(settings.pause().multipliedBy(1L << (2 * (faults - 1))), e);
                    }
                }
            }
        }
    }

    private <E> Received<E> parse(ConsumerRecord<String, byte[]> record, Class<E> family) {
        var read = CloudEventRecords.read(record);
        var event = record.value() == null ? null : codec.parse(family, read.type(), record.value());
        return new Received<>(
                read.id(),
                read.key(),
                read.type(),
                read.time(),
                event,
                read.traceparent(),
                record.offset(),
                record.partition());
    }

    private void giveUp(String consumer, ConsumerRecord<String, byte[]> record, Throwable reason, int attempts) {
        var letter = DeadLetter.of(consumer, record, reason, attempts, clock.instant());
        if (DeadLetters.isReplaying()) {
            throw new DeadAgain(letter);
        }
        try {
            deadLetters.add(letter, record);
        } catch (RuntimeException e) {
            throw postponed(consumer, record, e);
        }
        goesOn(record);
        count("interlock.dead.letters", consumer, record, "reason", letter.error());
        LOG.error(
                "dead letter: {} gives up on {} at {}/{} of {} after {} attempts; it is on {}",
                consumer,
                letter.key(),
                record.partition(),
                record.offset(),
                record.topic(),
                attempts,
                letter.deadLetterTopic(),
                reason);
    }

    private DeliveryPostponed postponed(String consumer, ConsumerRecord<String, byte[]> record, Throwable reason) {
        var partition = new TopicPartition(record.topic(), record.partition());
        if (!DeadLetters.isReplaying() && waiting.putIfAbsent(partition, System.nanoTime()) == null) {
            LOG.warn("{} waits at {}/{}, and tries again: {}", consumer, partition, record.offset(), reason.toString());
        }
        count("interlock.deliveries", consumer, record, "outcome", "postponed");
        return new DeliveryPostponed(
                consumer + " cannot deal with " + partition + "/" + record.offset() + " now", reason);
    }

    private void goesOn(ConsumerRecord<String, byte[]> record) {
        if (waiting.isEmpty()) {
            return;
        }
        var partition = new TopicPartition(record.topic(), record.partition());
        var since = waiting.remove(partition);
        if (since != null) {
            LOG.info(
                    "{} goes on at {} after {} ms",
                    partition,
                    record.offset(),
                    Duration.ofNanos(System.nanoTime() - since).toMillis());
        }
    }

    private void pause(Duration pause, Throwable reason) {
        try {
            if (stopping.await(pause.toNanos(), NANOSECONDS)) {
                throw new DeliveryPostponed("the service stops", reason);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryPostponed("interrupted", reason);
        }
    }

    private void count(String name, String consumer, ConsumerRecord<?, ?> record, String tag, String value) {
        if (meters != null) {
            meters.counter(name, "consumer", consumer, "topic", record.topic(), tag, value)
                    .increment();
        }
    }

    /** No new work once the service begins to stop: what is left is delivered to another instance, or after the restart. */
    @EventListener
    void onShutdown(ShutdownEvent event) {
        stopping.countDown();
    }

    /** In a replay: failed as before. */
    static final class DeadAgain extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient DeadLetter letter;

        DeadAgain(DeadLetter letter) {
            super(letter.message());
            this.letter = letter;
        }

        DeadLetter letter() {
            return letter;
        }
    }
}
