package dev.interlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TestInfrastructureTest {

    @Test
    void theSharedServersAnswerAndEachDatabaseIsMadeOnce() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (var connection = DriverManager.getConnection(
                            TestInfrastructure.jdbcUrl("shared_once"), "interlock", "interlock");
                    var result = connection.createStatement().executeQuery("select current_database()")) {
                result.next();
                assertThat(result.getString(1)).isEqualTo("shared_once");
            }
        }
        send(TestInfrastructure.bootstrapServers(), "probe.topic", "key-1", "hello");
        var found = KafkaProbe.shared().await("probe.topic", 1);
        assertThat(found).singleElement().satisfies(m -> {
            assertThat(m.key()).isEqualTo("key-1");
            assertThat(m.value()).isEqualTo("hello");
        });
        assertThat(KafkaProbe.shared().all("no.such.topic")).isEmpty();
    }

    @Test
    void aPrivateServerGoesAwayAndComesBackOnTheSamePortWithItsData() throws Exception {
        try (var own = PrivateInfrastructure.start()) {
            var url = own.jdbcUrl("outage");
            var brokers = own.bootstrapServers();
            try (var connection = DriverManager.getConnection(url, "interlock", "interlock")) {
                connection.createStatement().execute("create table kept as select 42 as answer");
            }
            send(brokers, "kept.topic", "key", "before the outage");

            own.stopPostgres();
            own.stopKafka();
            assertThatThrownBy(() -> DriverManager.getConnection(url, "interlock", "interlock"))
                    .isInstanceOf(SQLException.class);
            assertThat(own.kafka().isRunning()).isFalse();

            own.startPostgres();
            own.startKafka();
            assertThat(own.jdbcUrl("outage")).isEqualTo(url);
            assertThat(own.bootstrapServers()).isEqualTo(brokers);
            try (var connection = DriverManager.getConnection(url, "interlock", "interlock");
                    var result = connection.createStatement().executeQuery("select answer from kept")) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(42);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(new KafkaProbe(brokers).all("kept.topic"))
                            .extracting(KafkaProbe.Message::value)
                            .containsExactly("before the outage"));
        }
    }

    private static void send(String brokers, String topic, String key, String value) throws Exception {
        var settings = new Properties();
        settings.put("bootstrap.servers", brokers);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        }
    }
}
