package dev.interlock.inventory.domain;

import java.time.Instant;

/**
 * Why a host cannot be read, and what to do about it.
 *
 * @param since the first probe that failed
 * @param failures in a row
 */
public record Trouble(String reason, String detail, String next, Instant since, int failures) {

    static final String KEY_UNKNOWN = "host-key-unknown";
    static final String KEY_CHANGED = "host-key-changed";
}
