package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The steps in a plan's or run's stages, each with the host it is for. */
final class Steps {

    /** @param json the step, with {@code hostId} and {@code hostName} of its lane */
    record Step(String id, String host, String state, String title, JsonNode json) {
        boolean done() {
            return state.equals("succeeded") || state.equals("skipped");
        }
    }

    static List<Step> in(JsonNode node) {
        var steps = new ArrayList<Step>();
        collect(node, "", "", steps);
        return steps;
    }

    private static void collect(JsonNode node, String hostId, String hostName, List<Step> steps) {
        String id = first(node, hostId, "hostId");
        String name = first(node, hostName, "hostName");
        JsonNode own = node.path("steps");
        if (own.isArray()) {
            for (JsonNode step : own) {
                steps.add(step(step, id, name));
            }
        }
        for (String inner : List.of("stages", "lanes")) {
            node.path(inner).forEach(each -> collect(each, id, name, steps));
        }
    }

    private static Step step(JsonNode step, String laneHostId, String laneHostName) {
        String id = first(step, laneHostId, "hostId");
        String name = first(step, laneHostName, "hostName");
        if (step instanceof ObjectNode object) {
            object.put("hostName", name.isEmpty() ? id : name);
        }
        return new Step(
                first(step, "", "stepId", "id"),
                name.isEmpty() ? id : name,
                first(step, "pending", "state"),
                first(step, "", "title"),
                step);
    }

    private static String first(JsonNode node, String otherwise, String... fields) {
        for (String field : fields) {
            if (node.path(field).isTextual()) {
                return node.path(field).asText();
            }
        }
        return otherwise;
    }

    private Steps() {}
}
