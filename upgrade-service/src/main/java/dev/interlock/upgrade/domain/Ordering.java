package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Invariant.Before;
import dev.interlock.upgrade.domain.Invariant.LastAlone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Holds plans and stories against the invariants. Knows nothing of how runs are decided. */
public final class Ordering {
    private final Plan plan;
    private final List<Invariant> invariants;
    private final Map<String, Place> places = new HashMap<>();

    public Ordering(Plan plan, List<Invariant> invariants) {
        this.plan = plan;
        this.invariants = List.copyOf(invariants);
        for (int s = 0; s < plan.stages().size(); s++) {
            List<Stage.Lane> lanes = plan.stages().get(s).lanes();
            for (int l = 0; l < lanes.size(); l++) {
                List<Step> steps = lanes.get(l).steps();
                for (int i = 0; i < steps.size(); i++) {
                    places.put(steps.get(i).id(), new Place(steps.get(i), s, l, i));
                }
            }
        }
    }

    private record Place(Step step, int stage, int lane, int index) {}

    /** @param at the step that breaks it, or the number of the moment in the story */
    public record Breach(String rule, String sentence, String at) {
        @Override
        public String toString() {
            return rule + " (" + sentence + ") is broken at " + at;
        }
    }

    /** One thing that came to pass in a run. */
    public sealed interface Moment {
        record Begun(String stepId) implements Moment {}

        /** @param skipped on a person's word, which stands for the effect */
        record Done(String stepId, boolean skipped) implements Moment {}

        record Completed() implements Moment {}
    }

    // ---- plans

    /** Every order in which the plan can be carried out must keep the invariants; what does not, is named. */
    public List<Breach> inPlan() {
        var breaches = new ArrayList<Breach>();
        for (Invariant invariant : invariants) {
            switch (invariant) {
                case Before before ->
                    having(before.then())
                            .filter(then -> !led(before, then))
                            .forEach(then -> breaches.add(new Breach(
                                    before.rule(),
                                    before.sentence(),
                                    then.step().id())));
                case LastAlone alone -> lastAlone(alone, breaches);
            }
            if (invariant instanceof Before before
                    && before.then().contains(Invariant.COMPLETED)
                    && having(before.first()).findAny().isEmpty()) {
                breaches.add(new Breach(before.rule(), before.sentence(), Invariant.COMPLETED));
            }
        }
        return breaches;
    }

    private boolean led(Before rule, Place then) {
        Predicate<Place> precedes = first -> precedes(first, then);
        return switch (rule.scope()) {
            case SAME_HOST ->
                having(rule.first())
                        .filter(first ->
                                first.step().hostId().equals(then.step().hostId()))
                        .anyMatch(precedes);
            case ANY -> having(rule.first()).anyMatch(precedes);
            case ALL ->
                having(rule.first()).findAny().isPresent()
                        && having(rule.first()).allMatch(precedes);
            case ALL_THERE_ARE -> having(rule.first()).allMatch(precedes);
        };
    }

    private void lastAlone(LastAlone rule, List<Breach> breaches) {
        List<Place> only = having(rule.only()).toList();
        List<Place> among = having(rule.among()).toList();
        if (only.isEmpty()) {
            return;
        }
        if (only.size() != 1) {
            breaches.add(
                    new Breach(rule.rule(), rule.sentence(), only.get(1).step().id()));
            return;
        }
        Place alone = only.getFirst();
        Place last = among.stream()
                .filter(each -> among.stream().allMatch(other -> other.equals(each) || precedes(other, each)))
                .findFirst()
                .orElse(null);
        if (last == null
                || !last.step().hostId().equals(alone.step().hostId())
                || !precedes(last, alone)
                || !among.stream().allMatch(each -> precedes(each, alone))) {
            breaches.add(new Breach(rule.rule(), rule.sentence(), alone.step().id()));
        }
    }

    private java.util.stream.Stream<Place> having(Set<String> words) {
        return plan.steps()
                .filter(s -> words.contains(Invariant.name(s)))
                .map(s -> Objects.requireNonNull(places.get(s.id())));
    }

    /**
     * Whether the run can never begin {@code b} with {@code a} undone. Another host's failure holds nobody back unless the stage
     * halts on it.
     */
    private boolean precedes(Place a, Place b) {
        Stage stage = plan.stages().get(a.stage());
        boolean sameHost = a.step().hostId().equals(b.step().hostId());
        if (a.stage() != b.stage()) {
            return a.stage() < b.stage() && (sameHost || stage.haltOnFailure());
        }
        if (a.lane() == b.lane()) {
            return a.index() < b.index();
        }
        return a.lane() < b.lane() && stage.width() == 1 && stage.haltOnFailure();
    }

    // ---- stories

    /** The breaches in what came to pass, in its order. */
    public List<Breach> inStory(List<Moment> story) {
        var watch = new Watch();
        story.forEach(watch::sees);
        return watch.breaches();
    }

    /** Looks at a run moment by moment. */
    public final class Watch {
        private final List<Breach> breaches = new ArrayList<>();
        private final Set<String> done = new HashSet<>();
        private final Map<String, UUID> lastHost = new HashMap<>();
        private int number;

        public void sees(Moment moment) {
            number++;
            switch (moment) {
                case Moment.Begun begun -> before(begun.stepId());
                case Moment.Completed completed -> before(null);
                case Moment.Done ended -> {
                    Place place = places.get(ended.stepId());
                    done.add(ended.stepId());
                    if (place != null && !ended.skipped()) {
                        lastHost.put(Invariant.name(place.step()), place.step().hostId());
                    }
                }
            }
        }

        public List<Breach> breaches() {
            return List.copyOf(breaches);
        }

        /** @param stepId that begins; null: the run is completed */
        private void before(@Nullable String stepId) {
            Place then = stepId == null ? null : places.get(stepId);
            if (stepId != null && then == null) {
                breaches.add(new Breach("plan", "Nothing happens that the plan does not hold", said(stepId)));
                return;
            }
            String word = then == null ? Invariant.COMPLETED : Invariant.name(then.step());
            for (Invariant invariant : invariants) {
                boolean holds = switch (invariant) {
                    case Before rule -> !rule.then().contains(word) || led(rule, then);
                    case LastAlone rule -> !rule.only().contains(word) || then == null || isLast(rule, then);
                };
                if (!holds) {
                    breaches.add(new Breach(invariant.rule(), invariant.sentence(), said(word)));
                }
            }
        }

        private String said(String what) {
            return "moment " + number + ", " + what;
        }

        private boolean led(Before rule, @Nullable Place then) {
            List<Place> first = having(rule.first()).toList();
            Predicate<Place> isDone = place -> done.contains(place.step().id());
            return switch (rule.scope()) {
                case SAME_HOST ->
                    first.stream()
                            .filter(place -> then != null
                                    && place.step().hostId().equals(then.step().hostId()))
                            .anyMatch(isDone);
                case ANY -> first.stream().anyMatch(isDone);
                case ALL -> !first.isEmpty() && first.stream().allMatch(isDone);
                case ALL_THERE_ARE -> first.stream().allMatch(isDone);
            };
        }

        private boolean isLast(LastAlone rule, Place then) {
            return having(rule.among())
                            .allMatch(each -> done.contains(each.step().id()))
                    && rule.among().stream()
                            .allMatch(word -> then.step().hostId().equals(lastHost.get(word)));
        }
    }
}
