package dev.interlock.platform.service.beta;

import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.Topic;
import io.micronaut.context.annotation.Requires;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Declared as micronaut-kafka's manual shows it. */
@KafkaListener(groupId = "beta")
@Requires(property = "beta.skipping")
class SkippingListener {

    @Topic("interlock.inventory.events.v1")
    void receive(ConsumerRecord<String, byte[]> record) {
        throw new IllegalStateException("not able to handle " + record.key());
    }
}
