package dev.interlock.siem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * OCSF 1.8's facts of the classes and objects in use, to hold an event against. Strict: an attribute that is not among the
 * facts is wrong.
 */
final class OcsfSchema {

    private static final JsonNode FACTS = read();

    private OcsfSchema() {}

    private static JsonNode read() {
        try (var in = OcsfSchema.class.getResourceAsStream("/ocsf/ocsf-1.8.0.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String version() {
        return FACTS.path("version").asText();
    }

    /** What is wrong with an event; empty if it is valid. */
    static List<String> breaches(JsonNode event) {
        var breaches = new ArrayList<String>();
        var facts = FACTS.path("classes").path(event.path("class_uid").asText());
        if (facts.isMissingNode()) {
            return List.of("class_uid: there is no class " + event.path("class_uid"));
        }
        var attributes = new LinkedHashMap<String, String>();
        put(FACTS.path("base"), attributes);
        put(facts.path("attributes"), attributes);
        for (var profile : event.path("metadata").path("profiles")) {
            var of = FACTS.path("profiles").path(profile.asText());
            if (of.isMissingNode()) {
                breaches.add("metadata.profiles: there is no profile " + profile);
            }
            of.properties()
                    .forEach(each -> attributes.putIfAbsent(
                            each.getKey(), each.getValue().asText()));
        }
        check("", event, attributes, breaches);
        constraints("", event, facts, breaches);
        arithmetic(event, facts, breaches);
        observables(event, breaches);
        return breaches;
    }

    private static void put(JsonNode from, Map<String, String> attributes) {
        from.properties()
                .forEach(each -> attributes.put(each.getKey(), each.getValue().asText()));
    }

    private static void arithmetic(JsonNode event, JsonNode facts, List<String> breaches) {
        int classUid = event.path("class_uid").asInt();
        int activity = event.path("activity_id").asInt(-1);
        var caption = facts.path("activities").path(String.valueOf(activity)).asText("");
        expect("class_name", event, facts.path("caption").asText(), breaches);
        expect("category_uid", event, facts.path("category").asText(), breaches);
        expect("category_name", event, facts.path("category_name").asText(), breaches);
        if (event.path("category_uid").asInt() != classUid / 1000) {
            breaches.add("category_uid: not the thousands of class_uid");
        }
        if (caption.isEmpty()) {
            breaches.add("activity_id: " + facts.path("caption").asText() + " has no activity " + activity);
        } else if (activity != 99) {
            expect("activity_name", event, caption, breaches);
        }
        expect("type_uid", event, String.valueOf((long) classUid * 100 + activity), breaches);
        expect("type_name", event, facts.path("caption").asText() + ": " + caption, breaches);
        long time = event.path("time").asLong();
        if (time < 1_000_000_000_000L || time > 10_000_000_000_000L) {
            breaches.add("time: not milliseconds since 1970: " + time);
        }
        var severities = List.of("Unknown", "Informational", "Low", "Medium", "High", "Critical", "Fatal");
        int severity = event.path("severity_id").asInt();
        if (severity < severities.size()) {
            expect("severity", event, severities.get(severity), breaches);
        }
        expect("metadata.version", event.path("metadata"), "version", version(), breaches);
    }

    private static void expect(String attribute, JsonNode event, String wanted, List<String> breaches) {
        expect(attribute, event, attribute, wanted, breaches);
    }

    private static void expect(String path, JsonNode in, String attribute, String wanted, List<String> breaches) {
        if (!in.path(attribute).asText().equals(wanted)) {
            breaches.add(path + ": " + in.path(attribute) + " and not " + wanted);
        }
    }

    /** An observable points at an attribute of the event, and says its value. */
    private static void observables(JsonNode event, List<String> breaches) {
        for (var observable : event.path("observables")) {
            var pointer = "/"
                    + observable
                            .path("name")
                            .asText()
                            .replaceAll("\\[([0-9]+)]", "/$1")
                            .replace('.', '/');
            if (!event.at(pointer).equals(observable.path("value"))) {
                breaches.add("observables: " + observable.path("name") + " is " + event.at(pointer) + " and not "
                        + observable.path("value"));
            }
        }
    }

    private static void check(String path, JsonNode object, Map<String, String> attributes, List<String> breaches) {
        object.properties().forEach(each -> {
            var type = attributes.get(each.getKey());
            if (type == null) {
                breaches.add(path + each.getKey() + ": not an attribute here");
            } else {
                value(path + each.getKey(), each.getValue(), type, breaches);
            }
        });
        attributes.forEach((name, type) -> {
            if (type.contains("!") && !object.hasNonNull(name)) {
                breaches.add(path + name + ": required");
            }
        });
    }

    private static void value(String path, JsonNode value, String described, List<String> breaches) {
        var words = described.split(" ");
        var type = words[0].replace("!", "");
        if (type.endsWith("[]")) {
            if (!value.isArray()) {
                breaches.add(path + ": not a list");
            }
            for (var each : value) {
                value(path + "[]", each, type.substring(0, type.length() - 2), breaches);
            }
            return;
        }
        boolean right = switch (type) {
            case "any" -> true;
            case "string" -> value.isTextual();
            case "hostname" -> value.isTextual() && value.asText().matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
            case "ip" -> value.isTextual() && value.asText().matches("[0-9.]+|[0-9A-Fa-f:]+");
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isInt();
            case "long", "timestamp" -> value.isIntegralNumber();
            default -> value.isObject();
        };
        if (!right) {
            breaches.add(path + ": not a " + type + ": " + value);
        } else if (words.length > 1 && !List.of(words).subList(1, words.length).contains(value.asText())) {
            breaches.add(path + ": " + value + " is none of " + described);
        } else if (value.isObject() && !type.equals("any")) {
            var facts = FACTS.path("objects").path(type);
            if (facts.isMissingNode()) {
                breaches.add(path + ": there are no facts of " + type);
            }
            var attributes = new LinkedHashMap<String, String>();
            put(facts.path("attributes"), attributes);
            check(path + ".", value, attributes, breaches);
            constraints(path + ".", value, facts, breaches);
        }
    }

    private static void constraints(String path, JsonNode object, JsonNode facts, List<String> breaches) {
        var present = new HashSet<String>();
        object.fieldNames().forEachRemaining(present::add);
        if (facts.has("at_least_one") && count(facts.path("at_least_one"), present) == 0) {
            breaches.add(path + ": none of " + facts.path("at_least_one"));
        }
        if (facts.has("just_one") && count(facts.path("just_one"), present) != 1) {
            breaches.add(path + ": not just one of " + facts.path("just_one"));
        }
    }

    private static int count(JsonNode names, Set<String> present) {
        int count = 0;
        for (var name : names) {
            count += present.contains(name.asText()) ? 1 : 0;
        }
        return count;
    }
}
