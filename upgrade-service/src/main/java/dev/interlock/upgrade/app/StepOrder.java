package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Host;
import dev.interlock.upgrade.domain.Step;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A step to be carried out.
 *
 * @param host as inventory knows it now, for its address and its pinned key
 * @param again this attempt was begun by somebody who did not live to tell how it ended
 * @param found what the steps before it on this host found out
 */
public record StepOrder(
        UUID runId, Step step, Host host, int attempt, Instant deadline, boolean again, Map<String, String> found) {
    public StepOrder {
        found = Map.copyOf(found);
    }

    /** The name under which an effect happens once for ever on the host. */
    public String claim() {
        return claim(attempt);
    }

    public String claim(int ofAttempt) {
        return runId + "." + step.id() + "." + ofAttempt;
    }
}
