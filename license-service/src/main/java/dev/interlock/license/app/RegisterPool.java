package dev.interlock.license.app;

import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Pool;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Makes a purchase known; nothing of it is active anywhere yet (L10). */
@Singleton
public class RegisterPool {
    private final Pools pools;
    private final WatchExpiry expiry;
    private final Clock clock;

    RegisterPool(Pools pools, WatchExpiry expiry, Clock clock) {
        this.pools = pools;
        this.expiry = expiry;
        this.clock = clock;
    }

    @Transactional
    public Registration handle(ActivationCode code, int seats, String feature, Instant expiresAt) {
        var now = clock.instant();
        var pool = new Pool(code, seats, feature, expiresAt.truncatedTo(ChronoUnit.MICROS), Map.of(), now);
        if (pool.isExpired(now)) {
            return new Registration.ExpiredAlready();
        }
        if (!pools.add(pool, expiry.nextNotice(pool, now))) {
            return new Registration.CodeTaken();
        }
        return new Registration.Registered(pool);
    }

    /** What became of it. */
    public sealed interface Registration {
        record Registered(Pool pool) implements Registration {}

        record CodeTaken() implements Registration {}

        record ExpiredAlready() implements Registration {}
    }
}
