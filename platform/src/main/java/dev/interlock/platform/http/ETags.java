package dev.interlock.platform.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags made from a row's version: {@code "v7"}. An update says with {@code If-Match} which version it has seen, so
 * that nobody overwrites what he has not read.
 */
public final class ETags {

    private ETags() {}

    /** The value of the {@code ETag} header, quotes included. */
    public static String of(long version) {
        return "\"v" + version + "\"";
    }

    /**
     * The version the caller has seen. Use it in {@code update … where version = ?}.
     *
     * @return the version, or the current one for {@code If-Match: *}
     * @throws ProblemException 428 when {@code If-Match} is missing, 412 when it names no version
     */
    public static long seen(@Nullable String ifMatch, long current) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new ProblemException(Problem.of("if-match-required", 428, "If-Match is required")
                    .detail("This update needs to know which version it replaces.")
                    .next("GET the resource and send its ETag as If-Match."));
        }
        var tag = ifMatch.strip();
        if (tag.equals("*")) {
            return current;
        }
        if (tag.startsWith("\"v") && tag.endsWith("\"") && tag.length() > 3) {
            try {
                return Long.parseLong(tag.substring(2, tag.length() - 1));
            } catch (NumberFormatException notOurs) {
                throw stale(current);
            }
        }
        throw stale(current);
    }

    /** Checks {@code If-Match} against the row that was read; 428 when missing, 412 when the row has moved on. */
    public static void require(@Nullable String ifMatch, long current) {
        if (seen(ifMatch, current) != current) {
            throw stale(current);
        }
    }

    /** The 412 problem for an update that lost the race, also when {@code update … where version = ?} hit no row. */
    public static ProblemException stale(long current) {
        return new ProblemException(Problem.of("stale-version", 412, "The resource has changed")
                .detail("Someone has changed it since you read it.")
                .next("GET it again, apply your change to what is there now, and send its ETag as If-Match.")
                .with("current", of(current)));
    }
}
