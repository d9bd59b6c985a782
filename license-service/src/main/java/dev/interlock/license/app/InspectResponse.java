package dev.interlock.license.app;

import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import dev.interlock.license.domain.Rejection;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows what an answer says without applying it (L26): one that was uploaded, or any file. */
@Singleton
public class InspectResponse {
    private final ActivationRequests requests;
    private final ReadResponse read;
    private final CapabilityFiles files;
    private final Clock clock;

    InspectResponse(ActivationRequests requests, ReadResponse read, CapabilityFiles files, Clock clock) {
        this.requests = requests;
        this.read = read;
        this.files = files;
        this.clock = clock;
    }

    /**
     * @param response null when the file cannot be read or trusted
     * @param request that it answers; null when there is none here
     * @param rejection why it could not be applied now; null when it could
     */
    public record Inspection(
            String sha256,
            int bytes,
            @Nullable CapabilityResponse response,
            @Nullable ActivationRequest request,
            @Nullable Rejection rejection) {}

    /** @return empty when there is no such request, or no answer to it */
    @Transactional
    public Optional<Inspection> ofRequest(UUID id, String by) {
        var request = requests.find(id).orElse(null);
        var file = request == null ? null : requests.response(id).orElse(null);
        return request == null || file == null ? Optional.empty() : Optional.of(inspect(file, request, by));
    }

    @Transactional
    public Inspection ofFile(byte[] file, String by) {
        return inspect(file, null, by);
    }

    private Inspection inspect(byte[] file, @Nullable ActivationRequest known, String by) {
        var sha256 = Sha256.of(file);
        return switch (known == null ? files.read(file) : read.handle(known, file)) {
            case Reading.Unreadable(var rejection) -> new Inspection(sha256, file.length, null, known, rejection);
            case Reading.Understood(var response) -> {
                var request = known;
                if (request == null && response.requestId() != null) {
                    request = requests.find(response.requestId()).orElse(null);
                }
                if (request == null) {
                    yield new Inspection(
                            sha256,
                            file.length,
                            response,
                            null,
                            Rejection.unreadable("It answers a request that was not made here."));
                }
                requests.trace(
                        request.id(),
                        new CustodyEntry(clock.instant(), by, Act.INSPECTED, sha256, (long) file.length, null));
                yield new Inspection(
                        sha256,
                        file.length,
                        response,
                        request,
                        Rejection.of(response.answers(request, clock.instant())));
            }
        };
    }
}
