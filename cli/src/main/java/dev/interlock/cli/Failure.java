package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A command that ends with a sentence for people and an exit code for programs. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The service refused: the reason and the next step are printed. */
    static final int REFUSED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The service does not answer. */
    static final int UNREACHABLE = 3;
    /** There is no token, or the service does not accept it. */
    static final int NO_TOKEN = 4;
    /** A defect of this program or of the service's answer. */
    static final int DEFECT = 70;

    private final int exitCode;

    private final transient @Nullable JsonNode problem;

    Failure(int exitCode, String sentence) {
        this(exitCode, sentence, null);
    }

    Failure(int exitCode, String sentence, @Nullable JsonNode problem) {
        super(sentence);
        this.exitCode = exitCode;
        this.problem = problem;
    }

    static Failure usage(String sentence) {
        return new Failure(USAGE, sentence);
    }

    int exitCode() {
        return exitCode;
    }

    /** The RFC 9457 body, if the service sent one. */
    @Nullable
    JsonNode problem() {
        return problem;
    }
}
