package dev.interlock.system;

import dev.interlock.lab.CommandListener.Moment;
import java.util.ArrayList;
import java.util.List;

/** Where in the Keeper procedure the controller is killed, seen from the host: the {@code nth} such moment of a step. */
record KillPoint(Step step, When when, int nth) {
    enum Step {
        CHECK,
        STOP,
        INSTALL,
        START,
        PROVE;

        /** Which step sent this script to this host; null if it is not one of the engine's. */
        static @org.jspecify.annotations.Nullable Step of(String script, String host) {
            if (!script.contains("JOBS='")) {
                return null;
            }
            for (var step : List.of(STOP, INSTALL, START)) {
                if (script.contains("." + step.name().toLowerCase(java.util.Locale.ROOT) + "." + host + ".")) {
                    return step;
                }
            }
            return script.contains("PROBE=") ? CHECK : PROVE;
        }

        boolean changes() {
            return this == STOP || this == INSTALL || this == START;
        }
    }

    enum When {
        /** The command is there, nothing of it has run. */
        STARTED,
        EFFECT_DUE,
        EFFECT_DONE,
        /** All has run, the controller has not been told. */
        ANSWERING,
        /** The controller has been told; it may or may not have written it down. */
        ANSWERED;

        static When of(Moment moment) {
            return switch (moment) {
                case Moment.Started s -> STARTED;
                case Moment.EffectDue e -> EFFECT_DUE;
                case Moment.EffectDone e -> EFFECT_DONE;
                case Moment.Answering a -> ANSWERING;
                case Moment.Answered a -> ANSWERED;
            };
        }
    }

    /** Every boundary of every step, and every place inside: before, between and after its effects. */
    static List<KillPoint> all() {
        var points = new ArrayList<KillPoint>();
        for (var step : Step.values()) {
            points.add(new KillPoint(step, When.STARTED, 1));
            if (step.changes()) {
                points.add(new KillPoint(step, When.EFFECT_DUE, 1));
                points.add(new KillPoint(step, When.EFFECT_DUE, 2));
                points.add(new KillPoint(step, When.EFFECT_DONE, 2));
            }
            points.add(new KillPoint(step, When.ANSWERING, 1));
            points.add(new KillPoint(step, When.ANSWERED, 1));
        }
        return points;
    }

    @Override
    public String toString() {
        return step + " " + when + (nth > 1 ? " " + nth : "");
    }
}
