package dev.interlock.client;

import org.jspecify.annotations.Nullable;

/** Why there is no answer to be read. */
public abstract sealed class ClientException extends RuntimeException
        permits ProblemException,
                UnreachableException,
                TimedOutException,
                BrokenConnectionException,
                MalformedAnswerException,
                CallInterruptedException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Connection connection;

    ClientException(@Nullable Connection connection, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.connection = connection;
    }

    /** Over which it was asked; null if the fault was only found in reading an answer's member. */
    public @Nullable Connection connection() {
        return connection;
    }
}
