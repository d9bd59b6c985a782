package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.ResponseAccepted;
import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.Level;
import dev.interlock.platform.outbox.Outbox;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Writes and tells that an answer had its effect. The caller's transaction holds the pool and the request. */
@Singleton
class RecordApplied {
    private final ActivationRequests requests;
    private final Pools pools;
    private final TellLevel levels;
    private final Outbox outbox;

    RecordApplied(ActivationRequests requests, Pools pools, TellLevel levels, Outbox outbox) {
        this.requests = requests;
        this.pools = pools;
        this.levels = levels;
        this.outbox = outbox;
    }

    void handle(ActivationRequest request, CapabilityResponse response, Activated activated, String by, Instant now) {
        var code = request.code();
        var pool = activated.pool();
        pools.setTotal(code, request.server(), activated.total());
        if (pool.authority() == null) {
            pools.bind(code, response.issuer());
        }
        requests.applied(request.id(), now, by);
        requests.trace(request.id(), new CustodyEntry(now, by, Act.APPLIED, request.responseSha256(), null, null));
        outbox.add(new ResponseAccepted(
                code.value(),
                request.server().value(),
                request.machineId(),
                response.lifetimeOrUsual().toSeconds(),
                response.expiresAt(),
                by));
        if (activated.change() != 0) {
            outbox.add(ActivateLicenses.told(pool, request.server(), activated.change(), by));
        }
        if (activated.total() > 0) {
            levels.tell(code, pool.feature(), request.server(), pool.on(request.server()), Level.AMPLE);
        }
    }
}
