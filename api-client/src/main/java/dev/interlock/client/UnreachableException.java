package dev.interlock.client;

/** Nothing answers at the address. Nothing was asked of anybody. */
public final class UnreachableException extends ClientException {

    private static final long serialVersionUID = 1L;

    UnreachableException(Connection connection, Throwable cause) {
        super(connection, "Nothing answers at " + connection.address(), cause);
    }
}
