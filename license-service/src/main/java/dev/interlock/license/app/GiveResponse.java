package dev.interlock.license.app;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.app.FlexnetServers.Feature;
import dev.interlock.license.app.FlexnetServers.Processing;
import dev.interlock.license.domain.Activation;
import dev.interlock.license.domain.Activation.Activated;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.ActivationRequest.State;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.Rejection;
import dev.interlock.platform.credentials.CredentialException;
import dev.interlock.platform.outbox.Outbox;
import dev.interlock.platform.ssh.SshException;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a license server of its own the answer to its request, and looks afterwards what is active there (L27, L29). After a crash
 * it is done again: the server says of an answer that it was given before, and the list says what is there, so nothing is doubled.
 */
@Singleton
public class GiveResponse {
    /** What is to be done, as a row. */
    public record Order(UUID requestId, String by) {}

    static final TaskDescriptor<Order> TASK = TaskDescriptor.of("give-response", Order.class);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(GiveResponse.class);

    private final ActivationRequests requests;
    private final LicenseServers servers;
    private final FlexnetServers flexnet;
    private final Pools pools;
    private final RecordApplied record;
    private final Outbox outbox;
    private final TransactionOperations<Connection> transactions;
    private final Clock clock;

    GiveResponse(
            ActivationRequests requests,
            LicenseServers servers,
            FlexnetServers flexnet,
            Pools pools,
            RecordApplied record,
            Outbox outbox,
            TransactionOperations<Connection> transactions,
            Clock clock) {
        this.requests = requests;
        this.servers = servers;
        this.flexnet = flexnet;
        this.pools = pools;
        this.record = record;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @throws SshException when it is not known whether the server was given it: to be done again */
    public void handle(Order order) {
        var request = requests.find(order.requestId()).orElseThrow();
        if (request.state() != State.APPLYING) {
            return;
        }
        var server = servers.find(request.server()).orElseThrow();
        try {
            var file = requests.response(request.id()).orElseThrow();
            var response = read(server, file);
            trace(request, Act.SENT, "to " + server.name(), order.by());
            var processing = flexnet.process(server, file);
            switch (processing) {
                case Processing.Refused(var text) -> refused(request, Rejection.byServer(text), order.by());
                case Processing.Processed(), Processing.ProcessedBefore() ->
                    applied(request, response, server, flexnet.features(server), order.by());
            }
        } catch (ServerTrouble | CredentialException e) {
            notApplied(request, String.valueOf(e.getMessage()), order.by());
        } catch (SshException e) {
            if (e.reason().mayHaveRun()) {
                throw e;
            }
            notApplied(request, String.valueOf(e.getMessage()), order.by());
        }
    }

    private CapabilityResponse read(LicenseServer server, byte[] file) {
        return switch (flexnet.read(server, file)) {
            case Reading.Understood(var response) -> response;
            case Reading.Unreadable(var rejection) ->
                throw new ServerTrouble(ServerTrouble.Kind.REFUSED, rejection.detail(), rejection.next());
        };
    }

    private void applied(
            ActivationRequest request,
            CapabilityResponse response,
            LicenseServer server,
            List<Feature> features,
            String by) {
        transactions.executeWrite(status -> {
            var now = clock.instant();
            var pool = pools.findForActivation(request.code()).orElseThrow();
            var current = requests.findForChange(request.id()).orElseThrow();
            if (current.state() != State.APPLYING) {
                return null;
            }
            if (pool.activate(request.server(), request.total(), now) instanceof Activated activated) {
                record.handle(current, response, activated, by, now);
            } else {
                Activation unfit = pool.activate(request.server(), request.total(), now);
                LOG.warn(
                        "{} has {} of {}, which does not fit its pool: {}",
                        server.name(),
                        request.total(),
                        request.code(),
                        unfit);
                requests.applied(request.id(), now, by);
            }
            int found = features.stream()
                    .filter(feature -> feature.name().equals(pool.feature()))
                    .mapToInt(Feature::count)
                    .sum();
            requests.trace(
                    request.id(),
                    new CustodyEntry(
                            now,
                            by,
                            Act.VERIFIED,
                            null,
                            null,
                            server.name() + " lists " + found + " of " + pool.feature()
                                    + (found < request.total() ? ": fewer than were activated, look at it" : "")));
            return null;
        });
    }

    private void refused(ActivationRequest request, Rejection rejection, String by) {
        transactions.executeWrite(status -> {
            requests.reopen(request.id());
            trace(request, Act.REFUSED, rejection.slug() + ": " + rejection.detail(), by);
            outbox.add(TakeInResponse.rejected(request, rejection));
            return null;
        });
    }

    /** The answer itself is good: it can be applied once the cause is mended. */
    private void notApplied(ActivationRequest request, String why, String by) {
        transactions.executeWrite(status -> {
            requests.notApplied(request.id());
            trace(request, Act.REFUSED, "not applied: " + why, by);
            return null;
        });
    }

    private void trace(ActivationRequest request, Act act, String detail, String by) {
        requests.trace(
                request.id(), new CustodyEntry(clock.instant(), by, act, request.responseSha256(), null, detail));
    }

    /** The row's executor. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        OneTimeTask<Order> giveResponse(BeanProvider<GiveResponse> give) {
            return Tasks.oneTime(TASK)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(AGAIN_AFTER))
                    .execute((instance, context) -> give.get().handle(instance.getData()));
        }
    }
}
