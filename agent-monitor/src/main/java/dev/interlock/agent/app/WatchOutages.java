package dev.interlock.agent.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.interlock.agent.domain.OutageStory;
import dev.interlock.agent.domain.OutageStory.Agents;
import dev.interlock.agent.domain.OutageStory.Outage;
import dev.interlock.agent.domain.OutageStory.Severity;
import dev.interlock.agent.domain.OutageStory.Step;
import dev.interlock.contracts.AgentEvent.AlertCleared;
import dev.interlock.contracts.AgentEvent.AlertRaised;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes one incident of all agents that cannot validate with one license server, and ends it when the server licenses again. */
@Singleton
public class WatchOutages {
    public static final String RULE = "license-server-outage";

    private final Outages outages;
    private final LicenseServers servers;
    private final Outbox outbox;
    private final AgentSettings settings;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    WatchOutages(
            Outages outages,
            LicenseServers servers,
            Outbox outbox,
            AgentSettings settings,
            TransactionOperations<Connection> transactions,
            Clock clock) {
        this.outages = outages;
        this.servers = servers;
        this.outbox = outbox;
        this.settings = settings;
        this.transactions = transactions;
        this.clock = clock;
    }

    public void handle() {
        var concerned = new LinkedHashSet<>(outages.failing());
        concerned.addAll(outages.all().keySet());
        concerned.forEach(server -> transactions.executeWrite(status -> {
            judge(server);
            return server;
        }));
    }

    private void judge(UUID server) {
        @Nullable Outage before = outages.lock(server).orElse(null);
        var now = clock.instant();
        var agents = outages.agents(server, now);
        switch (OutageStory.next(before, agents, settings.outageAfter(), UUID.randomUUID(), now)) {
            case Step.Quiet(var outage) -> {
                if (outage == null) {
                    outages.forget(server);
                } else if (!outage.equals(before)) {
                    outages.save(server, outage);
                }
            }
            case Step.Raise(var outage) -> {
                outages.save(server, outage);
                outbox.add(raised(server, outage, agents));
            }
            case Step.Clear(var outage) -> {
                outages.forget(server);
                outbox.add(new AlertCleared(
                        outage.alertId(),
                        RULE,
                        "license-server",
                        server.toString(),
                        agents.expired() == 0
                                ? "No agent of " + name(server) + " fails any more."
                                : name(server) + " licenses agents again; " + agents.expired()
                                        + " whose grace is over have not been back yet.",
                        Objects.requireNonNull(outage.raisedAt()),
                        now));
            }
        }
    }

    private AlertRaised raised(UUID server, Outage outage, Agents agents) {
        return new AlertRaised(
                outage.alertId(),
                RULE,
                Objects.requireNonNull(outage.severity()).wireName(),
                "license-server",
                server.toString(),
                summary(server, agents),
                next(server, Objects.requireNonNull(outage.severity())),
                "L36",
                Objects.requireNonNull(outage.raisedAt()),
                agents.inGrace());
    }

    private String name(UUID server) {
        return servers.find(server).map(LicenseServers.Known::name).orElse("license server " + server);
    }

    /** One sentence for people. */
    public String summary(UUID server, Agents agents) {
        var words = agents.failing() + " of " + agents.all() + " agents cannot validate with " + name(server);
        @Nullable Instant end = agents.firstEnd();
        if (agents.expired() > 0) {
            return words + "; " + agents.expired() + " are refused, their grace is over.";
        }
        return words + (end == null ? "." : "; users notice nothing until " + end + ".");
    }

    /** What to do, in one sentence. */
    public String next(UUID server, Severity severity) {
        var known = servers.find(server).orElse(null);
        var first = known != null && known.health().equals("down")
                ? name(server) + " is down" + (known.cause() == null ? "" : " (" + known.cause() + ")")
                        + ": start it, or finish its maintenance"
                : "See whether " + name(server)
                        + " is up and whether its port is open to the agents; if it is, look at its pools";
        return first + (severity == Severity.CRITICAL ? ", now: the first agents are refused within a day." : ".");
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> watchOutages(BeanProvider<WatchOutages> watch) {
            return Tasks.recurring("watch-outages", FixedDelay.of(Duration.ofSeconds(2)))
                    .execute((instance, context) -> watch.get().handle());
        }
    }
}
