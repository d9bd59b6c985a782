package dev.interlock.upgrade.app;

import java.util.UUID;

/** Carries out the steps of one run on its hosts, over one connection a host for the whole run. */
public interface HostWork extends AutoCloseable {
    /**
     * Blocks until the step has ended one way or the other, at the latest at its deadline. May be called again for the same attempt,
     * by any instance: the effect on the host happens once.
     */
    StepOutcome carryOut(StepOrder order);

    /** Nothing more is wanted from this host for now. */
    void release(UUID hostId);

    /** Lets go of all hosts; what is going on there goes on. */
    @Override
    void close();

    /** Where runs get theirs. */
    interface Source {
        HostWork begin(UUID runId);
    }
}
