package dev.interlock.license.app;

import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.CustodyEntry.Act;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Hands out a request's file, and writes down who took it (L23). */
@Singleton
public class DownloadRequest {
    private final ActivationRequests requests;
    private final Clock clock;

    DownloadRequest(ActivationRequests requests, Clock clock) {
        this.requests = requests;
        this.clock = clock;
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Downloaded(ActivationRequest request, byte[] file) {}

    @Transactional
    public Optional<Downloaded> handle(UUID id, String by) {
        return requests.find(id).map(request -> {
            var file = requests.file(id);
            requests.trace(
                    id,
                    new CustodyEntry(clock.instant(), by, Act.DOWNLOADED, request.sha256(), (long) file.length, null));
            return new Downloaded(request, file);
        });
    }
}
