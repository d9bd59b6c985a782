package dev.interlock.license.app;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.domain.Activation;
import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.Rejection;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Applies the answer that was taken in (L27) and looks afterwards whether its total is active (L29). For a native server all in
 * one transaction: a crash leaves everything as before or done, and applied again it does nothing more. A server of its own is
 * given the answer by {@link GiveResponse}.
 */
@Singleton
public class ApplyResponse {
    private final ActivationRequests requests;
    private final CapabilityFiles files;
    private final Pools pools;
    private final LicenseServers servers;
    private final RecordApplied record;
    private final SchedulerClient scheduler;
    private final Outbox outbox;
    private final Clock clock;

    ApplyResponse(
            ActivationRequests requests,
            CapabilityFiles files,
            Pools pools,
            LicenseServers servers,
            RecordApplied record,
            SchedulerClient scheduler,
            Outbox outbox,
            Clock clock) {
        this.requests = requests;
        this.files = files;
        this.pools = pools;
        this.servers = servers;
        this.record = record;
        this.scheduler = scheduler;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public Outcome handle(UUID id, String by) {
        var known = requests.find(id).orElse(null);
        if (known == null) {
            return new Outcome.RequestUnknown();
        }
        // first the purchase, then the request: in the order of everybody who needs both
        var pool = pools.findForActivation(known.code()).orElseThrow();
        var request = requests.findForChange(id).orElseThrow();
        var now = clock.instant();
        return switch (request.state()) {
            case APPLIED -> new Outcome.AppliedBefore(request, pool);
            case APPLYING -> new Outcome.BeingApplied(request);
            case OPEN -> new Outcome.NoResponse(request);
            case SUPERSEDED -> refused(request, Rejection.of(new CapabilityResponse.Verdict.Superseded()), by, now);
            case ANSWERED ->
                servers.find(request.server()).orElseThrow().kind() == Kind.FLEXNET
                        ? give(request, by, now)
                        : applyHere(request, pool, by, now);
        };
    }

    /** The server itself has to be given the answer. That is written down first, so that a crash finds it begun. */
    private Outcome give(ActivationRequest request, String by, Instant now) {
        var until = request.responseExpiresAt();
        if (until != null && !now.isBefore(until)) {
            return refused(request, Rejection.expired(until), by, now);
        }
        requests.applying(request.id());
        var _ = scheduler.scheduleIfNotExists(GiveResponse.TASK
                .instance(request.id().toString())
                .data(new GiveResponse.Order(request.id(), by))
                .scheduledTo(now));
        return new Outcome.BeingApplied(request);
    }

    private Outcome applyHere(ActivationRequest request, Pool pool, String by, Instant now) {
        return switch (files.read(requests.response(request.id()).orElseThrow())) {
            case Reading.Unreadable(var rejection) -> refused(request, rejection, by, now);
            case Reading.Understood(var response) -> apply(request, response, pool, by, now);
        };
    }

    private Outcome apply(ActivationRequest request, CapabilityResponse response, Pool pool, String by, Instant now) {
        var unfit = Rejection.of(response.answers(request, now));
        if (unfit == null && pool.authority() != null && !pool.authority().equals(response.issuer())) {
            unfit = Rejection.otherAuthority(pool.authority(), response.issuer());
        }
        if (unfit == null && pool.authority() == null && pool.activeTotal() > 0) {
            unfit = Rejection.allottedHere(pool.activeTotal());
        }
        if (unfit == null && servers.find(request.server()).orElseThrow().isRetired()) {
            unfit = Rejection.unreadable("The license server is out of service.");
        }
        if (unfit != null) {
            return refused(request, unfit, by, now);
        }
        return switch (pool.activate(request.server(), request.total(), now)) {
            case Activated activated -> {
                record.handle(request, response, activated, by, now);
                yield verified(request, activated, by, now);
            }
            case Activation.CountExceeded(var requested, var available, var seats) ->
                refused(request, Rejection.countExceeded(requested, available, seats), by, now);
            case Activation.PoolHasExpired(var since) -> refused(request, Rejection.purchaseExpired(since), by, now);
            case Activation.LicensesInUse(var requested, var inUse) ->
                refused(request, Rejection.inUse(requested, inUse), by, now);
            case Activation.CodeInvalid _,
                    Activation.ServerUnknown _,
                    Activation.ServerRetired _,
                    Activation.AllottedElsewhere _ -> throw new IllegalStateException("no answer of a pool");
        };
    }

    /** L29: not what was meant to be written, but what is there. */
    private Outcome verified(ActivationRequest request, Activated activated, String by, Instant now) {
        var pool = pools.find(request.code()).orElseThrow();
        int found = pool.on(request.server()).total();
        if (found != activated.total()) {
            throw new IllegalStateException(
                    "the total of " + request.code() + " is " + found + ", not " + activated.total());
        }
        requests.trace(
                request.id(),
                new CustodyEntry(now, by, Act.VERIFIED, null, null, "a total of " + found + " is active"));
        return new Outcome.Applied(requests.find(request.id()).orElseThrow(), pool, activated.change());
    }

    private Outcome refused(ActivationRequest request, @Nullable Rejection rejection, String by, Instant now) {
        if (rejection == null) {
            throw new IllegalStateException("refused without a reason");
        }
        if (request.state() == ActivationRequest.State.ANSWERED) {
            requests.reopen(request.id());
        }
        requests.trace(
                request.id(),
                new CustodyEntry(
                        now,
                        by,
                        Act.REFUSED,
                        request.responseSha256(),
                        null,
                        rejection.slug() + ": " + rejection.detail()));
        outbox.add(TakeInResponse.rejected(request, rejection));
        return new Outcome.Refused(request, rejection);
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** @param change how many licences more are active on the server now; negative for a return */
        record Applied(ActivationRequest request, Pool pool, int change) implements Outcome {}

        /** The answer was applied before; nothing more was done. */
        record AppliedBefore(ActivationRequest request, Pool pool) implements Outcome {}

        record BeingApplied(ActivationRequest request) implements Outcome {}

        /** Nothing was uploaded yet that could be applied. */
        record NoResponse(ActivationRequest request) implements Outcome {}

        record Refused(ActivationRequest request, Rejection rejection) implements Outcome {}

        record RequestUnknown() implements Outcome {}
    }
}
