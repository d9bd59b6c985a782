package dev.interlock.inventory.app;

import io.micronaut.context.BeanProvider;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.annotation.Transactional;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.util.UUID;

/** Has a host probed now: by this instance if it has room, else by whichever looks first. */
@Singleton
public class RequestProbe {

    private final Hosts hosts;
    private final ProbeQueue queue;
    private final BeanProvider<ProbeDueHosts> due;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    RequestProbe(
            Hosts hosts,
            ProbeQueue queue,
            BeanProvider<ProbeDueHosts> due,
            TransactionOperations<Connection> transactions,
            Clock clock) {
        this.hosts = hosts;
        this.queue = queue;
        this.due = due;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Transactional
    public HostChange handle(UUID id, boolean updates) {
        var found = hosts.find(id);
        if (found.isEmpty()) {
            return new HostChange.Unknown();
        }
        if (found.get().retired()) {
            return new HostChange.Retired(found.get());
        }
        request(id, updates);
        return new HostChange.Done(found.get());
    }

    void request(UUID id, boolean updates) {
        queue.request(id, clock.instant(), updates);
        transactions.findTransactionStatus().ifPresent(status -> status.registerSynchronization(new Wake()));
    }

    private final class Wake implements TransactionSynchronization {
        @Override
        public void afterCommit() {
            due.get().wake();
        }
    }
}
