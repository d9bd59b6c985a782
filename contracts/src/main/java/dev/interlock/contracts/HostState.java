package dev.interlock.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What inventory-service knows of a host now.
 *
 * @param port of its SSH server
 * @param user for SSH
 * @param credential the name of a credential, never the secret itself
 * @param hostKey pinned, as {@code ssh-ed25519 AAAA…}; null until a person or an import has vouched for it
 * @param packages the relevant ones: name to version
 * @param units the relevant ones: systemd unit to {@code active}, {@code inactive}, {@code failed}, {@code absent} …
 * @param clockOffsetMillis the host's clock minus ours; positive is ahead (G5)
 * @param clockErrorMillis the offset is right to ± this (half the round trip)
 * @param freeDiskBytes free in the file system of {@code /var}
 * @param seenAt when a probe last succeeded
 * @param conflicts products found together that must not be (L5); null or empty when there are none
 */
public record HostState(
        UUID hostId,
        String name,
        String address,
        int port,
        String user,
        String credential,
        @Nullable String hostKey,

        @OneOf({"new", "reachable", "unreachable", "host-key-changed", "retired"})
        String status,

        @Nullable String osName,
        @Nullable String osVersion,
        List<Component> components,
        Map<String, String> packages,
        Map<String, String> units,
        @Nullable Long clockOffsetMillis,
        @Nullable Long clockErrorMillis,
        @Nullable Long freeDiskBytes,
        @Nullable Instant seenAt,
        @Nullable List<Conflict> conflicts)
        implements StateRecord {

    /** Without conflicts. */
    public HostState(
            UUID hostId,
            String name,
            String address,
            int port,
            String user,
            String credential,
            @Nullable String hostKey,
            String status,
            @Nullable String osName,
            @Nullable String osVersion,
            List<Component> components,
            Map<String, String> packages,
            Map<String, String> units,
            @Nullable Long clockOffsetMillis,
            @Nullable Long clockErrorMillis,
            @Nullable Long freeDiskBytes,
            @Nullable Instant seenAt) {
        this(
                hostId,
                name,
                address,
                port,
                user,
                credential,
                hostKey,
                status,
                osName,
                osVersion,
                components,
                packages,
                units,
                clockOffsetMillis,
                clockErrorMillis,
                freeDiskBytes,
                seenAt,
                null);
    }

    @Override
    public String key() {
        return hostId.toString();
    }

    @Override
    public Channel channel() {
        return Channel.INVENTORY_HOSTS;
    }
}
