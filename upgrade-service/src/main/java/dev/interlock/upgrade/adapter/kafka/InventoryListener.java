package dev.interlock.upgrade.adapter.kafka;

import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.HostState;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import dev.interlock.upgrade.app.AfterCommit;
import dev.interlock.upgrade.app.Estate;
import dev.interlock.upgrade.app.RunKeeper;
import io.micronaut.configuration.kafka.annotation.Topic;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps this service's own copy of the estate. */
@EventsListener("upgrade-service")
final class InventoryListener {
    private final Deliveries deliveries;
    private final Estate estate;
    private final RunKeeper keeper;
    private final AfterCommit afterCommit;

    InventoryListener(Deliveries deliveries, Estate estate, RunKeeper keeper, AfterCommit afterCommit) {
        this.deliveries = deliveries;
        this.estate = estate;
        this.keeper = keeper;
        this.afterCommit = afterCommit;
    }

    @Topic("interlock.inventory.hosts.v1")
    void host(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver("upgrade-service", record, HostState.class, this::onHost);
    }

    @Topic("interlock.inventory.deployments.v1")
    void deployment(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver("upgrade-service", record, DeploymentState.class, this::onDeployment);
    }

    private void onHost(Received<HostState> received) {
        HostState state = received.event();
        if (state == null) {
            estate.hostGone(UUID.fromString(received.key()));
        } else {
            estate.host(state);
        }
    }

    private void onDeployment(Received<DeploymentState> received) {
        DeploymentState state = received.event();
        if (state == null) {
            estate.deploymentGone(UUID.fromString(received.key()));
        } else {
            estate.deployment(state);
        }
        afterCommit.then(keeper::thingsChanged);
    }
}
