package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.AdministratorLockedOut;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers and tells that a license server blocks admin commands (L43). In a transaction of its own: the lock is there whatever
 * becomes of the command that met it.
 */
@Singleton
public class TellLockOut {
    private static final TransactionDefinition OWN =
            TransactionDefinition.of(TransactionDefinition.Propagation.REQUIRES_NEW);
    private static final Duration LOCK = Duration.ofMinutes(10);
    private static final int WRONG_PASSWORDS = 3;

    private final ServerWatch watch;
    private final Outbox outbox;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    TellLockOut(ServerWatch watch, Outbox outbox, TransactionOperations<Connection> transactions, Clock clock) {
        this.watch = watch;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @return until when nothing is to be tried, at most; a restart of the server ends it earlier */
    public Instant handle(ServerId server) {
        return transactions.execute(OWN, status -> {
            var until = clock.instant().plus(LOCK);
            watch.locked(server, until);
            outbox.add(new AdministratorLockedOut(server.value(), WRONG_PASSWORDS, until));
            return until;
        });
    }
}
