package dev.interlock.platform.service;

import java.net.BindException;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Why a service did not start, in a sentence for the person who tried. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure, and the exit code of the process for it. */
    public enum Reason {
        OTHER(1),
        PORT_TAKEN(3),
        DATABASE_UNREACHABLE(4),
        MIGRATION_FAILED(5),
        LISTENER_COULD_SKIP(6);

        private final int exitCode;

        Reason(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Reason reason;
    private final boolean explained;

    public StartFailure(Reason reason, String sentence, @Nullable Throwable cause, boolean explained) {
        super(sentence, cause);
        this.reason = reason;
        this.explained = explained;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether the sentence says it all, so that a stack trace would only hide it. */
    public boolean isExplained() {
        return explained;
    }

    static StartFailure explain(String name, String port, Throwable thrown) {
        var known = cause(thrown, StartFailure.class);
        if (known.isPresent()) {
            return known.get();
        }
        var bind = cause(thrown, BindException.class);
        if (bind.isPresent()) {
            return new StartFailure(
                    Reason.PORT_TAKEN,
                    name + " cannot start: port " + port + " is in use by another process. Stop that process, or choose"
                            + " another port with micronaut.server.port.",
                    thrown,
                    true);
        }
        var migration = cause(thrown, FlywayException.class);
        if (migration.isPresent()) {
            return new StartFailure(
                    Reason.MIGRATION_FAILED,
                    name + " cannot start: its database could not be brought to this version: "
                            + oneLine(migration.get().getMessage()),
                    thrown,
                    true);
        }
        return new StartFailure(
                Reason.OTHER,
                name + " cannot start: " + oneLine(rootCause(thrown).getMessage()),
                thrown,
                false);
    }

    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return Optional.of(type.cast(each));
            }
        }
        return Optional.empty();
    }

    private static Throwable rootCause(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable next = root.getCause(); next != null; next = root.getCause()) {
            root = next;
        }
        return root;
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "no reason given" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
