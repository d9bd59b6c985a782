package dev.interlock.upgrade.domain;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must hold of the order of a procedure's steps, whatever happens. Said once, as data: {@link Ordering} checks it on plans, on
 * the story of every run and in simulation, and a run's trace carries it so that it can be checked where this service is not.
 * Steps are named by {@link #name}.
 */
public sealed interface Invariant {
    /** Stands among the words after: the run is completed. */
    String COMPLETED = "run-completed";

    /** What a step does; of a gate, which one it is, as in {@code gate:freeze}. */
    static String name(Step step) {
        int dot = step.id().indexOf('.');
        return step.action() instanceof Gate
                ? "gate:" + (dot < 0 ? step.id() : step.id().substring(0, dot))
                : step.action().word();
    }

    /** The clause it rests on. */
    String rule();

    /** As a person would say it. */
    String sentence();

    /** No step {@code then} begins before a step {@code first} is done. */
    record Before(String rule, String sentence, Scope scope, Set<String> first, Set<String> then) implements Invariant {
        public Before {
            first = sorted(first);
            then = sorted(then);
        }
    }

    /** If there is a step {@code only}, there is one only, on the host where a step {@code among} succeeded last, and after it. */
    record LastAlone(String rule, String sentence, Set<String> among, Set<String> only) implements Invariant {
        public LastAlone {
            among = sorted(among);
            only = sorted(only);
        }
    }

    /** Which step must be done before another begins. */
    enum Scope {
        /** One on the same host. */
        SAME_HOST,
        /** One on any host. */
        ANY,
        /** All there are in the plan, one at least. */
        ALL,
        /** All there are in the plan, if there are any. */
        ALL_THERE_ARE
    }

    private static Set<String> sorted(Set<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("an invariant about no step");
        }
        return Collections.unmodifiableSet(new TreeSet<>(words));
    }
}
