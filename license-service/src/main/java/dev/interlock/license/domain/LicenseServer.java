package dev.interlock.license.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A server that authorises sessions against the licences that are active on it. */
public record LicenseServer(
        ServerId id, String name, Kind kind, @Nullable String address, Instant registeredAt) {

    /** Who does the counting. */
    public enum Kind {
        /** This service itself. */
        NATIVE("native");

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
