package dev.interlock.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a service refused (RFC 9457), as far as it said so. Further members, such as {@code fields}, are in {@link #json()}. */
public final class Problem extends Value {

    public Problem(JsonNode json) {
        super(json);
    }

    /** What to decide by, as {@code /problems/host-taken}. */
    public @Nullable String type() {
        return optional("type", Read.TEXT);
    }

    /** The type's last part, as {@code host-taken}. */
    public @Nullable String name() {
        String type = type();
        return type == null ? null : type.substring(type.lastIndexOf('/') + 1);
    }

    public @Nullable String title() {
        return optional("title", Read.TEXT);
    }

    public @Nullable String detail() {
        return optional("detail", Read.TEXT);
    }

    /** What to do now. */
    public @Nullable String next() {
        return optional("next", Read.TEXT);
    }

    public @Nullable String instance() {
        return optional("instance", Read.TEXT);
    }

    @Override
    protected List<String> requiredMembers() {
        return List.of();
    }
}
