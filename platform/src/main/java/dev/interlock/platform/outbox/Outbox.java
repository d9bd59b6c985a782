package dev.interlock.platform.outbox;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.Event;
import dev.interlock.contracts.StateRecord;

/**
 * Where a use case announces what it did. The rows are written in the caller's transaction, at its end: they are
 * published if and only if it commits. For one key they are published in the order of the commits.
 *
 * <p>Every method throws {@link IllegalStateException} outside a transaction, and {@link IllegalArgumentException} for a
 * channel of another service or data too large for a Kafka record ({@code interlock.outbox.max-event-bytes}).
 */
public interface Outbox {

    /** Announces a fact. */
    void add(Event event);

    /** Publishes an aggregate's whole state on its compacted topic. */
    void state(StateRecord state);

    /** Says on a compacted topic that the aggregate is gone. */
    void tombstone(Channel channel, String key);
}
