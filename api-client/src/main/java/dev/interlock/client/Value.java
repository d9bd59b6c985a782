package dev.interlock.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with the members that its document names. It is kept as it came: what a newer service added is still in
 * {@link #json()}, and a member is only looked at when it is asked for.
 */
public abstract class Value {

    private final ObjectNode json;

    protected Value() {
        json = JsonNodeFactory.instance.objectNode();
    }

    /** @param json an object; a missing one is an empty one */
    protected Value(JsonNode json) {
        if (json instanceof ObjectNode object) {
            this.json = object;
        } else if (json.isMissingNode()) {
            this.json = JsonNodeFactory.instance.objectNode();
        } else {
            throw new MalformedAnswerException("The service's answer has no object where one is due.");
        }
    }

    /** Every member, known or not. */
    public final ObjectNode json() {
        return json;
    }

    /** Names of the members that are never absent. */
    protected abstract List<String> requiredMembers();

    protected final <T> T required(String member, Read<T> read) {
        JsonNode value = json.path(member);
        if (value.isMissingNode() || value.isNull()) {
            throw new MalformedAnswerException("The service's answer has no " + member + ".");
        }
        return read(member, value, read);
    }

    protected final <T> @Nullable T optional(String member, Read<T> read) {
        JsonNode value = json.path(member);
        return value.isMissingNode() || value.isNull() ? null : read(member, value, read);
    }

    private static <T> T read(String member, JsonNode value, Read<T> read) {
        try {
            return read.of(value);
        } catch (IllegalArgumentException e) {
            throw new MalformedAnswerException(
                    "The service's answer has a " + member + " that cannot be read: " + value, e);
        }
    }

    /** @param value null takes the member out */
    protected final ObjectNode with(String member, @Nullable Object value) {
        ObjectNode changed = JsonNodeFactory.instance.objectNode();
        changed.setAll(json);
        if (value == null) {
            changed.remove(member);
        } else {
            changed.set(member, Json.of(value));
        }
        return changed;
    }

    void insistOnRequired() {
        for (String member : requiredMembers()) {
            if (json.path(member).isMissingNode()) {
                throw new IllegalStateException(getClass().getSimpleName() + " is sent without " + member + ".");
            }
        }
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Value value && value.getClass() == getClass() && value.json.equals(json);
    }

    @Override
    public final int hashCode() {
        return json.hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + json;
    }
}
