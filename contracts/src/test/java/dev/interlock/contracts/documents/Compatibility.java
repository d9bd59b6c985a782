package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What changed between two schemas of one type that a reader of the other would trip over. Topics keep old messages and
 * readers are upgraded at their own time, so both directions count: an old reader of new messages and a new reader of
 * old ones. Adding a nullable field or a word to an enumeration is fine.
 */
final class Compatibility {

    /** One sentence for each break; empty if there is none. */
    static List<String> breaks(JsonNode published, JsonNode now) {
        var breaks = new ArrayList<String>();
        identity("x-interlock-topic", "moved to another topic", published, now, breaks);
        identity("x-interlock-key", "is keyed by another field", published, now, breaks);
        compare("", published, now, breaks);
        return List.copyOf(breaks);
    }

    private static void identity(String keyword, String what, JsonNode was, JsonNode is, List<String> breaks) {
        if (was.has(keyword) && !was.get(keyword).equals(is.get(keyword))) {
            breaks.add("it " + what + " (" + was.path(keyword).asText() + " → "
                    + is.path(keyword).asText() + ")");
        }
    }

    private static void compare(String path, JsonNode was, JsonNode is, List<String> breaks) {
        Set<String> before = names(was.path("properties"));
        Set<String> after = names(is.path("properties"));
        Set<String> requiredBefore = texts(was.path("required"));
        Set<String> requiredAfter = texts(is.path("required"));
        for (String field : before) {
            String at = path + field;
            if (!after.contains(field)) {
                breaks.add("field '" + at + "' was removed or renamed");
                continue;
            }
            if (!requiredBefore.contains(field) && requiredAfter.contains(field)) {
                breaks.add("field '" + at + "' was made required, but older messages lack it");
            }
            if (requiredBefore.contains(field) && !requiredAfter.contains(field)) {
                breaks.add("field '" + at + "' was made nullable, but older readers demand it");
            }
            value(at, was.path("properties").path(field), is.path("properties").path(field), breaks);
        }
        for (String field : after) {
            if (!before.contains(field) && requiredAfter.contains(field)) {
                breaks.add("the new field '" + path + field + "' is required, but older messages lack it");
            }
        }
    }

    private static void value(String at, JsonNode was, JsonNode is, List<String> breaks) {
        if (!kind(was).equals(kind(is))) {
            breaks.add("field '" + at + "' changed its type (" + kind(was) + " → " + kind(is) + ")");
            return;
        }
        words(at, was, is, breaks);
        compare(at + ".", was, is, breaks);
        if (was.has("items")) {
            value(at + "[]", was.path("items"), is.path("items"), breaks);
        }
        if (was.path("additionalProperties").isObject()) {
            value(at + "{}", was.path("additionalProperties"), is.path("additionalProperties"), breaks);
        }
    }

    private static void words(String at, JsonNode was, JsonNode is, List<String> breaks) {
        if (!is.has("enum")) {
            return;
        }
        if (!was.has("enum")) {
            breaks.add("field '" + at + "' allowed any text and is now limited to some words");
            return;
        }
        Set<String> gone = texts(was.path("enum"));
        gone.removeAll(texts(is.path("enum")));
        if (!gone.isEmpty()) {
            breaks.add("field '" + at + "' no longer allows " + String.join(", ", gone));
        }
    }

    private static String kind(JsonNode schema) {
        String type = schema.path("type").asText("any");
        String format = schema.path("format").asText("");
        return format.isEmpty() ? type : type + " (" + format + ")";
    }

    private static Set<String> names(JsonNode object) {
        var names = new LinkedHashSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode array) {
        var texts = new LinkedHashSet<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private Compatibility() {}
}
