package dev.interlock.license.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.interlock.contracts.LicenseEvent.LicenseServerHealthChanged;
import dev.interlock.contracts.LicenseEvent.TrustedStorageCorrupted;
import dev.interlock.license.domain.HealthReading;
import dev.interlock.license.domain.HealthReading.Health;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LogReading;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks license servers for their health (L84) and tells when one goes up or down, with what a person looks at first (L87–L90).
 * One that refuses connections is asked on its own machine as well, if the inventory knows that.
 */
@Singleton
public class WatchLicenseServers {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLicenseServers.class);
    private static final int BATCH = 50;

    private final ServerWatch watch;
    private final LicenseServers servers;
    private final FlexnetServers flexnet;
    private final Outbox outbox;
    private final TransactionOperations<Connection> transactions;
    private final FlexnetSettings settings;
    private final Clock clock;

    WatchLicenseServers(
            ServerWatch watch,
            LicenseServers servers,
            FlexnetServers flexnet,
            Outbox outbox,
            TransactionOperations<Connection> transactions,
            FlexnetSettings settings,
            Clock clock) {
        this.watch = watch;
        this.servers = servers;
        this.flexnet = flexnet;
        this.outbox = outbox;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return how many were asked; as many as a batch means that there may be more */
    public int handle() {
        var now = clock.instant();
        var due = transactions.executeWrite(status -> watch.claimDue(now, now.plus(settings.healthEvery()), BATCH));
        // nothing is held while they are asked; those that hang do not hold up the others
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(server -> each.execute(() -> {
                try {
                    check(server);
                } catch (RuntimeException e) {
                    LOG.warn("license server {} could not be looked at; it is tried again", server, e);
                }
            }));
        }
        return due.size();
    }

    private void check(ServerId id) {
        var server = servers.find(id).orElseThrow();
        if (server.isRetired()) {
            return;
        }
        var reading = flexnet.health(server);
        var log = reading instanceof HealthReading.Refused ? log(server) : null;
        var health = explained(reading.health(), log);
        record(server, health, log == null ? null : log.storageCorrupted());
    }

    private @Nullable LogReading log(LicenseServer server) {
        try {
            return flexnet.log(server).orElse(null);
        } catch (RuntimeException e) {
            LOG.info("the machine of license server {} says nothing either: {}", server.name(), e.getMessage());
            return null;
        }
    }

    private static Health explained(Health health, @Nullable LogReading log) {
        return health.up() || log == null
                ? health
                : new Health(false, health.cause() + "; " + log.cause(), health.next(), health.version());
    }

    private void record(LicenseServer server, Health health, @Nullable String corrupted) {
        transactions.executeWrite(status -> {
            var now = clock.instant();
            var before = watch.findForChange(server.id()).orElse(null);
            if (before == null) {
                return null;
            }
            watch.record(server.id(), health, now, corrupted != null, flexnet.letInWithInitialPassword(server));
            if (!before.health().equals(health.word())) {
                outbox.add(new LicenseServerHealthChanged(
                        server.id().value(), server.name(), before.health(), health.word(), health.cause(), now));
            }
            if (corrupted != null && !before.storageCorrupted()) {
                outbox.add(new TrustedStorageCorrupted(server.id().value(), corrupted, now));
            }
            return null;
        });
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> watchLicenseServers(BeanProvider<WatchLicenseServers> watch) {
            return Tasks.recurring("watch-license-servers", FixedDelay.of(Duration.ofSeconds(1)))
                    .execute((instance, context) -> {
                        while (watch.get().handle() >= BATCH) {
                            // many at once, a batch after the other
                        }
                    });
        }
    }
}
