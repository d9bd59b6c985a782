package dev.interlock.platform.credentials;

/** A credential cannot be used. Both sentences are fit for an operator and hold no secret. */
public final class CredentialException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String credential;
    private final String next;

    /** @param next what to do about it */
    public CredentialException(String credential, String message, String next) {
        super(message);
        this.credential = credential;
        this.next = next;
    }

    public String credential() {
        return credential;
    }

    public String next() {
        return next;
    }
}
