package dev.interlock.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From JSON to Java; what is of another kind is an {@link IllegalArgumentException}. */
@FunctionalInterface
public interface Read<T> {

    Read<String> TEXT = json -> {
        insist(json.isTextual(), "a text");
        return json.textValue();
    };
    Read<Instant> TIME = json -> {
        try {
            return Instant.parse(TEXT.of(json));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time", e);
        }
    };
    Read<Integer> INTEGER = json -> {
        insist(json.canConvertToInt() && json.isIntegralNumber(), "a whole number");
        return json.intValue();
    };
    Read<Long> LONG = json -> {
        insist(json.canConvertToLong() && json.isIntegralNumber(), "a whole number");
        return json.longValue();
    };
    Read<Double> NUMBER = json -> {
        insist(json.isNumber(), "a number");
        return json.doubleValue();
    };
    Read<Boolean> TRUTH = json -> {
        insist(json.isBoolean(), "true or false");
        return json.booleanValue();
    };
    /** What no document describes further. */
    Read<JsonNode> ANY = json -> json;

    T of(JsonNode json);

    static <T> Read<List<T>> list(Read<T> item) {
        return json -> {
            insist(json.isArray(), "a list");
            var items = new ArrayList<T>(json.size());
            json.forEach(each -> items.add(item.of(each)));
            return Collections.unmodifiableList(items);
        };
    }

    static <T> Read<Map<String, T>> map(Read<T> value) {
        return json -> {
            insist(json.isObject(), "an object");
            var members = new LinkedHashMap<String, T>();
            json.fields().forEachRemaining(member -> members.put(member.getKey(), value.of(member.getValue())));
            return Collections.unmodifiableMap(members);
        };
    }

    private static void insist(boolean fits, String kind) {
        if (!fits) {
            throw new IllegalArgumentException("not " + kind);
        }
    }
}
