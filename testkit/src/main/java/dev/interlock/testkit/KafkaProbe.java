package dev.interlock.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads topics as a stranger would: from the beginning, headers and all. */
public final class KafkaProbe {
    private final String bootstrapServers;

    public KafkaProbe(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Of the shared test infrastructure. */
    public static KafkaProbe shared() {
        return new KafkaProbe(TestInfrastructure.bootstrapServers());
    }

    /** @param value null for a tombstone */
    public record Message(
            String topic,
            int partition,
            long offset,
            @Nullable String key,
            @Nullable String value,
            Map<String, String> headers) {

        public String header(String name) {
            var found = headers.get(name);
            if (found == null) {
                throw new AssertionError("no header " + name + " in " + this);
            }
            return found;
        }
    }

    /** Everything now in the topic, in the order of each partition; empty if there is no such topic. */
    public List<Message> all(String topic) {
        var settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.listTopics(Duration.ofSeconds(20)).getOrDefault(topic, List.of()).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                return List.of();
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var messages = new ArrayList<Message>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (var r : consumer.poll(Duration.ofMillis(200))) {
                    var headers = new HashMap<String, String>();
                    r.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
                    var value = r.value() == null ? null : new String(r.value(), StandardCharsets.UTF_8);
                    messages.add(new Message(topic, r.partition(), r.offset(), r.key(), value, Map.copyOf(headers)));
                }
            }
            return messages;
        }
    }

    public List<Message> ofKey(String topic, String key) {
        return all(topic).stream().filter(m -> key.equals(m.key())).toList();
    }

    /** Waits up to 30 s until {@code count} messages that match are there, and returns all that match. */
    public List<Message> await(String topic, int count, Predicate<Message> matching) {
        return org.awaitility.Awaitility.await("messages in " + topic)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> all(topic).stream().filter(matching).toList(), found -> found.size() >= count);
    }

    public List<Message> await(String topic, int count) {
        return await(topic, count, message -> true);
    }
}
