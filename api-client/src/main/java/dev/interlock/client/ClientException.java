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

    /**
     * Whether the same question may be answered a moment later: nobody was there, the connection broke, or the service, or a proxy
     * before it, said that it cannot just now (429, 502, 503, 504). Whether what was asked is done is another matter.
     */
    public boolean passing() {
        return switch (this) {
            case UnreachableException _, TimedOutException _, BrokenConnectionException _ -> true;
            case ProblemException refused ->
                switch (refused.status()) {
                    case 429, 502, 503, 504 -> true;
                    default -> false;
                };
            case MalformedAnswerException _, CallInterruptedException _ -> false;
        };
    }
}
