package dev.interlock.platform.messaging;

import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many records wait for this service on each topic, and how many dead letters are pending. */
@Context
@Requires(beans = {DeadLetters.class, MeterRegistry.class})
class ConsumerLag {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLag.class);

    private final KafkaClients kafka;
    private final Listeners listeners;
    private final DeadLetters deadLetters;
    private final MultiGauge lag;
    private final MultiGauge pending;

    ConsumerLag(KafkaClients kafka, Listeners listeners, DeadLetters deadLetters, MeterRegistry meters) {
        this.kafka = kafka;
        this.listeners = listeners;
        this.deadLetters = deadLetters;
        this.lag = MultiGauge.builder("interlock.consumer.lag")
                .description("records that a consumer has not yet dealt with")
                .register(meters);
        this.pending = MultiGauge.builder("interlock.dead.letters.pending")
                .description("dead letters that wait for a replay")
                .register(meters);
    }

    @Scheduled(initialDelay = "2s", fixedDelay = "${interlock.metrics.interval:10s}")
    void measure() {
        try {
            var rows = new HashMap<Tags, Number>();
            for (String group : listeners.groups()) {
                lagOf(group).forEach((topic, records) -> rows.put(Tags.of("consumer", group, "topic", topic), records));
            }
            lag.register(
                    rows.entrySet().stream()
                            .<MultiGauge.Row<?>>map(row -> MultiGauge.Row.of(row.getKey(), row.getValue()))
                            .toList(),
                    true);
            pending.register(
                    deadLetters.pending().entrySet().stream()
                            .<MultiGauge.Row<?>>map(row -> MultiGauge.Row.of(
                                    Tags.of("consumer", deadLetters.consumer(), "topic", row.getKey()), row.getValue()))
                            .toList(),
                    true);
        } catch (KafkaException e) {
            LOG.debug("cannot measure the consumers: {}", e.getMessage());
        }
    }

    private Map<String, Long> lagOf(String group) {
        var committed = Topics.get(kafka.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        var ends = Topics.get(kafka.admin()
                .listOffsets(committed.keySet().stream().collect(toMap(tp -> tp, tp -> OffsetSpec.latest())))
                .all());
        var lags = new HashMap<String, Long>();
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                long end = Objects.requireNonNull(ends.get(partition)).offset();
                lags.merge(partition.topic(), Math.max(0, end - offset.offset()), Long::sum);
            }
        });
        return lags;
    }
}
