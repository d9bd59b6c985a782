package dev.interlock.platform.audit;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The notes of the audited command that this thread is in. */
final class AuditNotes {

    private static final int MAX_VALUE = 500;
    private static final int MAX_NOTES = 32;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern SECRET = Pattern.compile("password|passphrase|secret|token|private|api-?key");
    private static final ThreadLocal<@Nullable Map<String, String>> CURRENT = new ThreadLocal<>();

    private AuditNotes() {}

    /** Opens the notes of a command; null if this thread is in one already, whose notes are then used. */
    static @Nullable Map<String, String> open() {
        if (CURRENT.get() != null) {
            return null;
        }
        var notes = new TreeMap<String, String>();
        CURRENT.set(notes);
        return notes;
    }

    static void close() {
        CURRENT.remove();
    }

    static void add(String name, String value) {
        if (!NAME.matcher(name).matches() || SECRET.matcher(name).find()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name for what the audit log may show");
        }
        var notes = CURRENT.get();
        if (notes != null && (notes.size() < MAX_NOTES || notes.containsKey(name))) {
            notes.put(name, cut(value, MAX_VALUE));
        }
    }

    /** PostgreSQL takes no NUL in text; half a surrogate pair is no text either. */
    static String cut(String text, int most) {
        var clean = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
        if (clean.length() <= most) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most;
        return clean.substring(0, end);
    }
}
