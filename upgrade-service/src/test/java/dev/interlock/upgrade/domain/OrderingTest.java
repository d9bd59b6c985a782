package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.Invariant.Before;
import dev.interlock.upgrade.domain.Invariant.LastAlone;
import dev.interlock.upgrade.domain.Invariant.Scope;
import dev.interlock.upgrade.domain.Ordering.Breach;
import dev.interlock.upgrade.domain.Ordering.Moment;
import dev.interlock.upgrade.domain.Plan.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker of invariants, on plans and stories that are right and on those that are wrong on purpose. */
class OrderingTest {
    private static final Plan GOOD = Estate.plan(Estate.hosts(3), new Limits(2, 1, null), null);

    private static List<String> rules(List<Breach> breaches) {
        return breaches.stream().map(Breach::rule).distinct().toList();
    }

    private static Plan with(Plan plan, List<Stage> stages) {
        return new Plan(
                plan.product(),
                plan.deploymentId(),
                plan.deployment(),
                plan.from(),
                plan.target(),
                plan.repository(),
                plan.limits(),
                plan.window(),
                plan.targets(),
                stages,
                plan.notes());
    }

    private interface Change {
        List<Step> of(List<Step> steps);
    }

    /** The same plan, each lane changed. */
    private static Plan changed(Change change) {
        return with(
                GOOD,
                GOOD.stages().stream()
                        .map(s -> new Stage(
                                s.name(),
                                s.width(),
                                s.haltOnFailure(),
                                s.noWayBack(),
                                s.lanes().stream()
                                        .map(l -> new Stage.Lane(l.hostId(), l.hostName(), change.of(l.steps())))
                                        .toList()))
                        .toList());
    }

    private static List<Step> without(List<Step> steps, String word) {
        return steps.stream().filter(s -> !s.action().word().equals(word)).toList();
    }

    private static List<String> inPlan(Plan plan) {
        return rules(new Ordering(plan, Invariants.KEEPER).inPlan());
    }

    @Test
    void keepersPlansKeepItsInvariants() {
        assertThat(new Ordering(GOOD, Invariants.KEEPER).inPlan()).isEmpty();
        assertThat(new Ordering(Estate.plan(5, 5), Invariants.KEEPER).inPlan()).isEmpty();
    }

    @Test
    @Clause({"G2", "G3", "G11", "G12", "G16", "G17"})
    void umsPlansKeepTheirsWhateverTheNetworkLooksLike() {
        for (int servers = 1; servers <= 4; servers++) {
            for (int balancers = 0; balancers <= 2; balancers++) {
                for (String to : List.of("12.05.100", "12.04.110")) {
                    Plan plan = IgelUmsHighAvailabilityTest.network(servers, balancers, balancers, to);
                    assertThat(new Ordering(plan, Invariants.UMS).inPlan()).isEmpty();
                    assertThat(new Ordering(plan, Invariants.UMS).inStory(story(plan)))
                            .isEmpty();
                }
            }
        }
    }

    /** Stages of a real UMS plan taken away, or put too early: every order that matters is missed. */
    @Test
    @Clause({"G2", "G3", "G12", "G16", "G17"})
    void aUmsPlanWithoutWhatMustComeFirstIsFound() {
        Plan plan = IgelUmsHighAvailabilityTest.network(3, 1, 1, "12.05.100");
        for (var expected : Map.of(
                        "Preflight", "G2",
                        "Backup", "G3",
                        "Freeze", "G12",
                        "Confirmations", "G10",
                        "Final check", "G25")
                .entrySet()) {
            var stages = new ArrayList<>(plan.stages());
            assertThat(stages.removeIf(s -> s.name().equals(expected.getKey()))).isTrue();
            assertThat(rules(new Ordering(with(plan, stages), Invariants.UMS).inPlan()))
                    .as("without %s", expected.getKey())
                    .contains(expected.getValue());
        }
        List<String> names = plan.stages().stream().map(Stage::name).toList();
        var early = new ArrayList<>(plan.stages());
        Stage back = early.remove(names.indexOf("Back to normal mode"));
        early.add(names.indexOf("Last server"), back);
        assertThat(rules(new Ordering(with(plan, early), Invariants.UMS).inPlan()))
                .contains("G17");
        var swapped = new ArrayList<>(plan.stages());
        Collections.swap(swapped, names.indexOf("Servers"), names.indexOf("Last server"));
        assertThat(rules(new Ordering(with(plan, swapped), Invariants.UMS).inPlan()))
                .contains("G16");
    }

    @Test
    void aPlanThatBreaksOneIsFound() {
        assertThat(inPlan(changed(steps -> without(steps, "stop-services")))).containsExactly("K5");
        assertThat(inPlan(changed(steps -> without(steps, "check-host")))).containsExactly("K2");
        assertThat(inPlan(changed(steps -> without(steps, "prove-version")))).containsExactly("K10");
        assertThat(inPlan(changed(steps -> {
                    var reversed = new ArrayList<>(steps);
                    Collections.reverse(reversed);
                    return reversed;
                })))
                .containsExactly("K5", "K9", "K10");
        var stages = new ArrayList<>(GOOD.stages());
        Collections.reverse(stages);
        assertThat(inPlan(with(GOOD, stages))).containsExactly("K2");
    }

