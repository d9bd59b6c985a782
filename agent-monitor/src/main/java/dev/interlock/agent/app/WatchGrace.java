package dev.interlock.agent.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Tells of grace periods that near their end or reach it. Each period's timer is a column of its row, written with what was told;
 * one task looks for those that are due. So each thing is told once and in order, also when the service was down at its time, the
 * clock jumps or several instances look.
 */
@Singleton
public class WatchGrace {
    private static final int BATCH = 200;

    private final Agents agents;
    private final GraceLedger ledger;
    private final TellGrace grace;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    WatchGrace(
            Agents agents,
            GraceLedger ledger,
            TellGrace grace,
            TransactionOperations<Connection> transactions,
            Clock clock) {
        this.agents = agents;
        this.ledger = ledger;
        this.grace = grace;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @return how many agents were looked at; as many as a batch means that there may be more */
    public int handle() {
        var due = ledger.due(clock.instant(), BATCH);
        due.forEach(this::tell);
        return due.size();
    }

    /** Under the agent's lock, and with the time read after it was taken. */
    private void tell(UUID agentId) {
        transactions.executeWrite(status -> {
            agents.lock(agentId).ifPresent(agent -> grace.tell(agent, agent.standing(), clock.instant()));
            return agentId;
        });
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> watchGrace(BeanProvider<WatchGrace> watch) {
            return Tasks.recurring("watch-grace", FixedDelay.of(Duration.ofSeconds(1)))
                    .execute((instance, context) -> {
                        while (watch.get().handle() >= BATCH) {
                            // a whole estate at once, each agent in its own transaction
                        }
                    });
        }
    }
}
