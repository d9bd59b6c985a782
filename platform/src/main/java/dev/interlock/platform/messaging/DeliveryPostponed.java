package dev.interlock.platform.messaging;

import org.jspecify.annotations.Nullable;

/** The record cannot be dealt with now. The consumer goes back to it, and tries again a little later. */
public final class DeliveryPostponed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeliveryPostponed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
