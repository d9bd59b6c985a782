package dev.interlock.upgrade.adapter.jdbc;

import dev.interlock.upgrade.app.AfterCommit;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.sql.Connection;

@Singleton
final class TransactionAfterCommit implements AfterCommit {
    private final TransactionOperations<Connection> transactions;

    TransactionAfterCommit(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    @Override
    public void then(Runnable work) {
        var status = transactions.findTransactionStatus();
        if (status.isEmpty()) {
            work.run();
            return;
        }
        status.get().registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }
}
