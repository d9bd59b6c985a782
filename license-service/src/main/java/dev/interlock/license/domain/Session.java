package dev.interlock.license.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One session of a user on an agent; until it is released it holds exactly one licence of {@code pool} (L11). */
public record Session(
        UUID id,
        ServerId server,
        ActivationCode pool,
        UUID agentId,
        String user,
        Instant authorizedAt,
        @Nullable Instant releasedAt) {
    public boolean isLive() {
        return releasedAt == null;
    }

    /** Whether a repeated request means this very session. */
    public boolean isFor(ServerId server, UUID agentId, String user) {
        return this.server.equals(server) && this.agentId.equals(agentId) && this.user.equals(user);
    }
}
