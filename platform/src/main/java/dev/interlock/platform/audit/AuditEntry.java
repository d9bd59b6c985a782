package dev.interlock.platform.audit;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is said about one command.
 *
 * @param actor name of who gave it
 * @param roles the roles it was given with
 * @param action {@code noun.verb}
 * @param subject what it was done to, usually a path of the API
 * @param detail further facts, sorted by name; never a secret
 */
public record AuditEntry(
        String actor, Set<String> roles, String action, String subject, Outcome outcome, Map<String, String> detail) {

    private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*");

    /** How it ended. */
    public enum Outcome {
        /** The command had its effect. */
        DONE,
        /** A role was missing. */
        DENIED,
        /** A rule or the state of things forbade it: a 4xx problem. */
        REFUSED,
        /** Something unexpected broke; the command had no effect. */
        FAILED
    }

    public AuditEntry {
        if (!ACTION.matcher(action).matches()) {
            throw new IllegalArgumentException("an action is noun.verb, not " + action);
        }
        roles = Set.copyOf(roles);
        detail = Collections.unmodifiableMap(new TreeMap<>(detail));
    }
}
