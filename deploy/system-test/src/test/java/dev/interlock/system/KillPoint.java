package dev.interlock.system;

import dev.interlock.lab.CommandListener.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a procedure the controller is killed, seen from the host: the {@code nth} such moment of a step.
 *
 * @param step the word before the host's name in the step's id
 */
record KillPoint(String step, When when, int nth) {
    /**
     * A procedure's steps on a host.
     *
     * @param looks the first one, which has no claim
     * @param claimed those whose scripts name their claim
     * @param proves the last one, if it has no claim
     * @param effects how many effects a step has on the host; a step that is not named has none
     * @param preflight those that go on at all hosts of a run at once, before anything else
     */
    record Steps(
            String looks,
            List<String> claimed,
            @Nullable String proves,
            Map<String, Integer> effects,
            Set<String> preflight) {
        /** Which step sent this script to this host; null if it is not one of the engine's. */
        @Nullable
        String of(String script, String host) {
            if (!script.contains("JOBS='")) {
                return null;
            }
            for (var step : claimed) {
                if (script.contains("." + step + "." + host + ".")) {
                    return step;
                }
            }
            return script.contains("PROBE=") ? looks : proves;
        }

        /** Every boundary of every step, and every place inside: before, between and after its effects. */
        List<KillPoint> points() {
            var all = new ArrayList<String>();
            all.add(looks);
            all.addAll(claimed);
            if (proves != null) {
                all.add(proves);
            }
            var points = new ArrayList<KillPoint>();
            for (var step : all) {
                points.add(new KillPoint(step, When.STARTED, 1));
                int inside = effects.getOrDefault(step, 0);
                for (int nth = 1; nth <= inside; nth++) {
                    points.add(new KillPoint(step, When.EFFECT_DUE, nth));
                }
                if (inside > 0) {
                    points.add(new KillPoint(step, When.EFFECT_DONE, inside));
                }
                points.add(new KillPoint(step, When.ANSWERING, 1));
                points.add(new KillPoint(step, When.ANSWERED, 1));
            }
            return points;
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

    @Override
    public String toString() {
        return step + " " + when + (nth > 1 ? " " + nth : "");
    }
}
