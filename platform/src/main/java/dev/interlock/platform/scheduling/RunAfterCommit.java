package dev.interlock.platform.scheduling;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.TransactionSynchronization;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Work that is due at once does not wait for the next poll, only for the commit of what asked for it. */
final class RunAfterCommit extends AbstractSchedulerListener {

    private final TransactionOperations<Connection> transactions;
    private final Clock clock;
    private volatile @Nullable Scheduler scheduler;

    RunAfterCommit(TransactionOperations<Connection> transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    void of(Scheduler started) {
        this.scheduler = started;
    }

    @Override
    public void onExecutionScheduled(TaskInstanceId taskInstanceId, Instant executionTime) {
        if (executionTime.isAfter(clock.instant())) {
            return;
        }
        var transaction = transactions.findTransactionStatus();
        if (transaction.isEmpty()) {
            look();
            return;
        }
        transaction.get().registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                look();
            }
        });
    }

    private void look() {
        var started = scheduler;
        if (started != null && started.getSchedulerState().isStarted()) {
            started.triggerCheckForDueExecutions();
        }
    }
}
