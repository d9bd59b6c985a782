package dev.interlock.license.app;

import dev.interlock.license.domain.HealthReading.Health;
import dev.interlock.license.domain.ServerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was last seen of license servers that count for themselves, and when each is looked at next. */
public interface ServerWatch {
    /** @param health {@code up}, {@code down} or {@code unknown} */
    record Seen(
            String health,
            @Nullable String cause,
            @Nullable String next,
            @Nullable String version,
            @Nullable Instant observedAt,
            @Nullable Instant lockedUntil,
            boolean storageCorrupted,
            boolean defaultPassword) {}

    void begin(ServerId server, Instant firstCheck);

    void end(ServerId server);

    Optional<Seen> find(ServerId server);

    /** Kept from everybody else's change until the transaction ends. */
    Optional<Seen> findForChange(ServerId server);

    /** Servers that are due, each given to one instance of the service and due again at {@code next}. */
    List<ServerId> claimDue(Instant now, Instant next, int limit);

    void record(ServerId server, Health health, Instant at, boolean storageCorrupted, boolean defaultPassword);

    void locked(ServerId server, Instant until);
}
