package dev.interlock.client;

import org.jspecify.annotations.Nullable;

/** The answer is not JSON, or lacks what its document says is always there: is that the right service, and of this version? */
public final class MalformedAnswerException extends ClientException {

    private static final long serialVersionUID = 1L;

    MalformedAnswerException(@Nullable Connection connection, String message, @Nullable Throwable cause) {
        super(connection, message, cause);
    }

    MalformedAnswerException(String message, @Nullable Throwable cause) {
        this(null, message, cause);
    }

    MalformedAnswerException(String message) {
        this(null, message, null);
    }
}
