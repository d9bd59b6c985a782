package dev.interlock.license.domain;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the trail of a request and its answer: who had which file when.
 *
 * @param sha256 of the file, in hex; null where there was none
 * @param bytes of the file
 */
public record CustodyEntry(
        Instant at,
        String actor,
        Act act,
        @Nullable String sha256,
        @Nullable Long bytes,
        @Nullable String detail) {

    /** What was done. The names are stored. */
    public enum Act {
        MADE,
        DOWNLOADED,
        UPLOADED,
        REFUSED,
        INSPECTED,
        /** Given to a license server of its own. */
        SENT,
        APPLIED,
        /** Found active by a list afterwards (L29). */
        VERIFIED,
        SUPERSEDED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
