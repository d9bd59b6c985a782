package dev.interlock.platform.messaging;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event as a handler gets it.
 *
 * @param id of the event, the same at each delivery ({@code ce_id})
 * @param key the aggregate's id
 * @param type {@code ce_type}
 * @param time when it happened ({@code ce_time})
 * @param event null for a tombstone on a compacted topic
 * @param traceparent W3C trace context of what caused it
 */
public record Received<E>(
        UUID id,
        String key,
        String type,
        Instant time,
        @Nullable E event,
        @Nullable String traceparent,
        long offset,
        int partition) {}
