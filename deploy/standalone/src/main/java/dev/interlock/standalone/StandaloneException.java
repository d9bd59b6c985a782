package dev.interlock.standalone;

/** What a person asked for cannot be done; the message is one sentence for them. */
final class StandaloneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StandaloneException(String message) {
        super(message);
    }
}
