package dev.interlock.license.app;

import dev.interlock.license.domain.Denial;
import dev.interlock.license.domain.ServerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often sessions were refused, by the hour. */
public interface Denials {
    /** So many within the hour that begins at {@code hour}. */
    record Hour(Instant hour, ServerId server, String reason, long count) {}

    void count(ServerId server, Denial reason, Instant at);

    /** Hours that began at or after {@code from}, oldest first; those without a refusal are left out. */
    List<Hour> since(Instant from, @Nullable ServerId server);

    /** Forgets hours that began before {@code before}. */
    int forget(Instant before, int limit);
}
