package dev.interlock.client;

/** The connection broke before the answer was whole. Whether what was asked is done is not known. */
public final class BrokenConnectionException extends ClientException {

    private static final long serialVersionUID = 1L;

    BrokenConnectionException(Connection connection, Throwable cause) {
        super(connection, "The connection to " + connection.address() + " broke: " + cause.getMessage(), cause);
    }
}
