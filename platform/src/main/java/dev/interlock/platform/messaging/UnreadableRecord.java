package dev.interlock.platform.messaging;

import org.jspecify.annotations.Nullable;

/** A record that no retry makes readable. */
final class UnreadableRecord extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableRecord(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
