package dev.interlock.embedded;

/** An embedded server could not do what was asked; the message is a sentence for a person and says what to do. */
public class EmbeddedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EmbeddedException(String message) {
        super(message);
    }

    public EmbeddedException(String message, Throwable cause) {
        super(message, cause);
    }
}
