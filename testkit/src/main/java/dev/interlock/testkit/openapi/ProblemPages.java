package dev.interlock.testkit.openapi;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.testkit.openapi.ProblemTypes.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The pages of {@code docs/problems}: one a type, and a list of them all. By file name. */
final class ProblemPages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 12;
    private static final String EDGE = "edge";

    private ProblemPages() {}

    static Map<String, String> all() {
        var types = ProblemTypes.read();
        var answeredBy = answeredBy();
        var pages = new TreeMap<String, String>();
        for (ProblemType type : types.all()) {
            pages.put(type.slug() + ".md", page(type, answeredBy.getOrDefault(type.slug(), List.of())));
        }
        pages.put("index.md", index(types));
        return pages;
    }

    private static String page(ProblemType type, List<String> operations) {
        var page = new StringBuilder();
        page.append("# ").append(type.slug()).append("\n\n");
        page.append("**")
                .append(statuses(type))
                .append("** · ")
                .append(type.title())
                .append(" · ");
        page.append(
                        switch (type.service()) {
                            case "platform" -> "all services";
                            case EDGE -> "the console's edge";
                            default -> type.service();
                        })
                .append("\n\n");
        page.append(type.when()).append("\n\n");
        page.append("## What to do\n\n");
        page.append(type.next().replace("<", "&lt;")).append("\n\n");
        page.append("This is what `next` says, or much like it: the answer itself knows the case.\n\n");
        page.append("## Example\n\n```json\n").append(json(type.example())).append("\n```\n\n");
        page.append("## Which operations answer it\n\n");
        if (type.service().equals(EDGE)) {
            type.operations().forEach(each -> page.append("- ").append(each).append('\n'));
        } else if (type.operations().contains("*")) {
            page.append("Any request can be answered so.\n");
        } else if (operations.size() > MANY) {
            page.append(operations.size())
                    .append(" operations; the API pages say at each which problems it answers.\n");
        } else {
            operations.forEach(each -> page.append("- ").append(each).append('\n'));
        }
        page.append("\n[All problem types](index.md)\n");
        return page.toString();
    }

    private static String index(ProblemTypes types) {
        var page = new StringBuilder("# Problem types\n\n");
        page.append("Every error answer has one of these types, as [Problems](../problems.md) explains.\n");
        String service = "";
        for (ProblemType type : types.all()) {
            if (!type.service().equals(service)) {
                service = type.service();
                page.append("\n## ")
                        .append(
                                switch (service) {
                                    case "platform" -> "All services";
                                    case EDGE -> "The console's edge";
                                    default -> service;
                                });
                page.append("\n\n| type | status | |\n|---|---|---|\n");
            }
            page.append("| [`")
                    .append(type.slug())
                    .append("`](")
                    .append(type.slug())
                    .append(".md) | ");
            page.append(statuses(type)).append(" | ").append(type.title()).append(" |\n");
        }
        return page.toString();
    }

    private static String statuses(ProblemType type) {
        return type.statuses().stream().map(String::valueOf).collect(joining(", "));
    }

    /** Operations by the slug of a problem that they can answer. */
    private static Map<String, List<String>> answeredBy() {
        var found = new TreeMap<String, List<String>>();
        for (String name : ApiFiles.NAMES) {
            var document = ApiFiles.read(ApiFiles.published(name));
            document.path("paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .properties()
                            .forEach(each -> each.getValue().path("responses").forEach(answer -> {
                                JsonNode response = answer.has("$ref")
                                        ? document.at(
                                                answer.path("$ref").asText().substring(1))
                                        : answer;
                                response.path("x-problems")
                                        .forEach(slug -> found.computeIfAbsent(slug.asText(), none -> new ArrayList<>())
                                                .add("`" + each.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()
                                                        + "` ("
                                                        + each.getValue()
                                                                .path("operationId")
                                                                .asText() + ", " + name + ")"));
                            })));
        }
        return found;
    }

    private static String json(JsonNode node) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
