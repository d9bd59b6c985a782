package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.LicenseServer.Management;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes a license server known. */
@Singleton
public class RegisterLicenseServer {
    private final LicenseServers servers;
    private final FlexnetServers flexnet;
    private final ServerWatch watch;
    private final Outbox outbox;
    private final Clock clock;

    RegisterLicenseServer(
            LicenseServers servers, FlexnetServers flexnet, ServerWatch watch, Outbox outbox, Clock clock) {
        this.servers = servers;
        this.flexnet = flexnet;
        this.watch = watch;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @param management null for a native one */
    @Transactional
    public Registration handle(
            String name, Kind kind, @Nullable String address, @Nullable Management management, String by) {
        var now = clock.instant();
        var server =
                new LicenseServer(new ServerId(UUID.randomUUID()), name, kind, address, now, management, null, false);
        if (kind == Kind.FLEXNET) {
            var flaws = flexnet.passwordFlaws(server);
            if (!flaws.isEmpty()) {
                return new Registration.PasswordImpossible(flaws);
            }
        }
        if (!servers.add(server, by)) {
            return new Registration.NameTaken();
        }
        if (kind == Kind.FLEXNET) {
            watch.begin(server.id(), now);
        }
        outbox.add(new LicenseServerRegistered(
                server.id().value(),
                name,
                kind.wireName(),
                address,
                management == null ? null : management.hostId(),
                by));
        return new Registration.Registered(server);
    }

    /** What became of it. */
    public sealed interface Registration {
        record Registered(LicenseServer server) implements Registration {}

        record NameTaken() implements Registration {}

        /** The password that is kept for its administrator breaks the vendor's rules, so it cannot be the right one (L39). */
        record PasswordImpossible(List<String> flaws) implements Registration {}
    }
}
