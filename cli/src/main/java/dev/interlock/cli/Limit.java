package dev.interlock.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a list is read. */
final class Limit {

    private int limit = Desk.USUAL_LIMIT;
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "Show at most N (default 50).")
    void limit(int count) {
        if (count < 1) {
            throw Failure.usage("--limit wants a number from 1.");
        }
        limit = count;
    }

    @Option(names = "--all", description = "Show every one, however many pages that are.")
    void all(boolean wanted) {
        all = wanted;
    }

    /** Null for all. */
    @Nullable
    Integer count() {
        return all ? null : Integer.valueOf(limit);
    }
}
