package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.contracts.LicenseEvent.LicensesLost;
import dev.interlock.contracts.LicenseEvent.Lost;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes a license server out of service. One that holds licences is not let go: with it they would be lost (L12, L17). One that is
 * gone already is declared lost; its licences stay counted against their purchases until the vendor gives them back.
 */
@Singleton
public class RetireLicenseServer {
    private final LicenseServers servers;
    private final Pools pools;
    private final ServerWatch watch;
    private final Outbox outbox;
    private final Clock clock;

    RetireLicenseServer(LicenseServers servers, Pools pools, ServerWatch watch, Outbox outbox, Clock clock) {
        this.servers = servers;
        this.pools = pools;
        this.watch = watch;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public Outcome retire(ServerId id, String reason, String by) {
        var server = servers.findForChange(id).orElse(null);
        if (server == null) {
            return new Outcome.ServerUnknown();
        }
        if (server.isRetired()) {
            return new Outcome.RetiredBefore(server);
        }
        var held = held(id);
        if (!held.isEmpty()) {
            return new Outcome.HoldsLicenses(server, held);
        }
        return done(server, reason, false, by);
    }

    /** It was destroyed, or its storage is corrupted for good. */
    @Transactional
    public Outcome declareLost(ServerId id, String reason, String by) {
        var server = servers.findForChange(id).orElse(null);
        if (server == null) {
            return new Outcome.ServerUnknown();
        }
        if (server.isRetired()) {
            return new Outcome.RetiredBefore(server);
        }
        var lost = new ArrayList<Lost>();
        for (var code : held(id).keySet()) {
            var pool = pools.findForActivation(code).orElseThrow();
            lost.add(new Lost(code.value(), pool.feature(), pool.on(id).total()));
        }
        pools.authoriseNoMore(id);
        if (!lost.isEmpty()) {
            outbox.add(new LicensesLost(id.value(), reason, lost));
        }
        return done(server, reason, true, by);
    }

    private Outcome done(LicenseServer server, String reason, boolean lost, String by) {
        servers.retire(server.id(), clock.instant(), by, reason, lost);
        watch.end(server.id());
        outbox.add(new LicenseServerRetired(server.id().value(), server.name(), reason, lost, by));
        return new Outcome.Retired(servers.find(server.id()).orElseThrow());
    }

    private Map<ActivationCode, Allotment> held(ServerId id) {
        var held = pools.on(id);
        held.values().removeIf(allotment -> allotment.total() == 0);
        return held;
    }

    /** What became of it. */
    public sealed interface Outcome {
        record Retired(LicenseServer server) implements Outcome {}

        record RetiredBefore(LicenseServer server) implements Outcome {}

        record HoldsLicenses(LicenseServer server, Map<ActivationCode, Allotment> held) implements Outcome {
            public List<ActivationCode> codes() {
                return held.keySet().stream().sorted().toList();
            }
        }

        record ServerUnknown() implements Outcome {}
    }
}
