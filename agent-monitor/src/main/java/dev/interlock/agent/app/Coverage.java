package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who could work on, and for how long, if a license server went away now (L37, L38). */
public interface Coverage {
    /**
     * @param agents of the server, all of them
     * @param licensed whose latest validation succeeded: covered for the whole grace period from now
     * @param inGrace failing already: covered for what is left
     * @param expired failing for longer than grace lasts: refused
     * @param neverLicensed no session was ever licensed: refused (L38)
     * @param soonestEnd of the grace periods that run, null when none does
     */
    record Summary(
            int agents,
            int licensed,
            int inGrace,
            int expired,
            int neverLicensed,
            @Nullable Instant soonestEnd) {
        public int refused() {
            return expired + neverLicensed;
        }
    }

    Summary summary(UUID licenseServerId, Instant now);

    /**
     * How many agents stand where, those in grace by how much of it is left.
     *
     * @param inGrace for each of the asked lengths how many have less left than it, but not less than the one before; the last
     *     one counts all that have more
     */
    record Remaining(int agents, int licensed, int expired, int neverLicensed, List<Integer> inGrace) {}

    /**
     * @param licenseServerId null for all
     * @param lengths ascending
     */
    Remaining remaining(@Nullable UUID licenseServerId, Instant now, List<Duration> lengths);

    /** All agents of the server, by id. */
    List<Agent> agents(UUID licenseServerId, @Nullable UUID after, int limit);

    /**
     * Where a page of those who run out starts.
     *
     * @param failingAt null among those that were never licensed, who come first
     */
    record Position(@Nullable Instant failingAt, UUID id) {}

    /**
     * Who cannot work to the end: never licensed, by id; then those whose grace ends at or before {@code end}, soonest first. Agents
     * that are licensed are not among them: their grace has not begun.
     */
    List<Agent> runOut(UUID licenseServerId, Instant end, @Nullable Position after, int limit);

    /** How many of those who fail now have a grace that ends at or before {@code end}. */
    int graceEndsBy(UUID licenseServerId, Instant end);
}
