package dev.interlock.platform.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record that a consumer gave up on, and why.
 *
 * @param key null if it had none
 * @param eventId {@code ce_id}; null if it had none
 * @param type {@code ce_type}; null if it had none
 * @param topic where it came from, with partition and offset
 * @param error the class of what was thrown
 * @param message what was thrown said, cut and without secrets
 * @param attempts in all, replays included
 * @param at when the consumer gave up on it, the last time
 */
public record DeadLetter(
        String consumer,
        @Nullable String key,
        @Nullable String eventId,
        @Nullable String type,
        String topic,
        int partition,
        long offset,
        String error,
        String message,
        int attempts,
        Instant at) {

    private static final String PREFIX = "dead-letter-";
    private static final String CONSUMER = PREFIX + "consumer";
    private static final String TOPIC = PREFIX + "topic";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String ERROR = PREFIX + "exception";
    private static final String MESSAGE = PREFIX + "message";
    private static final String ATTEMPTS = PREFIX + "attempts";
    private static final String AT = PREFIX + "at";

    private static final int MESSAGE_LENGTH = 500;
    private static final Pattern SECRET = Pattern.compile(
            "(?i)\\b(password|passwd|pwd|secret|token|bearer|authorization|api[-_]?key|passphrase)\\b(\"?\\s*[=:]?\\s*)\\S+");
    private static final Pattern KEY_BLOCK = Pattern.compile("-----BEGIN [\\s\\S]*?(-----END [^-]*-----|$)");

    static DeadLetter of(
            String consumer, ConsumerRecord<String, byte[]> record, Throwable reason, int attempts, Instant now) {
        return new DeadLetter(
                consumer,
                record.key(),
                text(record, "ce_id"),
                text(record, "ce_type"),
                record.topic(),
                record.partition(),
                record.offset(),
                reason.getClass().getName(),
                withoutSecrets(String.valueOf(reason.getMessage())),
                attempts,
                now);
    }

    /** What stands on a dead letter topic. */
    static DeadLetter read(ConsumerRecord<String, byte[]> dead) {
        var at = text(dead, AT);
        return new DeadLetter(
                or(text(dead, CONSUMER), ""),
                dead.key(),
                text(dead, "ce_id"),
                text(dead, "ce_type"),
                or(text(dead, TOPIC), dead.topic()),
                Integer.parseInt(or(text(dead, PARTITION), "0")),
                Long.parseLong(or(text(dead, OFFSET), "0")),
                or(text(dead, ERROR), ""),
                or(text(dead, MESSAGE), ""),
                Integer.parseInt(or(text(dead, ATTEMPTS), "0")),
                // an older version wrote none
                at == null ? Instant.ofEpochMilli(dead.timestamp()) : Instant.parse(at));
    }

    static String deadLetterTopic(String topic, String consumer) {
        return topic + "." + consumer + ".dlt";
    }

    String deadLetterTopic() {
        return deadLetterTopic(topic, consumer);
    }

    /** The record as it was, with the reason in headers. */
    ProducerRecord<String, byte[]> write(@Nullable String key, byte @Nullable [] value, Iterable<Header> original) {
        var headers = new ArrayList<Header>();
        original.forEach(header -> {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        });
        headers.addAll(List.of(
                header(CONSUMER, consumer),
                header(TOPIC, topic),
                header(PARTITION, Integer.toString(partition)),
                header(OFFSET, Long.toString(offset)),
                header(ERROR, error),
                header(MESSAGE, message),
                header(ATTEMPTS, Integer.toString(attempts)),
                header(AT, at.toString())));
        return new ProducerRecord<>(deadLetterTopic(), null, key, value, headers);
    }

    /** The record as its listener had it. */
    ConsumerRecord<String, byte[]> original(ConsumerRecord<String, byte[]> dead) {
        var original = new ConsumerRecord<>(topic, partition, offset, dead.key(), dead.value());
        dead.headers().forEach(header -> {
            if (!header.key().startsWith(PREFIX)) {
                original.headers().add(header);
            }
        });
        return original;
    }

    DeadLetter afterMoreAttempts(int more, DeadLetter latest) {
        return new DeadLetter(
                consumer,
                key,
                eventId,
                type,
                topic,
                partition,
                offset,
                latest.error(),
                latest.message(),
                attempts + more,
                latest.at());
    }

    static String withoutSecrets(String message) {
        var clean = KEY_BLOCK.matcher(message).replaceAll("***");
        clean = SECRET.matcher(clean).replaceAll("$1$2***");
        clean = clean.strip().replaceAll("\\s*\\R\\s*", " ");
        return clean.length() <= MESSAGE_LENGTH ? clean : clean.substring(0, MESSAGE_LENGTH) + "…";
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String text(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
