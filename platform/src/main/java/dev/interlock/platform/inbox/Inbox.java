package dev.interlock.platform.inbox;

import java.util.UUID;

/** Remembers which consumer has seen which event. */
public interface Inbox {

    /**
     * Runs the effect unless this consumer has had this event before. The mark and the effect are one transaction: the
     * caller's if there is one, else a new one. If the effect throws, neither remains.
     *
     * @param consumer the consuming service, as in its Kafka group
     * @return false if the event had been seen, and the effect did not run
     */
    boolean once(String consumer, UUID eventId, Runnable effect);
}
