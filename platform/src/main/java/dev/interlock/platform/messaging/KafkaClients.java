package dev.interlock.platform.messaging;

import io.micronaut.configuration.kafka.config.KafkaDefaultConfiguration;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Makes the platform's own Kafka clients from the {@code kafka.*} properties (servers, TLS, SASL …). */
@Singleton
@Requires(beans = KafkaDefaultConfiguration.class)
public class KafkaClients {

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Properties common;
    private final String application;
    private @Nullable Admin admin;

    KafkaClients(
            KafkaDefaultConfiguration configuration,
            @Property(name = "micronaut.application.name", defaultValue = "interlock") String application) {
        this.common = configuration.getConfig();
        this.application = application;
    }

    /** For questions and topics; gives up after some seconds when no broker answers. Shared: never close it. */
    public synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(properties(
                    AdminClientConfig.configNames(),
                    Map.of(
                            AdminClientConfig.CLIENT_ID_CONFIG, application + "-admin",
                            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3000,
                            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000)));
        }
        return admin;
    }

    /**
     * A producer that keeps the order of each key and tries again for as long as it takes; what was sent and could not be
     * delivered is known only when it is closed.
     *
     * @param purpose becomes a part of the client id
     */
    public Producer<String, byte[]> orderedProducer(String purpose) {
        return new KafkaProducer<>(
                properties(
                        ProducerConfig.configNames(),
                        Map.of(
                                ProducerConfig.CLIENT_ID_CONFIG,
                                application + "-" + purpose,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                Integer.MAX_VALUE,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                10_000,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                10_000,
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                131_072)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** A producer that says within some seconds whether the record is safe. */
    public Producer<String, byte[]> promptProducer(String purpose) {
        return new KafkaProducer<>(
                properties(
                        ProducerConfig.configNames(),
                        Map.of(
                                ProducerConfig.CLIENT_ID_CONFIG, application + "-" + purpose,
                                ProducerConfig.ACKS_CONFIG, "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000,
                                ProducerConfig.LINGER_MS_CONFIG, 0,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** A consumer for partitions that are assigned by hand; commits only when told to. */
    public Consumer<String, byte[]> reader(String group) {
        return new KafkaConsumer<>(
                properties(
                        ConsumerConfig.configNames(),
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                application + "-reader",
                                ConsumerConfig.GROUP_ID_CONFIG,
                                group,
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                10_000)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private Properties properties(Set<String> known, Map<String, Object> own) {
        var properties = new Properties();
        common.forEach((name, value) -> {
            if (known.contains(name.toString())) {
                properties.put(name, value);
            }
        });
        properties.putAll(own);
        return properties;
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE);
            admin = null;
        }
    }
}