    /** In a stage that does not halt, one host's failure does not keep the others from what must wait for it. */
    @Test
    void whatMustWaitForAllNeedsAStageThatHalts() {
        List<Invariant> all = List.of(new Before(
                "G16", "All are installed first", Scope.ALL, Set.of("check-host"), Set.of("upgrade-packages")));
        assertThat(GOOD.stages().getFirst().haltOnFailure()).isFalse();
        assertThat(rules(new Ordering(GOOD, all).inPlan())).containsExactly("G16");
        var stages = new ArrayList<>(GOOD.stages());
        Stage first = stages.getFirst();
        stages.set(0, new Stage(first.name(), first.width(), true, null, first.lanes()));
        assertThat(new Ordering(with(GOOD, stages), all).inPlan()).isEmpty();
        List<Invariant> any = List.of(
                new Before("G3", "A backup first", Scope.ANY, Set.of("check-host"), Set.of("upgrade-packages")));
        assertThat(new Ordering(GOOD, any).inPlan())
                .as("a host's own check leads it")
                .isEmpty();
    }

    /** One after another; the last one alone renews: here "prove" stands for the renewal, "start" for the update. */
    private static Plan cluster(int renewing, boolean halting) {
        Plan three = Estate.plan(Estate.hosts(3), new Limits(1, 3, null), null);
        Stage stage = three.stages().get(1);
        var lanes = new ArrayList<Stage.Lane>();
        for (int i = 0; i < stage.lanes().size(); i++) {
            Stage.Lane lane = stage.lanes().get(i);
            lanes.add(new Stage.Lane(
                    lane.hostId(),
                    lane.hostName(),
                    i == renewing ? lane.steps() : without(lane.steps(), "prove-version")));
        }
        return with(three, List.of(new Stage("cluster", 1, halting, null, lanes)));
    }

    private static final List<Invariant> LAST = List.of(
            new LastAlone("G16", "The last one and only it renews", Set.of("start-services"), Set.of("prove-version")));

    @Test
    void theLastAloneIsKnownInPlans() {
        assertThat(new Ordering(cluster(2, true), LAST).inPlan()).isEmpty();
        assertThat(new Ordering(cluster(1, true), LAST).inPlan())
                .as("not the last")
                .hasSize(1);
        assertThat(new Ordering(cluster(9, true), LAST).inPlan())
                .as("nobody: the schema stays as it is")
                .isEmpty();
        assertThat(new Ordering(cluster(2, false), LAST).inPlan())
                .as("a failed one would be passed by")
                .hasSize(1);
        assertThat(new Ordering(Estate.plan(3, 1), LAST).inPlan())
                .as("everybody")
                .hasSize(1);
    }

    @Test
    void theLastAloneIsKnownInStories() {
        Plan plan = cluster(2, true);
        var story = new ArrayList<Moment>();
        plan.steps().forEach(s -> {
            story.add(new Moment.Begun(s.id()));
            story.add(new Moment.Done(s.id(), false));
        });
        var ordering = new Ordering(plan, LAST);
        assertThat(ordering.inStory(story)).isEmpty();
        var early = new ArrayList<>(story);
        early.addFirst(new Moment.Begun("prove.web-3"));
        assertThat(ordering.inStory(early)).hasSize(1);
        // the last one's update was skipped: it runs the old version, and must not renew
        var skipped = new ArrayList<>(story);
        skipped.replaceAll(
                m -> m.equals(new Moment.Done("start.web-3", false)) ? new Moment.Done("start.web-3", true) : m);
        assertThat(ordering.inStory(skipped)).hasSize(1);
    }

    private static List<Moment> story(Plan plan) {
        var story = new ArrayList<Moment>();
        plan.steps().forEach(s -> {
            story.add(new Moment.Begun(s.id()));
            story.add(new Moment.Done(s.id(), false));
        });
        story.add(new Moment.Completed());
        return story;
    }

    @Test
    void aStoryThatBreaksOneIsFound() {
        var ordering = new Ordering(GOOD, Invariants.KEEPER);
        assertThat(ordering.inStory(story(GOOD))).isEmpty();
        for (int i = 0; i < story(GOOD).size() - 1; i++) {
            if (story(GOOD).get(i) instanceof Moment.Done done) {
                var story = story(GOOD);
                story.remove(i);
                assertThat(ordering.inStory(story))
                        .as("%s never happened", done)
                        .isNotEmpty();
            }
        }
        var foreign = story(GOOD);
        foreign.add(new Moment.Begun("format.web-1"));
        assertThat(rules(ordering.inStory(foreign))).containsExactly("plan");
    }
}
