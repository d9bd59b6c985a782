package dev.interlock.platform.outbox;

import static dev.interlock.platform.probe.Probe.inTransaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.Event;
import dev.interlock.platform.probe.Probe;
import dev.interlock.testkit.Infrastructure;
import io.micronaut.context.ApplicationContext;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

abstract class OutboxTesting {

    Map<String, Object> properties = Map.of();
    private final List<ApplicationContext> running = new ArrayList<>();

    abstract Infrastructure servers();

    @BeforeEach
    void fresh() {
        properties = Probe.fresh(servers());
    }

    @AfterEach
    void close() {
        running.forEach(ApplicationContext::close);
    }

    ApplicationContext service(Object... more) {
        var service = Probe.start(Probe.with(properties, more));
        running.add(service);
        return service;
    }

    interface Trouble {
        void happens() throws Exception;
    }

    /** Writers go on, trying again what failed, while there is trouble; then each committed count must be there, in order. */
    void underLoad(Trouble trouble) throws Exception {
        var service = service("datasources.default.connection-timeout", 1000);
        var hosts = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        var stop = new AtomicBoolean();
        try (var workers = Executors.newFixedThreadPool(3)) {
            for (var host : hosts) {
                workers.execute(() -> {
                    while (!stop.get()) {
                        try {
                            announceCounted(service, host);
                        } catch (RuntimeException e) {
                            pause(100);
                        }
                    }
                });
            }
            pause(500);
            trouble.happens();
            pause(500);
            stop.set(true);
        }
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(waiting(service)).isZero());
        for (var host : hosts) {
            int committed = count(service, host);
            // a repetition is allowed, and known by its id; an event that comes late or never is not
            var firsts = new ArrayList<String>();
            var ids = new HashSet<String>();
            for (var record : read(Channel.INVENTORY_EVENTS, host)) {
                if (ids.add(headers(record).get("ce_id"))) {
                    firsts.add(reason(record));
                }
            }
            assertThat(committed).isGreaterThan(5);
            assertThat(firsts).hasSize(committed);
            assertThat(new LinkedHashSet<>(firsts)).hasSize(committed);
            for (int i = 0; i < committed; i++) {
                assertThat(firsts.get(i)).isEqualTo(Integer.toString(i + 1));
            }
        }
    }

    static void announce(ApplicationContext service, UUID host, String what) {
        inTransaction(service, connection -> {
            service.getBean(Outbox.class).add(Probe.told(host, what));
            return host;
        });
    }

    static void announceCounted(ApplicationContext service, UUID host) {
        inTransaction(service, connection -> {
            try (PreparedStatement count = connection.prepareStatement("""
                    INSERT INTO host (id, changes) VALUES (?, 1)
                    ON CONFLICT (id) DO UPDATE SET changes = host.changes + 1 RETURNING changes
                    """)) {
                count.setObject(1, host);
                var found = count.executeQuery();
                found.next();
                service.getBean(Outbox.class).add(Probe.told(host, Integer.toString(found.getInt(1))));
                return host;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static int count(ApplicationContext service, UUID host) {
        return inTransaction(
                service, connection -> one(connection, "SELECT changes FROM host WHERE id = '" + host + "'"));
    }

    static int waiting(ApplicationContext service) {
        return inTransaction(service, connection -> one(connection, "SELECT count(*) FROM outbox"));
    }

    static int one(Connection connection, String sql) {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean active(ApplicationContext service) {
        return service.getBean(OutboxRelay.class).isActive();
    }

    List<String> reasons(UUID host) {
        return read(Channel.INVENTORY_EVENTS, host).stream()
                .map(OutboxTesting::reason)
                .toList();
    }

    static String reason(ConsumerRecord<String, byte[]> record) {
        var parsed = new dev.interlock.contracts.EventCodec()
                .parse(
                        dev.interlock.contracts.InventoryEvent.class,
                        String.valueOf(headers(record).get("ce_type")),
                        record.value());
        return ((dev.interlock.contracts.InventoryEvent.HostRetired) (Event) parsed).reason();
    }

    static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    /** All records of a key, in the order of the partition. */
    List<ConsumerRecord<String, byte[]>> read(Channel channel, UUID key) {
        var config = new Properties();
        config.put("bootstrap.servers", servers().bootstrapServers());
        config.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(channel.topic()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var found = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (key.toString().equals(record.key())) {
                        found.add(record);
                    }
                });
            }
            return found;
        }
    }

    void sql(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        servers().jdbcUrl("postgres"),
                        servers().username(),
                        servers().password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
