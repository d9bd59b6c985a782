package dev.interlock.testkit.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The problem types that the services answer with: {@code contracts/api/problems.yml}. */
final class ProblemTypes {

    /**
     * One type.
     *
     * @param service that answers with it; {@code platform} for all, {@code edge} for the console's edge
     * @param statuses any of which it is answered with; the first is the usual one
     * @param when what has happened, and what to do about it: Markdown
     * @param operations that may answer it, besides those that do so by a rule; {@code *} for any request; of the edge the
     *     requests in words
     */
    record ProblemType(
            String slug,
            String service,
            List<Integer> statuses,
            String title,
            String when,
            String next,
            List<String> operations,
            ObjectNode example) {
        int status() {
            return statuses.getFirst();
        }
    }

    private final Map<String, ProblemType> bySlug = new LinkedHashMap<>();

    static ProblemTypes read() {
        var types = new ProblemTypes();
        ApiFiles.read(ApiFiles.ROOT.resolve("contracts/api/problems.yml"))
                .properties()
                .forEach(service -> service.getValue()
                        .properties()
                        .forEach(each -> types.bySlug.put(
                                each.getKey(), type(each.getKey(), service.getKey(), each.getValue()))));
        return types;
    }

    private static ProblemType type(String slug, String service, JsonNode said) {
        var operations = new ArrayList<String>();
        said.path("operations").forEach(each -> operations.add(each.asText()));
        var statuses = new ArrayList<Integer>();
        if (said.path("status").isArray()) {
            said.path("status").forEach(each -> statuses.add(each.asInt()));
        } else {
            statuses.add(said.path("status").asInt());
        }
        var example = JsonNodeFactory.instance.objectNode();
        example.put("type", "/problems/" + slug)
                .put("title", said.path("title").asText())
                .put("status", statuses.getFirst())
                .put("detail", said.path("example").path("detail").asText())
                .put("next", said.path("next").asText())
                .put("instance", said.path("example").path("instance").asText("/api/v1/hosts"));
        said.path("example").properties().forEach(member -> {
            if (!example.has(member.getKey())) {
                example.set(member.getKey(), member.getValue());
            } else if (member.getKey().equals("next")) {
                example.set("next", member.getValue());
            }
        });
        return new ProblemType(
                slug,
                service,
                List.copyOf(statuses),
                said.path("title").asText(),
                said.path("when").asText(),
                said.path("next").asText(),
                List.copyOf(operations),
                example);
    }

    List<ProblemType> all() {
        return List.copyOf(bySlug.values());
    }

    ProblemType of(String slug) {
        var type = bySlug.get(slug);
        if (type == null) {
            throw new AssertionError(
                    "There is no problem type '" + slug + "' in contracts/api/problems.yml: describe it there.");
        }
        return type;
    }

    /** Those that name an operation as one of theirs. */
    List<ProblemType> of(String service, String operationId) {
        return all().stream()
                .filter(type -> type.service().equals(service) || type.service().equals("platform"))
                .filter(type -> type.operations().contains(operationId))
                .toList();
    }
}
