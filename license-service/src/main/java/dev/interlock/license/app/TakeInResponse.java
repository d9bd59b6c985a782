package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.ResponseRejected;
import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.Rejection;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes in the answer to a request, if it is one that can be applied; nothing is activated yet. */
@Singleton
public class TakeInResponse {
    private final ActivationRequests requests;
    private final ReadResponse read;
    private final Outbox outbox;
    private final Clock clock;

    TakeInResponse(ActivationRequests requests, ReadResponse read, Outbox outbox, Clock clock) {
        this.requests = requests;
        this.read = read;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @param file null when it had more than {@link CapabilityFiles#LARGEST} bytes, which were not kept */
    @Transactional
    public Outcome handle(UUID id, byte @Nullable [] file, String by) {
        var request = requests.findForChange(id).orElse(null);
        if (request == null) {
            return new Outcome.RequestUnknown();
        }
        var now = clock.instant();
        if (file == null) {
            return refused(request, null, Rejection.tooLarge(CapabilityFiles.LARGEST), by);
        }
        requests.trace(id, new CustodyEntry(now, by, Act.UPLOADED, Sha256.of(file), (long) file.length, null));
        return switch (read.handle(request, file)) {
            case Reading.Unreadable(var rejection) -> refused(request, file, rejection, by);
            case Reading.Understood(var response) -> {
                var rejection = Rejection.of(response.answers(request, now));
                if (rejection != null) {
                    yield refused(request, file, rejection, by);
                }
                requests.answered(id, file, Sha256.of(file), contents(response), response);
                yield new Outcome.TakenIn(requests.find(id).orElseThrow(), response);
            }
        };
    }

    private Outcome refused(ActivationRequest request, byte @Nullable [] file, Rejection rejection, String by) {
        requests.trace(
                request.id(),
                new CustodyEntry(
                        clock.instant(),
                        by,
                        Act.REFUSED,
                        file == null ? null : Sha256.of(file),
                        file == null ? null : (long) file.length,
                        rejection.slug() + ": " + rejection.detail()));
        outbox.add(rejected(request, rejection));
        return new Outcome.Refused(request, rejection);
    }

    static ResponseRejected rejected(ActivationRequest request, Rejection rejection) {
        return new ResponseRejected(
                request.code().value(),
                request.server().value(),
                rejection.reason(),
                rejection.detail(),
                rejection.next());
    }

    /** Line by line, as the vendor's tool shows it. */
    static String contents(CapabilityResponse response) {
        return response.shown().entrySet().stream()
                .map(line -> line.getKey() + "=" + line.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** What became of it. */
    public sealed interface Outcome {
        record TakenIn(ActivationRequest request, CapabilityResponse response) implements Outcome {}

        record Refused(ActivationRequest request, Rejection rejection) implements Outcome {}

        record RequestUnknown() implements Outcome {}
    }
}
