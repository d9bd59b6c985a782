package dev.interlock.platform.outbox;

import java.sql.SQLException;

/** The outbox's table could not be used; the transaction must not commit. */
final class OutboxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutboxException(String message, SQLException cause) {
        super(message, cause);
    }
}
