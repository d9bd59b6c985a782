package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.Member;
import dev.interlock.contracts.Published;
import dev.interlock.lab.LabHost;
import dev.interlock.testkit.TestInfrastructure;
import dev.interlock.upgrade.app.Estate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The copy of the estate follows inventory's compacted topics, tombstones included. */
class InventoryListenerTest {
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(Map.of());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void publish(String topic, String key, @Nullable Published state) throws Exception {
        var codec = new EventCodec();
        var settings = Map.<String, Object>of("bootstrap.servers", TestInfrastructure.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            var record = new ProducerRecord<String, byte[]>(topic, key, state == null ? null : codec.toJson(state));
            var headers = Map.of(
                    "ce_specversion",
                    "1.0",
                    "ce_id",
                    UUID.randomUUID().toString(),
                    "ce_type",
                    state == null ? "dev.interlock.inventory.HostState.v1" : codec.type(state),
                    "ce_source",
                    "/interlock/inventory-service",
                    "ce_subject",
                    key,
                    "ce_time",
                    Instant.now().toString(),
                    "content-type",
                    "application/json");
            headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void hostsAndDeploymentsComeChangeAndGo() throws Exception {
        LabHost host = stage.lab.addKeeper("heard-1");
        UUID hostId = Stage.id("heard-1");
        UUID deployment = UUID.randomUUID();
        Estate estate = stage.service.getBean(Estate.class);
        var state = Stage.state(host, "lab");
        publish("interlock.inventory.hosts.v1", hostId.toString(), state);
        var members = List.of(new Member(hostId, "node"));
        publish(
                "interlock.inventory.deployments.v1",
                deployment.toString(),
                new DeploymentState(deployment, "heard", "keeper-connection-manager", members, Map.of()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> estate.deployment(deployment).isPresent()
                        && estate.hosts(List.of(hostId)).containsKey(hostId));
        var heard = Objects.requireNonNull(estate.hosts(List.of(hostId)).get(hostId));
        assertThat(heard.units()).containsEntry("guacamole", "active").containsEntry("tomcat", "absent");
        assertThat(heard.packages()).containsEntry("kcm-guacd", "1.4.0");
        publish("interlock.inventory.hosts.v1", hostId.toString(), null);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> estate.hosts(List.of(hostId)).isEmpty());
        stage.olga
                .post(
                        "/plans",
                        Api.JSON
                                .createObjectNode()
                                .put("deploymentId", deployment.toString())
                                .put("targetVersion", "1.5.0"))
                .is(409);
    }
}
