package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.ProbeOutcome;

/** Looks at a host. */
public interface HostProbe {

    /**
     * Blocks until the host was read or it is clear why not; never throws for what a host or network does.
     *
     * @param withUpdates also list pending updates, which takes the host longer (K3)
     */
    ProbeOutcome probe(Host host, boolean withUpdates);
}
