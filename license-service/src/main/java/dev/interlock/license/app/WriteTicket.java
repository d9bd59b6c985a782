package dev.interlock.license.app;

import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import dev.interlock.license.domain.SupportTicket;
import dev.interlock.license.domain.SupportTicket.About;
import dev.interlock.license.domain.SupportTicket.Held;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the text of a ticket for the vendor's support, with the VM_UUID and what is held (L17, L20, L30). */
@Singleton
public class WriteTicket {
    private final LicenseServers servers;
    private final ServerIdentities identities;
    private final FlexnetServers flexnet;
    private final Pools pools;

    WriteTicket(LicenseServers servers, ServerIdentities identities, FlexnetServers flexnet, Pools pools) {
        this.servers = servers;
        this.identities = identities;
        this.flexnet = flexnet;
        this.pools = pools;
    }

    @Transactional
    public Optional<SupportTicket> handle(
            ServerId id,
            About about,
            @Nullable String activationCode,
            @Nullable String contactName,
            @Nullable String contactEmail) {
        return servers.find(id)
                .map(server -> SupportTicket.of(
                        about,
                        server.name(),
                        machineId(server),
                        pools.on(id).entrySet().stream()
                                .filter(held -> held.getValue().total() > 0)
                                .map(held -> new Held(
                                        held.getKey().value(), held.getValue().total()))
                                .toList(),
                        activationCode,
                        contactName,
                        contactEmail));
    }

    private String machineId(LicenseServer server) {
        return switch (server.kind()) {
            case NATIVE -> identities.machineId(server.id());
            case FLEXNET -> {
                try {
                    yield flexnet.machineId(server);
                } catch (ServerTrouble gone) {
                    // a ticket is written when it is gone, too
                    yield "<run pcoip-get-license-server-id on " + server.name() + ">";
                }
            }
        };
    }
}
