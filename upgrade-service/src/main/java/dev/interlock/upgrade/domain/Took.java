package dev.interlock.upgrade.domain;

import java.time.Duration;

/**
 * How long steps of one kind took before.
 *
 * @param samples how many there were
 * @param p50 half of them were done by then
 */
public record Took(long samples, Duration p50, Duration p95) {
    /** A P95 of fewer is a guess. */
    public static final long ENOUGH = 20;

    public boolean enough() {
        return samples >= ENOUGH;
    }
}
