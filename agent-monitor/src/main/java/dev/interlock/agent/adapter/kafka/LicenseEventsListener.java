package dev.interlock.agent.adapter.kafka;

import dev.interlock.agent.app.LicenseServers;
import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.LicenseEvent.LicenseServerHealthChanged;
import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import io.micronaut.configuration.kafka.annotation.Topic;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Names and health of license servers, so that an outage can be told in the words of its cause. */
@EventsListener(LicenseEventsListener.CONSUMER)
class LicenseEventsListener {
    static final String CONSUMER = "agent-monitor";

    private final Deliveries deliveries;
    private final LicenseServers servers;

    @Inject
    LicenseEventsListener(Deliveries deliveries, LicenseServers servers) {
        this.deliveries = deliveries;
        this.servers = servers;
    }

    @Topic("interlock.license.events.v1")
    void receive(ConsumerRecord<String, byte[]> message) {
        deliveries.deliver(CONSUMER, message, LicenseEvent.class, this::on);
    }

    private void on(Received<LicenseEvent> received) {
        switch (received.event()) {
            case LicenseServerRegistered server -> servers.named(server.licenseServerId(), server.name());
            case LicenseServerHealthChanged health ->
                servers.observed(
                        health.licenseServerId(), health.name(), health.after(), health.cause(), health.observedAt());
            // the agents that still ask it learn from the incident why nobody answers
            case LicenseServerRetired gone ->
                servers.observed(
                        gone.licenseServerId(),
                        gone.name(),
                        "down",
                        "out of service: " + gone.reason(),
                        received.time());
            case null, default -> {
                // pools and activations say nothing of whether agents can validate
            }
        }
    }
}
