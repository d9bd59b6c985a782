package dev.interlock.upgrade.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The seals of runs that have ended, and the keys that made them. */
public interface Traces {
    /** In place of the seal of an earlier end: a failed run may go on. */
    void keep(UUID runId, Sealed sealed, TraceForm.Key key);

    Optional<Sealed> of(UUID runId);

    /** Oldest first. */
    List<KnownKey> keys();

    /**
     * @param events how many there were
     * @param breaches of the procedure's invariants, found when the run ended
     */
    record Sealed(String head, TraceForm.Seal seal, long events, List<String> breaches, Instant at) {}

    record KnownKey(TraceForm.Key key, Instant firstUsedAt) {}
}
