package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes a license server known. */
@Singleton
public class RegisterLicenseServer {
    private final LicenseServers servers;
    private final Outbox outbox;
    private final Clock clock;

    RegisterLicenseServer(LicenseServers servers, Outbox outbox, Clock clock) {
        this.servers = servers;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public Registration handle(String name, Kind kind, @Nullable String address, String by) {
        var server = new LicenseServer(new ServerId(UUID.randomUUID()), name, kind, address, clock.instant());
        if (!servers.add(server, by)) {
            return new Registration.NameTaken();
        }
        outbox.add(new LicenseServerRegistered(server.id().value(), name, kind.wireName(), address, by));
        return new Registration.Registered(server);
    }

    /** What became of it. */
    public sealed interface Registration {
        record Registered(LicenseServer server) implements Registration {}

        record NameTaken() implements Registration {}
    }
}
