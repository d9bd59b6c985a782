package dev.interlock.contracts;

import java.time.Instant;
import java.util.UUID;

/**
 * Two members of a deployment whose clocks are too far apart (G5).
 *
 * @param apartMillis how far {@code hostId} is ahead of {@code otherHostId}, when this was published
 * @param errorMillis that is right to ± this
 * @param limitMillis allowed
 * @param since when it was first found
 */
public record ClockSkew(
        UUID hostId,
        String name,
        UUID otherHostId,
        String otherName,
        long apartMillis,
        long errorMillis,
        long limitMillis,
        Instant since) {}
