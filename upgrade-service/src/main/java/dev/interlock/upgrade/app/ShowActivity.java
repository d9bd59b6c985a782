package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Stage;
import dev.interlock.upgrade.domain.Step;
import dev.interlock.upgrade.domain.StepState;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** What goes on now, and what of it waits for a person. */
@Singleton
public class ShowActivity {
    /** More undecided plans than anybody reads at a glance. */
    private static final int MOST_PLANS = 20;

    private final Runs runs;
    private final Plans plans;

    public ShowActivity(Runs runs, Plans plans) {
        this.runs = runs;
        this.plans = plans;
    }

    /**
     * @param runs those that have not ended, and those that failed and were not followed by another; newest first
     * @param plans that wait for a decision, or are approved and wait to be started; newest first
     */
    public record Activity(List<StoredRun> runs, List<StoredPlan> plans) {}

    public Activity handle() {
        return new Activity(runs.present(), plans.undone(MOST_PLANS));
    }

    /** Something that stands still until a person acts. */
    public sealed interface Waiting {
        /** A gate is open. */
        record AtGate(Stage.Lane lane, Step step, Gate gate, StepState.Waiting state) implements Waiting {}

        /** A step has failed; its host goes no further. */
        record AtFailure(Stage.Lane lane, Step step, StepState.Failed state) implements Waiting {}

        /** The run rests as a whole. */
        record Paused(Run.Asked asked) implements Waiting {}
    }

    /** What of a run waits for a person, the run itself first, then step by step. */
    public static List<Waiting> waiting(Run run) {
        var found = new ArrayList<Waiting>();
        Run.Asked asked = run.asked();
        if (run.status() == Run.Status.PAUSED && asked != null) {
            found.add(new Waiting.Paused(asked));
        }
        for (Stage stage : run.plan().stages()) {
            for (Stage.Lane lane : stage.lanes()) {
                for (Step step : lane.steps()) {
                    switch (run.state(step.id())) {
                        case StepState.Waiting state -> {
                            if (step.action() instanceof Gate gate) {
                                found.add(new Waiting.AtGate(lane, step, gate, state));
                            }
                        }
                        case StepState.Failed state -> found.add(new Waiting.AtFailure(lane, step, state));
                        case StepState.Pending p -> {}
                        case StepState.Running r -> {}
                        case StepState.Succeeded s -> {}
                        case StepState.Skipped s -> {}
                    }
                }
            }
        }
        return found;
    }
}
