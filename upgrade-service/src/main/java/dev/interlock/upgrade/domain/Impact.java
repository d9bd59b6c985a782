package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a plan would hit if it were started now.
 *
 * @param outage how long the service is away, by P95 where enough is known and else by the maximum; zero if it stays
 * @param licenseServer that the deployment runs; null if it runs none, or which is not known
 * @param agents that depend on it; null if it is not known
 * @param refused those of them that cannot connect while it is away (L38)
 * @param outOfGrace those that would run out of grace meanwhile (L37)
 */
public record Impact(
        Duration outage,
        @Nullable Server licenseServer,
        @Nullable Long agents,
        long refused,
        long outOfGrace) {
    /** @param name null while nobody has told of it */
    public record Server(UUID id, @Nullable String name) {}

    public static Impact of(Situation s, @Nullable Server licenseServer) {
        Situation.Coverage coverage = s.coverage();
        if (coverage == null) {
            return new Impact(s.outage(), licenseServer, null, 0, 0);
        }
        boolean away = !s.outage().isZero();
        return new Impact(
                s.outage(),
                licenseServer,
                coverage.agents(),
                away ? coverage.refused(s.now()).size() : 0,
                away ? coverage.outOfGrace(s.now(), s.outage()).size() : 0);
    }
}
