package dev.interlock.agent.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent: the software on a remote machine that asks its license server before each session.
 *
 * @param hostId of the machine in the inventory, null if unknown
 * @param version null until it is told
 */
public record Agent(
        UUID id,
        String name,
        UUID licenseServerId,
        @Nullable UUID hostId,
        @Nullable String version,
        Instant registeredAt,
        Standing standing) {

    public Agent withStanding(Standing now) {
        return new Agent(id, name, licenseServerId, hostId, version, registeredAt, now);
    }
}
