package dev.interlock.license.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.interlock.contracts.LicenseEvent.PoolExpired;
import dev.interlock.contracts.LicenseEvent.PoolExpiring;
import dev.interlock.license.domain.Pool;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Tells that a pool expires soon, and that it has expired (L18). Each pool's timer is a column of its row, written with what was
 * told; one task looks for those that are due. So each notice is told once and in order, also when the service was down at its
 * time or the clock jumps.
 */
@Singleton
public class WatchExpiry {
    private static final int BATCH = 100;

    private final Pools pools;
    private final Outbox outbox;
    private final LicenseSettings settings;
    private final Clock clock;

    WatchExpiry(Pools pools, Outbox outbox, LicenseSettings settings, Clock clock) {
        this.pools = pools;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return how many pools were looked at; as many as a batch means that there may be more */
    @Transactional
    public int handle() {
        var now = clock.instant();
        var due = pools.claimDue(now, BATCH);
        for (Pool pool : due) {
            for (int days : noticesOf(pool)) {
                if (!now.isBefore(noticeAt(pool, days)) && pools.addNotice(pool.code(), "expiring-" + days, now)) {
                    outbox.add(new PoolExpiring(
                            pool.code().value(), pool.feature(), pool.seats(), pool.expiresAt(), days));
                }
            }
            if (!pool.isExpired(now)) {
                pools.setNextNotice(pool.code(), nextNotice(pool, now));
                continue;
            }
            if (pools.addNotice(pool.code(), "expired", now)) {
                outbox.add(new PoolExpired(pool.code().value(), pool.feature(), pool.seats(), pool.expiresAt()));
            }
            pools.setNextNotice(pool.code(), null);
        }
        return due.size();
    }

    Instant nextNotice(Pool pool, Instant now) {
        return noticesOf(pool).stream()
                .map(days -> noticeAt(pool, days))
                .filter(at -> at.isAfter(now))
                .findFirst()
                .orElse(pool.expiresAt());
    }

    /** Longest first. A pool registered three days before its end gets no notice of thirty. */
    private List<Integer> noticesOf(Pool pool) {
        return settings.expiryNotices().stream()
                .filter(days -> !noticeAt(pool, days).isBefore(pool.createdAt()))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static Instant noticeAt(Pool pool, int days) {
        return pool.expiresAt().minus(Duration.ofDays(days));
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> watchExpiry(BeanProvider<WatchExpiry> watch) {
            return Tasks.recurring("watch-pool-expiry", FixedDelay.of(Duration.ofSeconds(1)))
                    .execute((instance, context) -> {
                        while (watch.get().handle() >= BATCH) {
                            // many at once, each batch in its own transaction
                        }
                    });
        }
    }
}
