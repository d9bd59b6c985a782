package dev.interlock.platform.http;

import dev.interlock.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The place in a sorted list where the next page begins: the sort key of the last row shown. Opaque to callers and safe in a
 * URL; it holds no secret and is not signed, so treat its parts as any other input.
 */
public record Cursor(List<String> parts) {

    private static final char SEPARATOR = '\u001f';
    private static final int MAX_LENGTH = 2048;

    public Cursor {
        parts = List.copyOf(parts);
    }

    /** The cursor for a row whose sort key is these values, in the order of the ORDER BY. */
    public static String of(Object... key) {
        var text = new StringBuilder();
        for (int i = 0; i < key.length; i++) {
            var part = key[i].toString();
            if (part.indexOf(SEPARATOR) >= 0) {
                throw new IllegalArgumentException("a sort key holds the separator of cursors");
            }
            text.append(i == 0 ? "" : SEPARATOR).append(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads {@code ?after=}.
     *
     * @param size how many values the sort key has; anything else is a 400 problem
     * @return null when there is no {@code after}, which means the first page
     */
    public static @Nullable Cursor parse(@Nullable String after, int size) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        try {
            if (after.length() <= MAX_LENGTH) {
                var text = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8);
                var parts = split(text);
                if (parts.size() == size) {
                    return new Cursor(parts);
                }
            }
        } catch (IllegalArgumentException notBase64) {
            // answered below like every other wrong cursor
        }
        throw unreadable();
    }

    public String text(int index) {
        return parts.get(index);
    }

    /** The part as a number; a 400 problem if it is none. */
    public long number(int index) {
        try {
            return Long.parseLong(parts.get(index));
        } catch (NumberFormatException wrong) {
            throw unreadable();
        }
    }

    /** The part as a UUID; a 400 problem if it is none. */
    public UUID uuid(int index) {
        try {
            return UUID.fromString(parts.get(index));
        } catch (IllegalArgumentException wrong) {
            throw unreadable();
        }
    }

    /** The part as a point in time (ISO-8601); a 400 problem if it is none. */
    public Instant instant(int index) {
        try {
            return Instant.parse(parts.get(index));
        } catch (DateTimeException wrong) {
            throw unreadable();
        }
    }

    private static List<String> split(String text) {
        var parts = new ArrayList<String>();
        int from = 0;
        for (int at = text.indexOf(SEPARATOR); at >= 0; at = text.indexOf(SEPARATOR, from)) {
            parts.add(text.substring(from, at));
            from = at + 1;
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static ProblemException unreadable() {
        return ProblemException.invalid(
                "the cursor in 'after' cannot be read",
                "Use the 'next' value of the page before, for the same list and the same filters.");
    }
}
