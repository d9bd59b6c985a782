package dev.interlock.license.adapter.kafka;

import dev.interlock.contracts.HostState;
import dev.interlock.license.app.HostDirectory;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import io.micronaut.configuration.kafka.annotation.Topic;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps this service's own copy of the hosts that license servers run on. */
@EventsListener(InventoryListener.CONSUMER)
final class InventoryListener {
    static final String CONSUMER = "license-service";

    private final Deliveries deliveries;
    private final HostDirectory hosts;

    InventoryListener(Deliveries deliveries, HostDirectory hosts) {
        this.deliveries = deliveries;
        this.hosts = hosts;
    }

    @Topic("interlock.inventory.hosts.v1")
    void host(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver(CONSUMER, record, HostState.class, this::on);
    }

    private void on(Received<HostState> received) {
        var host = received.event();
        if (host == null) {
            hosts.remove(UUID.fromString(received.key()));
            return;
        }
        hosts.put(new HostDirectory.Host(
                host.hostId(),
                host.name(),
                host.address(),
                host.port(),
                host.user(),
                host.credential(),
                host.hostKey(),
                host.status()));
    }
}
