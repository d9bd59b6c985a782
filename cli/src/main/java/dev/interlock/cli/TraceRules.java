package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ordering invariants that a trace carries, held against its events one by one. */
final class TraceRules {
    private static final String COMPLETED = "run-completed";

    private final List<Rule> rules = new ArrayList<>();
    /** Steps by id: what they do, and where. */
    private final Map<String, Step> steps = new HashMap<>();

    private final Set<String> done = new HashSet<>();
    private final Map<String, String> lastHost = new HashMap<>();

    private record Step(String id, String word, String host) {}

    /** @param scope of a {@code before}; "last-alone" for the other kind */
    private record Rule(String rule, String sentence, String scope, Set<String> first, Set<String> then) {}

    TraceRules(JsonNode plan, JsonNode invariants) {
        for (JsonNode each : invariants) {
            boolean before = each.path("kind").asText().equals("before");
            rules.add(new Rule(
                    each.path("rule").asText(),
                    each.path("sentence").asText(),
                    before ? each.path("scope").asText() : "last-alone",
                    words(each.path(before ? "first" : "among")),
                    words(each.path(before ? "then" : "only"))));
        }
        for (JsonNode stage : plan.path("stages")) {
            for (JsonNode lane : stage.path("lanes")) {
                for (JsonNode step : lane.path("steps")) {
                    String id = step.path("id").asText();
                    steps.put(
                            id,
                            new Step(
                                    id,
                                    name(id, step.path("action").path("kind").asText()),
                                    step.path("hostId").asText()));
                }
            }
        }
    }

    /** What a step does; of a gate, which one it is. */
    private static String name(String id, String kind) {
        return kind.equals("gate") ? "gate:" + id.replaceFirst("\\..*", "") : kind;
    }

    /** What is wrong with this event coming now. */
    List<String> sees(String type, JsonNode data) {
        String id = data.path("stepId").asText();
        Step step = steps.get(id);
        var breaches = new ArrayList<String>();
        switch (data.path("state").asText()) {
            case "running", "waiting" -> {
                if (step == null) {
                    breaches.add("begins a step that the plan does not hold: " + id + ".");
                } else {
                    breaches.addAll(begins(step.word(), step));
                }
            }
            case "succeeded" -> {
                done.add(id);
                if (step != null) {
                    lastHost.put(step.word(), step.host());
                }
            }
            case "skipped" -> done.add(id);
            default -> {
                if (type.equals("UpgradeCompleted")) {
                    breaches.addAll(begins(COMPLETED, null));
                }
            }
        }
        return breaches;
    }

    private List<String> begins(String word, @Nullable Step step) {
        return rules.stream()
                .filter(rule -> rule.then().contains(word) && !holds(rule, step))
                .map(rule -> "breaks " + rule.rule() + ": " + rule.sentence() + ".")
                .toList();
    }

    private boolean holds(Rule rule, @Nullable Step then) {
        List<Step> first = steps.values().stream()
                .filter(each -> rule.first().contains(each.word()))
                .toList();
        boolean all = first.stream().allMatch(each -> done.contains(each.id()));
        return switch (rule.scope()) {
            case "same-host" ->
                first.stream()
                        .anyMatch(each -> then != null && each.host().equals(then.host()) && done.contains(each.id()));
            case "any" -> first.stream().anyMatch(each -> done.contains(each.id()));
            case "all" -> !first.isEmpty() && all;
            case "all-there-are" -> all;
            case "last-alone" ->
                all
                        && rule.first().stream()
                                .allMatch(word -> then != null && then.host().equals(lastHost.get(word)));
            // a rule of a newer service: not known here, so not held
            default -> false;
        };
    }

    private static Set<String> words(JsonNode array) {
        var words = new HashSet<String>();
        array.forEach(word -> words.add(word.asText()));
        return words;
    }
}
