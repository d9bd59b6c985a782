package dev.interlock.upgrade.adapter.kafka;

import dev.interlock.contracts.AgentState;
import dev.interlock.platform.messaging.Deliveries;
import dev.interlock.platform.messaging.EventsListener;
import dev.interlock.platform.messaging.Received;
import dev.interlock.upgrade.app.AfterCommit;
import dev.interlock.upgrade.app.Readings;
import dev.interlock.upgrade.app.RunKeeper;
import io.micronaut.configuration.kafka.annotation.Topic;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps this service's own copy of where each agent stands. */
@EventsListener("upgrade-service")
final class AgentsListener {
    private final Deliveries deliveries;
    private final Readings readings;
    private final RunKeeper keeper;
    private final AfterCommit afterCommit;

    AgentsListener(Deliveries deliveries, Readings readings, RunKeeper keeper, AfterCommit afterCommit) {
        this.deliveries = deliveries;
        this.readings = readings;
        this.keeper = keeper;
        this.afterCommit = afterCommit;
    }

    @Topic("interlock.agent.agents.v1")
    void agent(ConsumerRecord<String, byte[]> record) {
        deliveries.deliver("upgrade-service", record, AgentState.class, this::on);
    }

    private void on(Received<AgentState> received) {
        AgentState state = received.event();
        if (state == null) {
            readings.agentGone(UUID.fromString(received.key()));
        } else {
            readings.agent(state);
        }
        afterCommit.then(keeper::thingsChanged);
    }
}
