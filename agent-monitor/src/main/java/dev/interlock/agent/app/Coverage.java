package dev.interlock.agent.app;

import dev.interlock.agent.domain.Agent;
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

    /** By id; {@code refusedOnly} leaves out who is covered. */
    List<Agent> agents(UUID licenseServerId, boolean refusedOnly, Instant now, @Nullable UUID after, int limit);
}
