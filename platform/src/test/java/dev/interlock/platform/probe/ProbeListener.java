package dev.interlock.platform.probe;

import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.InventoryEvent.HostRetired;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import io.micronaut.configuration.kafka.annotation.Topic;
import io.micronaut.context.annotation.Property;
import org.apache.kafka.clients.consumer.ConsumerRecord;

@EventsListener("${probe.group}")
class ProbeListener {

    private final Deliveries deliveries;
    private final Effects effects;
    private final String group;

    ProbeListener(Deliveries deliveries, Effects effects, @Property(name = "probe.group") String group) {
        this.deliveries = deliveries;
        this.effects = effects;
        this.group = group;
    }

    @Topic("${probe.topic}")
    void receive(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver(group, record, InventoryEvent.class, this::on);
    }

    private void on(Received<InventoryEvent> received) {
        if (received.event() instanceof HostRetired told) {
            effects.apply(told);
        }
    }
}
