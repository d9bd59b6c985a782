package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One thing done to one host: observe, act, verify.
 *
 * @param id unique in its plan; letters, digits, dot, dash and underscore only, as it becomes a directory's name on the host
 * @param clauses numbers in the requirements, for instance {@code K5}
 * @param before what is observed before acting
 * @param after what must be observed for the step to have succeeded
 * @param safeAfter whether a run may rest once this step is done: nothing of the host is down or half-way
 */
public record Step(
        String id,
        String title,
        List<String> clauses,
        UUID hostId,
        Action action,
        Duration expected,
        Duration max,
        String before,
        String after,
        OnFailure onFailure,
        boolean safeAfter,
        Set<Trait> traits) {
    public Step {
        clauses = List.copyOf(clauses);
        // plans that were stored before steps had traits have none
        traits = traits == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(traits));
        if (!id.matches("[A-Za-z0-9._-]{1,120}")) {
            throw new IllegalArgumentException("a step's id may not be '" + id + "'");
        }
    }

    public Step(
            String id,
            String title,
            List<String> clauses,
            UUID hostId,
            Action action,
            Duration expected,
            Duration max,
            String before,
            String after,
            OnFailure onFailure,
            boolean safeAfter) {
        this(id, title, clauses, hostId, action, expected, max, before, after, onFailure, safeAfter, Set.of());
    }

    public Step with(Trait... more) {
        return new Step(
                id, title, clauses, hostId, action, expected, max, before, after, onFailure, safeAfter, Set.of(more));
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** {@code install.web-1}: the same in every plan for this host. */
    static String id(String kind, Target host) {
        return kind + "." + host.name().replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** Steps of one kind have ids that begin alike: {@code install.web-1}, {@code install.web-2}. */
    public String kind() {
        int dot = id.indexOf('.');
        return dot < 0 ? id : id.substring(0, dot);
    }

    /** What else matters of a step. */
    public enum Trait {
        /** The service does not answer its users while it is going on (L51, K4). */
        OUTAGE,
        /** Its host must not be restarted by anyone while it is going on (P9). */
        NEVER_REBOOT,
        /** Without it what follows would do harm: it can be retried, not skipped. */
        NEEDED,
        /** The machine is gone after it, and with it what is only there (L17). */
        DESTROYS
    }

    /** What a failed step means for its host; the other hosts go on, unless the plan's limits say otherwise. */
    public enum OnFailure {
        /** Nothing was changed: the host is left out until somebody retries. */
        RETRY("retry"),
        /** The host is not in service: a person looks, then retries or skips. */
        STOP_AND_ASK("stop-and-ask");

        private final String word;

        OnFailure(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
