package dev.interlock.platform.probe;

import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.InventoryEvent.HostRetired;
import dev.interlock.platform.messaging.CloudEventRecords;
import dev.interlock.platform.service.ServiceRunner;
import dev.interlock.testkit.Infrastructure;
import dev.interlock.testkit.ServiceUnderTest;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One or more instances of the probe, on a database and a topic of their own. */
public final class Probe {

    private Probe() {}

    /** The properties of a probe that shares nothing with any other. */
    public static Map<String, Object> fresh(Infrastructure servers) {
        var name = "probe_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        var topic = "test." + name;
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        var properties = new HashMap<String, Object>(ServiceUnderTest.properties("probe", servers, name));
        properties.put("micronaut.application.name", name);
        properties.put("probe.group", name);
        properties.put("probe.topic", topic);
        return properties;
    }

    public static ApplicationContext start(Map<String, Object> properties) {
        return ServiceRunner.start("probe", Probe.class, properties);
    }

    public static Map<String, Object> with(Map<String, Object> properties, Object... more) {
        var all = new HashMap<>(properties);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i].toString(), more[i + 1]);
        }
        return all;
    }

    public static <T> T inTransaction(ApplicationContext service, Function<Connection, T> work) {
        return transactions(service).executeWrite(status -> work.apply(status.getConnection()));
    }

    @SuppressWarnings("unchecked")
    public static TransactionOperations<Connection> transactions(ApplicationContext service) {
        return service.getBean(TransactionOperations.class);
    }

    /** An event of the probe's topic. */
    public static HostRetired told(UUID host, String what) {
        return new HostRetired(host, "host", what, "test");
    }

    public static void send(Infrastructure servers, Map<String, Object> properties, Consumer<Sender> sending) {
        var config = new Properties();
        config.put("bootstrap.servers", servers.bootstrapServers());
        config.put("enable.idempotence", true);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            sending.accept(new Sender(producer, String.valueOf(properties.get("probe.topic"))));
            producer.flush();
        }
    }

    /** Writes to the probe's topic as another service's relay would. */
    public record Sender(KafkaProducer<String, byte[]> producer, String topic) {

        public void event(UUID host, String what) {
            event(UUID.randomUUID(), host, what);
        }

        public void event(UUID id, UUID host, String what) {
            var codec = new dev.interlock.contracts.EventCodec();
            InventoryEvent event = told(host, what);
            raw(CloudEventRecords.write(
                    topic,
                    host.toString(),
                    id,
                    codec.type(event),
                    "/interlock/test",
                    Instant.parse("2026-03-01T10:00:00Z"),
                    null,
                    null,
                    codec.toJson(event)));
        }

        public void garbage(String key) {
            raw(new ProducerRecord<>(topic, key, "not json".getBytes(StandardCharsets.UTF_8)));
        }

        public void raw(ProducerRecord<String, byte[]> record) {
            try {
                producer.send(record).get();
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
