package dev.interlock.lab.machine;

import java.time.Instant;
import java.util.Locale;

/**
 * A change that was really made on a host.
 *
 * @param subject the unit or package
 * @param detail for packages {@code old -> new}
 * @param commandId the SSH command from which it stems, {@code <host>#<n>}
 */
public record Effect(String host, Kind kind, String subject, String detail, Instant at, String commandId) {
    public enum Kind {
        STOP,
        START,
        /** A service died by itself. */
        FAIL,
        INSTALL,
        UPGRADE,
        DOWNGRADE,
        REMOVE,
        /** One of two versions of a package, left by a crash, was removed. */
        REPAIR,
        /** A running web application was replaced under its users (K6). */
        REDEPLOY,
        /** A user's processes were killed. */
        KILL,
        /** A license server's count for an activation code changed, as {@code 5 -> 10}. */
        ACTIVATE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
