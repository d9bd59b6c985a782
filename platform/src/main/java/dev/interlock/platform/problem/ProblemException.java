package dev.interlock.platform.problem;

import org.jspecify.annotations.Nullable;

/** Ends a request with a {@link Problem}. Thrown inside a transaction it rolls that back. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /** @param cause for the log; never shown to the caller */
    public ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.type() + ": " + problem.detail(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    public static ProblemException notFound(String what, Object id) {
        return Problem.notFound(what, id).exception();
    }

    public static ProblemException conflict(String slug, String title, String detail, String next) {
        return Problem.conflict(slug, title, detail, next).exception();
    }

    public static ProblemException invalid(String detail, String next) {
        return Problem.invalid(detail, next).exception();
    }
}
