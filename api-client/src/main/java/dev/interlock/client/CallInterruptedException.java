package dev.interlock.client;

/** The thread was interrupted while it waited; it still is. */
public final class CallInterruptedException extends ClientException {

    private static final long serialVersionUID = 1L;

    CallInterruptedException(Connection connection, Throwable cause) {
        super(connection, "Interrupted while waiting for " + connection.address(), cause);
    }
}
