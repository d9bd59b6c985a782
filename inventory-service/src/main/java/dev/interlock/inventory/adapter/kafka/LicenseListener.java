package dev.interlock.inventory.adapter.kafka;

import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.contracts.LicenseEvent.LicensesActivated;
import dev.interlock.contracts.LicenseEvent.LicensesLost;
import dev.interlock.contracts.LicenseEvent.LicensesReturned;
import dev.interlock.inventory.app.LicensesOnHosts;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import io.micronaut.configuration.kafka.annotation.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps this service's own copy of what is active on the license servers that run on hosts. */
@EventsListener(LicenseListener.CONSUMER)
final class LicenseListener {
    static final String CONSUMER = "inventory-service";

    private final Deliveries deliveries;
    private final LicensesOnHosts licenses;

    LicenseListener(Deliveries deliveries, LicensesOnHosts licenses) {
        this.deliveries = deliveries;
        this.licenses = licenses;
    }

    @Topic("interlock.license.events.v1")
    void event(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver(CONSUMER, record, LicenseEvent.class, this::on);
    }

    private void on(Received<LicenseEvent> received) {
        switch (received.event()) {
            case LicenseServerRegistered e ->
                licenses.registered(e.licenseServerId(), e.name(), e.address(), e.hostId());
            case LicenseServerRetired e -> licenses.retired(e.licenseServerId(), e.name());
            case LicensesActivated e ->
                licenses.total(e.licenseServerId(), e.activationCode(), e.total(), received.time());
            case LicensesReturned e ->
                licenses.total(e.licenseServerId(), e.activationCode(), e.total(), received.time());
            case LicensesLost e ->
                e.lost()
                        .forEach(
                                lost -> licenses.total(e.licenseServerId(), lost.activationCode(), 0, received.time()));
            case null, default -> {
                // what else is told of license servers does not keep a host
            }
        }
    }
}
