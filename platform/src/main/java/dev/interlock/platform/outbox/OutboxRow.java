package dev.interlock.platform.outbox;

import dev.interlock.platform.time.TimeOrderedId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the outbox table holds it.
 *
 * @param id {@code ce_id}; see {@link TimeOrderedId}
 * @param topic column {@code aggregatetype}
 * @param key column {@code aggregateid}
 * @param payload JSON; null for a tombstone
 */
record OutboxRow(
        UUID id,
        String topic,
        String key,
        String type,
        @Nullable String payload,
        Instant occurredAt,
        String source,
        @Nullable String dataschema,
        @Nullable String traceparent) {}
