package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.Member;
import dev.interlock.lab.LabHost;
import dev.interlock.testkit.EventPublisher;
import dev.interlock.upgrade.app.Estate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
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

    @Test
    void hostsAndDeploymentsComeChangeAndGo() throws Exception {
        LabHost host = stage.lab.addKeeper("heard-1");
        UUID hostId = Stage.id("heard-1");
        UUID deployment = UUID.randomUUID();
        Estate estate = stage.service.getBean(Estate.class);
        var state = Stage.state(host, "lab");
        EventPublisher.shared().publish(state);
        var members = List.of(new Member(hostId, "node"));
        EventPublisher.shared()
                .publish(new DeploymentState(deployment, "heard", "keeper-connection-manager", members, Map.of()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> estate.deployment(deployment).isPresent()
                        && estate.hosts(List.of(hostId)).containsKey(hostId));
        var heard = Objects.requireNonNull(estate.hosts(List.of(hostId)).get(hostId));
        assertThat(heard.units()).containsEntry("guacamole", "active").containsEntry("tomcat", "absent");
        assertThat(heard.packages()).containsEntry("kcm-guacd", "1.4.0");
        EventPublisher.shared().withdraw(state);
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
