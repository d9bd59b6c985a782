package dev.interlock.platform.messaging;

import static java.util.stream.Collectors.toMap;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The dead letter topics of this service. A letter is pending until the group {@code <consumer>.replay} has committed past it:
 * it then had its effect, or stands again, with its new reason, at the end.
 */
@Singleton
@Requires(beans = {KafkaClients.class, Topics.class})
class DeadLetters {

    private static final ScopedValue<Boolean> REPLAYING = ScopedValue.newInstance();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int SEND_SECONDS = 10;

    private final KafkaClients kafka;
    private final Topics topics;
    private final TopicSettings settings;
    private final String consumer;
    private final Set<String> ensured = ConcurrentHashMap.newKeySet();
    private @Nullable Producer<String, byte[]> producer;

    DeadLetters(
            KafkaClients kafka,
            Topics topics,
            TopicSettings settings,
            @Property(name = "micronaut.application.name", defaultValue = "interlock") String application) {
        this.kafka = kafka;
        this.topics = topics;
        this.settings = settings;
        this.consumer = application;
    }

    static boolean isReplaying() {
        return REPLAYING.isBound();
    }

    /** Returns when Kafka has it; else throws, and the record must be delivered again. */
    void add(DeadLetter letter, ConsumerRecord<String, byte[]> record) {
        var topic = letter.deadLetterTopic();
        if (!ensured.contains(topic)) {
            topics.ensure(topic, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"), settings.partitions());
            ensured.add(topic);
        }
        try {
            producer()
                    .send(letter.write(record.key(), record.value(), record.headers()))
                    .get(SEND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("cannot write a dead letter", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /** The dead letter topics that there are. */
    Set<String> topics() {
        var all = new TreeSet<String>();
        for (String topic : Topics.get(kafka.admin().listTopics().names())) {
            if (topic.endsWith("." + consumer + ".dlt")) {
                all.add(topic);
            }
        }
        return all;
    }

    /** How many letters are pending on each topic. */
    Map<String, Long> pending() {
        var pending = new ConcurrentHashMap<String, Long>();
        var topics = topics();
        if (topics.isEmpty()) {
            return pending;
        }
        try (var reader = kafka.reader(group())) {
            for (String topic : topics) {
                var partitions = partitions(reader, topic);
                var from = from(reader, partitions);
                long sum = reader.endOffsets(partitions).entrySet().stream()
                        .mapToLong(end -> Math.max(0, end.getValue() - from.getOrDefault(end.getKey(), 0L)))
                        .sum();
                pending.put(topic, sum);
            }
        }
        return pending;
    }

    /** The pending letters, oldest first in each partition. */
    List<DeadLetter> list(String topic, int limit) {
        var letters = new ArrayList<DeadLetter>();
        try (var reader = kafka.reader(group())) {
            eachPending(reader, topic, limit, (partition, dead) -> letters.add(DeadLetter.read(dead)));
        }
        return letters;
    }

    record Replay(int delivered, int failed) {}

    /**
     * Gives every pending letter of a topic to the handler again.
     *
     * @param handler the listener's method; {@link KafkaDeliveries} turns a renewed failure into {@link
     *     KafkaDeliveries.DeadAgain}
     * @throws DeliveryPostponed if the surroundings fail; what has been done till then is done
     */
    Replay replay(String topic, java.util.function.Consumer<ConsumerRecord<String, byte[]>> handler) {
        var delivered = new ArrayList<DeadLetter>();
        var failed = new ArrayList<DeadLetter>();
        try (var reader = kafka.reader(group())) {
            eachPending(reader, topic, Integer.MAX_VALUE, (partition, dead) -> {
                var letter = DeadLetter.read(dead);
                try {
                    ScopedValue.where(REPLAYING, true).run(() -> handler.accept(letter.original(dead)));
                    delivered.add(letter);
                } catch (KafkaDeliveries.DeadAgain again) {
                    add(letter.afterMoreAttempts(again.letter().attempts(), again.letter()), dead);
                    failed.add(letter);
                }
                reader.commitSync(Map.of(partition, new OffsetAndMetadata(dead.offset() + 1)));
            });
        }
        return new Replay(delivered.size(), failed.size());
    }

    /** Up to what is there now: letters that come meanwhile are for the next time. */
    private void eachPending(
            Consumer<String, byte[]> reader,
            String topic,
            int limit,
            BiConsumer<TopicPartition, ConsumerRecord<String, byte[]>> each) {
        var partitions = partitions(reader, topic);
        reader.assign(partitions);
        var left = new java.util.HashMap<>(reader.endOffsets(partitions));
        from(reader, partitions).forEach(reader::seek);
        left.entrySet().removeIf(end -> reader.position(end.getKey()) >= end.getValue());
        int seen = 0;
        while (!left.isEmpty()) {
            for (var dead : reader.poll(POLL)) {
                var partition = new TopicPartition(dead.topic(), dead.partition());
                var end = left.get(partition);
                if (end == null || dead.offset() >= end) {
                    continue;
                }
                each.accept(partition, dead);
                if (++seen >= limit) {
                    return;
                }
            }
            left.entrySet().removeIf(end -> reader.position(end.getKey()) >= end.getValue());
        }
    }

    private static List<TopicPartition> partitions(Consumer<?, ?> reader, String topic) {
        return reader.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private static Map<TopicPartition, Long> from(Consumer<?, ?> reader, List<TopicPartition> partitions) {
        var beginnings = reader.beginningOffsets(partitions);
        var committed = reader.committed(Set.copyOf(partitions));
        return beginnings.entrySet().stream().collect(toMap(Map.Entry::getKey, beginning -> {
            var done = committed.get(beginning.getKey());
            return done == null ? beginning.getValue() : Math.max(beginning.getValue(), done.offset());
        }));
    }

    String group() {
        return consumer + ".replay";
    }

    String consumer() {
        return consumer;
    }

    private synchronized Producer<String, byte[]> producer() {
        if (producer == null) {
            producer = kafka.promptProducer("dead-letters");
        }
        return producer;
    }

    @PreDestroy
    synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(2));
        }
    }
}
