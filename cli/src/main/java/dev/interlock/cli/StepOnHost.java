package dev.interlock.cli;

import dev.interlock.client.upgrade.Lane;
import dev.interlock.client.upgrade.Run;
import dev.interlock.client.upgrade.Stage;
import dev.interlock.client.upgrade.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A step of a run, with the host it is for. */
record StepOnHost(String host, Step step) {

    private static final Set<String> DONE = Set.of(Step.StateWords.SUCCEEDED, Step.StateWords.SKIPPED);

    static List<StepOnHost> in(Run run) {
        var steps = new ArrayList<StepOnHost>();
        for (Stage stage : run.stages()) {
            for (Lane lane : stage.lanes()) {
                lane.steps().forEach(step -> steps.add(new StepOnHost(lane.hostName(), step)));
            }
        }
        return steps;
    }

    String state() {
        return step.state();
    }

    String title() {
        return step.title();
    }

    boolean done() {
        return DONE.contains(step.state());
    }
}
