package dev.interlock.agent.app;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** License servers as license-service tells of them. */
public interface LicenseServers {
    /**
     * @param health up, down or unknown
     * @param cause of a failure, in license-service's words
     * @param observedAt null until its health was told
     */
    record Known(
            UUID id,
            String name,
            String health,
            @Nullable String cause,
            @Nullable Instant observedAt) {}

    Optional<Known> find(UUID id);

    void named(UUID id, String name);

    /** An older observation than the one that is known changes nothing. */
    void observed(UUID id, String name, String health, @Nullable String cause, Instant at);
}
