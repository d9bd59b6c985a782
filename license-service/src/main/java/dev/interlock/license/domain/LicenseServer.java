package dev.interlock.license.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A server that authorises sessions against the licences that are active on it.
 *
 * @param address where agents reach it
 * @param management how this service reaches one that counts for itself; null for a native one
 * @param retiredAt since when it is out of service; null while it is in service
 * @param lost it was destroyed while it held licences (L17)
 */
public record LicenseServer(
        ServerId id,
        String name,
        Kind kind,
        @Nullable String address,
        Instant registeredAt,
        @Nullable Management management,
        @Nullable Instant retiredAt,
        boolean lost) {

    /** One in service. */
    public LicenseServer(ServerId id, String name, Kind kind, @Nullable String address, Instant registeredAt) {
        this(id, name, kind, address, registeredAt, null, null, false);
    }

    public boolean isRetired() {
        return retiredAt != null;
    }

    /**
     * @param baseUrl where its REST API is, {@code http://host:7070}
     * @param credential the name of its administrator's password, which is not the system user's (L45)
     * @param hostId in the inventory, for SSH; null when it can only be read
     */
    public record Management(
            String baseUrl, String credential, @Nullable UUID hostId) {}

    /** Who does the counting. */
    public enum Kind {
        /** This service itself. */
        NATIVE("native"),
        /** A FlexNet Embedded local license server, as the PCoIP License Server is one. */
        FLEXNET("flexnet");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        public static Kind ofWireName(String name) {
            for (Kind kind : values()) {
                if (kind.wireName.equals(name)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of license server is called " + name);
        }
    }
}
