package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.ActivationRequested;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.ActivationRequest.State;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request for a total of a purchase on a server, to be carried to the authority (L21). A lower total than is active is a
 * return (L15): from now on those licences carry no session, because the authority may give them to another server as soon as it
 * has read the request.
 */
@Singleton
public class RequestActivation {
    private final Pools pools;
    private final LicenseServers servers;
    private final ServerIdentities identities;
    private final CapabilityFiles files;
    private final FlexnetServers flexnet;
    private final ActivationRequests requests;
    private final Outbox outbox;
    private final Clock clock;

    RequestActivation(
            Pools pools,
            LicenseServers servers,
            ServerIdentities identities,
            CapabilityFiles files,
            FlexnetServers flexnet,
            ActivationRequests requests,
            Outbox outbox,
            Clock clock) {
        this.pools = pools;
        this.servers = servers;
        this.identities = identities;
        this.files = files;
        this.flexnet = flexnet;
        this.requests = requests;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @param total the whole, not an addition (L14) */
    @Transactional
    public Outcome handle(ServerId serverId, ActivationCode code, int total, String by) {
        var server = servers.find(serverId).orElse(null);
        if (server == null) {
            return new Outcome.ServerUnknown();
        }
        var found = pools.find(code).orElse(null);
        if (found == null) {
            var similar = pools.similar(code.likeness()).map(ActivationCode::value);
            return new Outcome.CodeInvalid(similar.orElse(null));
        }
        return switch (server.kind()) {
            case NATIVE -> {
                var pool = pools.findForActivation(code).orElseThrow();
                var refused = refusal(pool, server, total, clock.instant());
                yield refused == null ? make(pool, server, total, null, by) : refused;
            }
            case FLEXNET -> {
                var refused = refusal(found, server, total, clock.instant());
                if (refused != null) {
                    yield refused;
                }
                // it takes its time: nobody's activation waits for it
                var written = flexnet.request(server, code, total);
                yield make(pools.findForActivation(code).orElseThrow(), server, total, written, by);
            }
        };
    }

    /** @param written by the server itself; null for a native one */
    private Outcome make(
            Pool pool, LicenseServer server, int total, FlexnetServers.@Nullable Written written, String by) {
        var code = pool.code();
        var serverId = server.id();
        var now = clock.instant();
        var before = requests.live(serverId, code).orElse(null);
        if (before != null) {
            if (before.state() == State.APPLYING) {
                return new Outcome.BeingApplied(before);
            }
            requests.superseded(before.id(), now, by);
            requests.trace(before.id(), new CustodyEntry(now, by, Act.SUPERSEDED, null, null, "by a newer request"));
        }
        var id = UUID.randomUUID();
        byte[] file;
        String contents;
        String machineId;
        long sequence;
        if (written == null) {
            var identity = identities.next(serverId);
            var signed = files.request(identity, server, id, code, total, now);
            file = signed.bytes();
            contents = signed.contents();
            machineId = identity.machineId();
            sequence = identity.sequence();
            var held = pool.on(serverId);
            if (total < held.usable()) {
                pools.setReturning(code, serverId, held.total() - total);
            }
        } else {
            file = written.file();
            contents = written.contents();
            machineId = written.requestHostId();
            sequence = requests.nextSequence(serverId);
        }
        var request = new ActivationRequest(
                id,
                serverId,
                code,
                total,
                sequence,
                machineId,
                Sha256.of(file),
                contents,
                now,
                by,
                State.OPEN,
                null,
                null,
                null,
                null);
        requests.add(request, file);
        requests.trace(id, new CustodyEntry(now, by, Act.MADE, request.sha256(), (long) file.length, null));
        outbox.add(new ActivationRequested(code.value(), serverId.value(), total, machineId, by));
        return new Outcome.Made(request);
    }

    /** What can be known before the authority is asked. */
    private static @Nullable Outcome refusal(Pool pool, LicenseServer server, int total, Instant now) {
        if (server.isRetired()) {
            return new Outcome.ServerRetired(server.name());
        }
        if (pool.authority() == null && pool.activeTotal() > 0) {
            return new Outcome.AllottedHere(pool.activeTotal());
        }
        var held = pool.on(server.id());
        // what other machines of the vendor's customers hold only its portal knows
        int available = pool.available() + held.usable();
        if (total > held.usable() && pool.isExpired(now)) {
            return new Outcome.PoolHasExpired(pool.expiresAt());
        }
        if (total > available) {
            return new Outcome.CountExceeded(total, available, pool.seats());
        }
        if (total < held.inUse()) {
            return new Outcome.LicensesInUse(total, held.inUse());
        }
        return null;
    }

    /** What became of it. */
    public sealed interface Outcome {
        record Made(ActivationRequest request) implements Outcome {}

        /** L31. */
        record CountExceeded(int requested, int available, int seats) implements Outcome {}

        /** L18. */
        record PoolHasExpired(Instant since) implements Outcome {}

        record LicensesInUse(int requested, int inUse) implements Outcome {}

        /** L32, L13. */
        record CodeInvalid(@Nullable String similar) implements Outcome {}

        record ServerUnknown() implements Outcome {}

        record ServerRetired(String name) implements Outcome {}

        /** Licences of the code are active that no authority knows of. */
        record AllottedHere(int active) implements Outcome {}

        /** A server of its own is just being given the answer to the request before. */
        record BeingApplied(ActivationRequest request) implements Outcome {}
    }
}
