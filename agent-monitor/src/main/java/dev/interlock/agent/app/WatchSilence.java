package dev.interlock.agent.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.interlock.contracts.AgentEvent.AgentSilent;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** Tells of agents of which nothing was heard for longer than expected. Each agent's timer is a column of its row. */
@Singleton
public class WatchSilence {
    private static final int BATCH = 200;

    private final Agents agents;
    private final Outbox outbox;
    private final AgentSettings settings;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    WatchSilence(
            Agents agents,
            Outbox outbox,
            AgentSettings settings,
            TransactionOperations<Connection> transactions,
            Clock clock) {
        this.agents = agents;
        this.outbox = outbox;
        this.settings = settings;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @return how many agents were looked at; as many as a batch means that there may be more */
    public int handle() {
        var due = agents.silent(clock.instant(), BATCH);
        due.forEach(this::tell);
        return due.size();
    }

    private void tell(UUID id) {
        transactions.executeWrite(status -> {
            agents.lock(id).ifPresent(agent -> {
                var now = clock.instant();
                if (agents.fallSilent(id, now)) {
                    outbox.add(new AgentSilent(
                            id,
                            agent.licenseServerId(),
                            agents.heardAt(id).orElse(null),
                            settings.silentAfter().toSeconds(),
                            now));
                }
            });
            return id;
        });
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> watchSilence(BeanProvider<WatchSilence> watch) {
            return Tasks.recurring("watch-silence", FixedDelay.of(Duration.ofSeconds(5)))
                    .execute((instance, context) -> {
                        while (watch.get().handle() >= BATCH) {
                            // a whole estate at once, each agent in its own transaction
                        }
                    });
        }
    }
}
