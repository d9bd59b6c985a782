package dev.interlock.inventory.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a host is probed again.
 *
 * @param every between probes of a host that answers; spread by up to a tenth, so that hosts imported together drift apart
 * @param firstRetry after the first probe that failed; doubled with each further one
 * @param lastRetry the longest wait for a host that stays away
 */
public record ProbeSchedule(Duration every, Duration firstRetry, Duration lastRetry) {

    /** @return null if only a person's word can help: a key to accept or a decision about a changed one */
    public @Nullable Instant next(Host host, Instant now) {
        return switch (host.status()) {
            case REACHABLE -> now.plus(spread(every, host.id().getLeastSignificantBits()));
            case UNREACHABLE ->
                now.plus(backOff(host.trouble() == null ? 1 : host.trouble().failures()));
            case NEW, HOST_KEY_CHANGED, RETIRED -> null;
        };
    }

    private Duration backOff(int failures) {
        var wait = firstRetry;
        for (int i = 1; i < failures && wait.compareTo(lastRetry) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(lastRetry) < 0 ? wait : lastRetry;
    }

    private static Duration spread(Duration every, long seed) {
        long tenth = Math.max(1, every.toMillis() / 10);
        return every.minusMillis(Math.floorMod(seed, tenth));
    }
}
