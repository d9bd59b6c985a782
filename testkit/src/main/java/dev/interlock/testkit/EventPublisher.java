package dev.interlock.testkit;

import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.Published;
import dev.interlock.contracts.StateRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Tells what another service would, in the form in which that does: CloudEvents in binary mode. Each call returns when Kafka has it. */
public final class EventPublisher implements AutoCloseable {
    private static final EventCodec CODEC = new EventCodec();

    private final KafkaProducer<String, byte[]> producer;

    public EventPublisher(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** To the shared test infrastructure; it lives as long as that does. */
    public static EventPublisher shared() {
        return Shared.PUBLISHER;
    }

    public void publish(Published what) {
        publish(what, Instant.now());
    }

    public void publish(Published what, Instant at) {
        publish(UUID.randomUUID(), what, at);
    }

    /** @param id the same again is the same event delivered twice */
    public void publish(UUID id, Published what, Instant at) {
        send(id, what, at, CODEC.toJson(what));
    }

    /** A tombstone in the place of a state. */
    public void withdraw(StateRecord what) {
        send(UUID.randomUUID(), what, Instant.now(), null);
    }

    private void send(UUID id, Published what, Instant at, byte @Nullable [] body) {
        var record = new ProducerRecord<String, byte[]>(what.channel().topic(), what.key(), body);
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", id.toString(),
                        "ce_type", CODEC.type(what),
                        "ce_source", what.channel().source(),
                        "ce_subject", what.key(),
                        "ce_time", at.toString(),
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not published: " + what, e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private static final class Shared {
        static final EventPublisher PUBLISHER = new EventPublisher(TestInfrastructure.bootstrapServers());
    }
}
