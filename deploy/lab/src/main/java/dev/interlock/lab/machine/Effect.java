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
        /** A password was given to a license server by a command, right or wrong. */
        LOGIN,
        /** A license server's count for an activation code changed, as {@code 5 -> 10}. */
        ACTIVATE,
        /** A UMS server went over to its own copy of the database: update mode (G11). */
        DECOUPLE,
        /** The schema of the UMS' productive database was renewed (G16). */
        RENEW,
        /** A UMS server went back to the productive database: normal mode (G17). */
        RECONNECT,
        /** A database was dumped. */
        BACKUP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
