package dev.interlock.platform.messaging;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Brings Kafka records to a service's handlers: each event has its effect exactly once, none is skipped, and for one key
 * they come in order. A listener is
 *
 * <pre>{@code
 * @EventsListener("upgrade-service")
 * class HostStatesListener {
 *     @Topic("interlock.inventory.hosts.v1")
 *     void receive(ConsumerRecord<String, byte[]> record) {
 *         deliveries.deliver("upgrade-service", record, HostState.class, this::on);
 *     }
 *
 *     private void on(Received<HostState> received) { … one use case call … }
 * }
 * }</pre>
 *
 * The handler runs in a transaction with the inbox mark; it must do its work in that transaction and nothing outside it.
 *
 * <p>What becomes of a failure:
 *
 * <ul>
 *   <li>the database is away, or two transactions were in each other's way: tried again without end; the partition
 *       waits, others go on;
 *   <li>the record cannot be read: to the dead letters at once;
 *   <li>anything else: tried {@code interlock.deliveries.attempts} times with a growing pause, then to the dead letters,
 *       and the partition goes on.
 * </ul>
 *
 * Dead letters are on {@code <topic>.<consumer>.dlt}, and replayed on command.
 */
public interface Deliveries {

    /**
     * Returns when the record has been dealt with: handled, seen before, or dead-lettered.
     *
     * @param consumer the service's name, which is also its Kafka group
     * @param family the sealed family of events, or the state record's class, that the topic carries
     * @throws DeliveryPostponed if it has to be delivered again; must reach micronaut-kafka, which then does so
     */
    <E> void deliver(
            String consumer, ConsumerRecord<String, byte[]> record, Class<E> family, Consumer<Received<E>> handler);
}
