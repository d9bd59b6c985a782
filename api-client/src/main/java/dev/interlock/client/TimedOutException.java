package dev.interlock.client;

/** There was no answer in time. Whether what was asked is done is not known; a creation can be sent again with its key. */
public final class TimedOutException extends ClientException {

    private static final long serialVersionUID = 1L;

    TimedOutException(Connection connection, Throwable cause) {
        super(connection, connection.address() + " did not answer in time", cause);
    }
}
