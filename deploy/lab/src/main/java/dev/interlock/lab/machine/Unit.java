package dev.interlock.lab.machine;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A service as systemd sees it now. */
public record Unit(
        UnitFile file,
        String description,
        boolean enabled,
        Active active,
        int pid,
        @Nullable Instant activeSince,
        @Nullable Instant inactiveSince,
        @Nullable Instant startedAt,
        String result,
        int exitStatus,
        @Nullable UUID invocation,
        @Nullable String running) {

    /** systemd's ActiveState with the SubState that services have in it. */
    public enum Active {
        ACTIVE("running"),
        INACTIVE("dead"),
        ACTIVATING("start"),
        DEACTIVATING("stop-sigterm"),
        FAILED("failed");

        private final String sub;

        Active(String sub) {
            this.sub = sub;
        }

        public String sub() {
            return sub;
        }

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
