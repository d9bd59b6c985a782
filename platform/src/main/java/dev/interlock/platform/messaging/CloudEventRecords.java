package dev.interlock.platform.messaging;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** CloudEvents 1.0 in the binary mode of its Kafka binding. {@code traceparent} is a header of its own, as tracers expect it. */
public final class CloudEventRecords {

    private static final String TRACEPARENT = "traceparent";
    private static final String JSON = "application/json";

    private CloudEventRecords() {}

    /** @param data JSON; null makes a tombstone */
    public static ProducerRecord<String, byte[]> write(
            String topic,
            String key,
            UUID id,
            String type,
            String source,
            Instant time,
            @Nullable String dataschema,
            @Nullable String traceparent,
            byte @Nullable [] data) {
        var event = CloudEventBuilder.v1()
                .withId(id.toString())
                .withType(type)
                .withSource(URI.create(source))
                .withSubject(key)
                .withTime(OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
        if (dataschema != null) {
            event = event.withDataSchema(URI.create(dataschema));
        }
        if (data != null) {
            event = event.withData(JSON, data);
        }
        ProducerRecord<String, byte[]> record =
                KafkaMessageFactory.<String>createWriter(topic, key).writeBinary(event.build());
        if (traceparent != null) {
            record.headers().add(TRACEPARENT, traceparent.getBytes(StandardCharsets.US_ASCII));
        }
        return record;
    }

    /** What a record says of itself; its value is the data, or null for a tombstone. */
    record Read(
            UUID id,
            String key,
            String type,
            Instant time,
            @Nullable String traceparent) {}

    /** @throws UnreadableRecord if the record is not a CloudEvent with all that Interlock needs */
    static Read read(ConsumerRecord<String, byte[]> record) {
        CloudEvent event;
        try {
            event = KafkaMessageFactory.createReader(record).toEvent();
        } catch (RuntimeException e) {
            throw new UnreadableRecord("not a CloudEvent: " + e.getMessage(), e);
        }
        String key = record.key();
        if (key == null || key.isEmpty()) {
            throw new UnreadableRecord("the record has no key", null);
        }
        OffsetDateTime time = event.getTime();
        if (time == null) {
            throw new UnreadableRecord("ce_time is missing", null);
        }
        UUID id;
        try {
            id = UUID.fromString(event.getId());
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecord("ce_id is not a UUID", e);
        }
        var traceparent = record.headers().lastHeader(TRACEPARENT);
        return new Read(
                id,
                key,
                event.getType(),
                time.toInstant(),
                traceparent == null ? null : new String(traceparent.value(), StandardCharsets.US_ASCII));
    }
}
