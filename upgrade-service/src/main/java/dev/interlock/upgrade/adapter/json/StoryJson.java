package dev.interlock.upgrade.adapter.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.app.RunForm;
import dev.interlock.upgrade.app.Runs;
import dev.interlock.upgrade.app.Runs.StoredRun;
import dev.interlock.upgrade.domain.Invariant;
import dev.interlock.upgrade.domain.Invariant.Before;
import dev.interlock.upgrade.domain.Invariant.LastAlone;
import dev.interlock.upgrade.domain.Ordering.Moment;
import dev.interlock.upgrade.domain.Run;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

@Singleton
final class StoryJson implements RunForm {
    @Override
    public List<Moment> story(List<Runs.Event> events) {
        var story = new ArrayList<Moment>();
        for (Runs.Event event : events) {
            JsonNode data = Json.read(event.data(), JsonNode.class);
            String step = data.path("stepId").asText();
            // what was told to watchers has the step's state; what was told to the world has not
            switch (data.path("state").asText()) {
                case "running", "waiting" -> story.add(new Moment.Begun(step));
                case "succeeded" -> story.add(new Moment.Done(step, false));
                case "skipped" -> story.add(new Moment.Done(step, true));
                default -> {
                    if (event.type().equals("UpgradeCompleted")) {
                        story.add(new Moment.Completed());
                    }
                }
            }
        }
        return story;
    }

    @Override
    public String head(StoredRun stored, StoredPlan plan, List<Invariant> invariants) {
        Run run = stored.run();
        var head = new LinkedHashMap<String, Object>();
        head.put("runId", run.id());
        head.put("planId", run.planId());
        head.put("planHash", run.planHash());
        head.put("deploymentId", run.plan().deploymentId());
        head.put("deployment", run.plan().deployment());
        head.put("product", run.plan().product());
        head.put("fromVersion", run.plan().from().text());
        head.put("toVersion", run.plan().target().text());
        head.put("status", run.status().word());
        head.put("plannedBy", plan.plannedBy());
        head.put("approvedBy", String.valueOf(plan.decidedBy()));
        head.put("startedBy", stored.startedBy());
        head.put("startedAt", run.startedAt());
        head.put("endedAt", run.endedAt());
        head.put("invariants", invariants.stream().map(StoryJson::rule).toList());
        return Json.write(head);
    }

    private static Map<String, Object> rule(Invariant invariant) {
        var rule = new LinkedHashMap<String, Object>();
        rule.put("rule", invariant.rule());
        rule.put("sentence", invariant.sentence());
        switch (invariant) {
            case Before before -> {
                rule.put("kind", "before");
                rule.put("scope", before.scope().name().toLowerCase(Locale.ROOT).replace('_', '-'));
                rule.put("first", before.first());
                rule.put("then", before.then());
            }
            case LastAlone alone -> {
                rule.put("kind", "last-alone");
                rule.put("among", alone.among());
                rule.put("only", alone.only());
            }
        }
        return rule;
    }
}
