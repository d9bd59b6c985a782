package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The checked-in schemas: what the world was promised. One file a type; never deleted. */
record PublishedSchemas(Path folder) {

    static final String HOW_TO_PUBLISH =
            "run `mvn -o -q -pl contracts test -Dinterlock.accept=true` and commit the result";

    /**
     * What must be done before these schemas may be released; empty if they are as published.
     *
     * @param now type → schema
     */
    List<String> objections(Map<String, ? extends JsonNode> now) throws IOException {
        var objections = new ArrayList<String>();
        Map<String, JsonNode> published = read();
        published.forEach((type, was) -> {
            JsonNode is = now.get(type);
            if (is == null) {
                objections.add(
                        type + " is no longer written or read, but topics keep its messages and others rely on it."
                                + " Put the record back; if nothing publishes it any more, say so in its javadoc.");
                return;
            }
            Compatibility.breaks(was, is)
                    .forEach(what -> objections.add(type + " changed incompatibly: " + what + ". Put "
                            + was.path("title").asText()
                            + " back as it was and make a new version beside it, the record "
                            + was.path("title").asText()
                            + "V2 (type …v2); publish both until nobody reads the old one."));
        });
        now.forEach((type, is) -> {
            JsonNode was = published.get(type);
            if (was == null) {
                objections.add(type + " is new: " + HOW_TO_PUBLISH + ".");
            } else if (Compatibility.breaks(was, is).isEmpty()
                    && !withoutTexts(was).equals(withoutTexts(is))) {
                objections.add(type + " grew compatibly: " + HOW_TO_PUBLISH + ".");
            }
        });
        return List.copyOf(objections);
    }

    /** Makes these the published ones, but for those that would break a reader. */
    void accept(Map<String, ? extends JsonNode> now) throws IOException {
        Map<String, JsonNode> published = read();
        for (var each : now.entrySet()) {
            JsonNode was = published.get(each.getKey());
            if (was == null || Compatibility.breaks(was, each.getValue()).isEmpty()) {
                Files.writeString(folder.resolve(each.getKey() + ".json"), ContractDocuments.json(each.getValue()));
            }
        }
    }

    private Map<String, JsonNode> read() throws IOException {
        var all = new TreeMap<String, JsonNode>();
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
                String name = each.getFileName().toString();
                if (name.endsWith(".json")) {
                    all.put(
                            name.substring(0, name.length() - ".json".length()),
                            ContractDocuments.JSON.readTree(Files.readString(each)));
                }
            }
        }
        return all;
    }

    /** Titles and descriptions are for people; a better word breaks nobody. */
    private static JsonNode withoutTexts(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        strip(copy);
        return copy;
    }

    private static void strip(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            if (object.path("description").isTextual()) {
                object.remove("description");
            }
        }
        schema.forEach(PublishedSchemas::strip);
    }
}
