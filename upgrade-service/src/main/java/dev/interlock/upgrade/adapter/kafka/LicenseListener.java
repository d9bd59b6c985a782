package dev.interlock.upgrade.adapter.kafka;

import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.contracts.LicenseEvent.LicensesActivated;
import dev.interlock.contracts.LicenseEvent.LicensesLost;
import dev.interlock.contracts.LicenseEvent.LicensesReturned;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import dev.interlock.upgrade.app.Readings;
import io.micronaut.configuration.kafka.annotation.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps this service's own copy of which license servers there are, and what is active on them. */
@EventsListener("upgrade-service")
final class LicenseListener {
    private final Deliveries deliveries;
    private final Readings readings;

    LicenseListener(Deliveries deliveries, Readings readings) {
        this.deliveries = deliveries;
        this.readings = readings;
    }

    @Topic("interlock.license.events.v1")
    void event(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver("upgrade-service", record, LicenseEvent.class, this::on);
    }

    private void on(Received<LicenseEvent> received) {
        switch (received.event()) {
            case LicenseServerRegistered e ->
                readings.licenseServer(e.licenseServerId(), e.name(), e.kind(), e.address());
            case LicenseServerRetired e -> readings.licenseServerGone(e.licenseServerId());
            case LicensesActivated e ->
                readings.total(e.licenseServerId(), e.activationCode(), e.feature(), e.total(), received.time());
            case LicensesReturned e ->
                readings.total(e.licenseServerId(), e.activationCode(), e.feature(), e.total(), received.time());
            case LicensesLost e ->
                e.lost()
                        .forEach(lost -> readings.total(
                                e.licenseServerId(), lost.activationCode(), lost.feature(), 0, received.time()));
            case null, default -> {
                // what else is told of license servers opens and closes no interlock
            }
        }
    }
}
