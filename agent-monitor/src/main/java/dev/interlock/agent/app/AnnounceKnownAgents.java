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
import java.time.Duration;

/** Puts agents from before the topic of states on it, so that its readers know of all of them. */
@Singleton
public class AnnounceKnownAgents {
    private static final int BATCH = 500;

    private final Agents agents;
    private final GraceLedger ledger;
    private final AnnounceAgent announce;
    private final TransactionOperations<Connection> transactions;

    AnnounceKnownAgents(
            Agents agents, GraceLedger ledger, AnnounceAgent announce, TransactionOperations<Connection> transactions) {
        this.agents = agents;
        this.ledger = ledger;
        this.announce = announce;
        this.transactions = transactions;
    }

    /** @return how many were announced; as many as a batch means that there may be more */
    public int handle() {
        return transactions.executeWrite(status -> {
            var due = agents.unannounced(BATCH);
            for (var id : due) {
                agents.lock(id)
                        .ifPresent(agent -> announce.state(
                                agent,
                                ledger.told(id).map(told -> told.expired()).orElse(false)));
                agents.announced(id);
            }
            return due.size();
        });
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> announceKnownAgents(BeanProvider<AnnounceKnownAgents> announce) {
            return Tasks.recurring("announce-known-agents", FixedDelay.of(Duration.ofMinutes(1)))
                    .execute((instance, context) -> {
                        while (announce.get().handle() >= BATCH) {
                            // each batch in its own transaction
                        }
                    });
        }
    }
}
