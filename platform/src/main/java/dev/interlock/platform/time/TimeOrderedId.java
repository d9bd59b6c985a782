package dev.interlock.platform.time;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * UUIDs of version 7 (RFC 9562): they begin with the time in milliseconds, so that a B-tree over them grows at one end. Not
 * secrets: they can be guessed.
 */
public final class TimeOrderedId {

    private TimeOrderedId() {}

    public static UUID at(Instant now) {
        var random = ThreadLocalRandom.current();
        long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0xFFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
