package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.LicenseEvent.LicensesActivated;
import dev.interlock.contracts.LicenseEvent.LicensesReturned;
import dev.interlock.license.domain.Activation;
import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Level;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Sets how many licences of a pool are active on a server: the total, never an addition (L14–L16). */
@Singleton
public class ActivateLicenses {
    private final Pools pools;
    private final LicenseServers servers;
    private final TellLevel levels;
    private final Outbox outbox;
    private final Clock clock;

    ActivateLicenses(Pools pools, LicenseServers servers, TellLevel levels, Outbox outbox, Clock clock) {
        this.pools = pools;
        this.servers = servers;
        this.levels = levels;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public Activation handle(ActivationCode code, ServerId server, int total, String by) {
        var pool = pools.findForActivation(code).orElse(null);
        if (pool == null) {
            var similar = pools.similar(code.likeness()).map(ActivationCode::value);
            return new Activation.CodeInvalid(similar.orElse(null));
        }
        var found = servers.find(server).orElse(null);
        if (found == null) {
            return new Activation.ServerUnknown();
        }
        if (found.isRetired()) {
            return new Activation.ServerRetired(found.name());
        }
        if (found.kind() != Kind.NATIVE) {
            return new Activation.AllottedElsewhere("the vendor's portal");
        }
        if (pool.authority() != null) {
            return new Activation.AllottedElsewhere("the authority " + pool.authority());
        }
        var outcome = pool.activate(server, total, clock.instant());
        if (outcome instanceof Activated(var after, var _, var change) && change != 0) {
            pools.setTotal(code, server, total);
            outbox.add(told(after, server, change, by));
            if (total > 0) {
                levels.tell(code, after.feature(), server, after.on(server), Level.AMPLE);
            }
        }
        return outcome;
    }

    /** @param change never 0 */
    static LicenseEvent told(Pool after, ServerId server, int change, String by) {
        return change > 0 ? activated(after, server, change, by) : returned(after, server, change, by);
    }

    private static LicenseEvent activated(Pool pool, ServerId server, int change, String by) {
        return new LicensesActivated(
                pool.code().value(),
                server.value(),
                pool.feature(),
                pool.on(server).total(),
                change,
                pool.seats(),
                pool.activeTotal(),
                pool.expiresAt(),
                by);
    }

    private static LicenseEvent returned(Pool pool, ServerId server, int change, String by) {
        return new LicensesReturned(
                pool.code().value(),
                server.value(),
                pool.feature(),
                pool.on(server).total(),
                change,
                pool.seats(),
                pool.activeTotal(),
                by);
    }
}
