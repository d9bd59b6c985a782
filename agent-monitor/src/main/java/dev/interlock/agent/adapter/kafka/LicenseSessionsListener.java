package dev.interlock.agent.adapter.kafka;

import dev.interlock.agent.app.RecordValidation;
import dev.interlock.agent.domain.Validation;
import dev.interlock.agent.domain.Validation.Outcome;
import dev.interlock.agent.domain.Validation.Source;
import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.LicenseEvent.SessionAuthorized;
import dev.interlock.contracts.LicenseEvent.SessionDenied;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import io.micronaut.configuration.kafka.annotation.Topic;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A session that was authorised is a successful validation of its agent, one that was denied a failed one. */
@EventsListener(LicenseSessionsListener.CONSUMER)
class LicenseSessionsListener {
    static final String CONSUMER = "agent-monitor";

    private final Deliveries deliveries;
    private final RecordValidation record;

    @Inject
    LicenseSessionsListener(Deliveries deliveries, RecordValidation record) {
        this.deliveries = deliveries;
        this.record = record;
    }

    @Topic("interlock.license.sessions.v1")
    void receive(ConsumerRecord<String, byte[]> message) {
        deliveries.deliver(CONSUMER, message, LicenseEvent.class, this::on);
    }

    private void on(Received<LicenseEvent> received) {
        // The event's id is the validation's: replayed from the beginning, the same facts give the same periods.
        var id = received.id().toString();
        switch (received.event()) {
            case SessionAuthorized session -> {
                var validation = new Validation(id, session.at(), Outcome.SUCCEEDED, null, Source.SESSION);
                var _ = record.fromSession(session.agentId(), session.licenseServerId(), validation);
            }
            case SessionDenied session -> {
                var validation = new Validation(id, session.at(), Outcome.FAILED, session.reason(), Source.SESSION);
                var _ = record.fromSession(session.agentId(), session.licenseServerId(), validation);
            }
            case null, default -> {
                // a released session says nothing of a licence's validity; the other events are of another topic
            }
        }
    }
}
