package dev.interlock.agent.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An agent asked its license server at {@code at}. The reporter's id makes a repeated report harmless and orders validations
 * of one instant; when a report arrives plays no part. {@code reason} belongs to a failure.
 */
public record Validation(
        String id, Instant at, Outcome outcome, @Nullable String reason, Source source)
        implements Comparable<Validation> {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:@/-]{1,100}");
    private static final Comparator<Validation> ORDER =
            Comparator.comparing(Validation::at).thenComparing(Validation::id);

    public Validation {
        if (!isId(id)) {
            throw new IllegalArgumentException("not a validation id");
        }
    }

    /** ASCII only, so that Java and the database order ids alike. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    public boolean succeeded() {
        return outcome == Outcome.SUCCEEDED;
    }

    @Override
    public int compareTo(Validation other) {
        return ORDER.compare(this, other);
    }

    /** What the license server said; no answer is a failure too (L34: for any cause). */
    public enum Outcome {
        SUCCEEDED("succeeded"),
        FAILED("failed");

        private final String wireName;

        Outcome(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** Where it was learnt. */
    public enum Source {
        API("api"),
        SESSION("session"),
        LOG("log"),
        COMMAND("command");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }
}
