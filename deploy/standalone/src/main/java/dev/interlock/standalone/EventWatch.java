package dev.interlock.standalone;

import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.UpgradeEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads all topics of the product from their beginning, as any consumer in the enterprise might. */
final class EventWatch implements AutoCloseable {
    /** CloudEvents 1.0 in binary mode demands these. */
    private static final List<String> HEADERS = List.of("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time");

    /**
     * @param type the event's own name, such as {@code HostDiscovered}
     * @param content null for a tombstone
     */
    record Seen(
            Channel channel,
            int partition,
            long offset,
            String key,
            String type,
            @Nullable Object content) {}

    private final KafkaConsumer<String, byte[]> consumer;
    private final EventCodec codec = new EventCodec();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<String> flaws = new CopyOnWriteArrayList<>();
    private final Consumer<Seen> listener;
    private final Thread thread;

    EventWatch(String bootstrapServers, Consumer<Seen> listener) {
        this.listener = listener;
        var settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        settings.put("fetch.max.wait.ms", "100");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = new ArrayList<TopicPartition>();
        for (var channel : Channel.values()) {
            consumer.partitionsFor(channel.topic(), Duration.ofSeconds(20))
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread = Thread.ofPlatform().daemon().name("event-watch").start(this::read);
    }

    private void read() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    take(record);
                }
            }
        } catch (WakeupException told) {
            // the end
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        var channel = Arrays.stream(Channel.values())
                .filter(c -> c.topic().equals(record.topic()))
                .findFirst()
                .orElseThrow();
        for (var header : HEADERS) {
            if (record.headers().lastHeader(header) == null) {
                flaws.add(record.topic() + "/" + record.partition() + "@" + record.offset() + " has no " + header);
                return;
            }
        }
        var type = header(record, "ce_type");
        var subject = record.headers().lastHeader("ce_subject");
        if (subject == null || !new String(subject.value(), StandardCharsets.UTF_8).equals(record.key())) {
            flaws.add(type + " " + header(record, "ce_id") + ": ce_subject is not the key");
        }
        Object content = null;
        if (record.value() != null) {
            content = codec.parse(family(channel), type, record.value());
        }
        var words = type.split("\\.", -1);
        var event = new Seen(
                channel,
                record.partition(),
                record.offset(),
                record.key(),
                words.length > 1 ? words[words.length - 2] : type,
                content);
        seen.add(event);
        listener.accept(event);
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static Class<?> family(Channel channel) {
        return switch (channel) {
            case INVENTORY_EVENTS -> InventoryEvent.class;
            case INVENTORY_HOSTS -> HostState.class;
            case INVENTORY_DEPLOYMENTS -> DeploymentState.class;
            case LICENSE_EVENTS, LICENSE_SESSIONS -> LicenseEvent.class;
            case UPGRADE_EVENTS -> UpgradeEvent.class;
            case AGENT_EVENTS -> AgentEvent.class;
            case AGENT_AGENTS -> AgentState.class;
        };
    }

    /** In the order of arrival: that of each key, not one over all topics. */
    List<Seen> all() {
        return List.copyOf(seen);
    }

    <E> List<E> all(Class<E> kind) {
        return seen.stream()
                .map(Seen::content)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** What was wrong with records as CloudEvents. */
    List<String> flaws() {
        return List.copyOf(flaws);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
