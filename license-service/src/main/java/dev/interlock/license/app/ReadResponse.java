package dev.interlock.license.app;

import dev.interlock.license.app.CapabilityFiles.Reading;
import dev.interlock.license.domain.ActivationRequest;
import jakarta.inject.Singleton;

/** Reads an answer as the server that is to have it reads it: ours by its signature, the vendor's by the vendor's own command. */
@Singleton
class ReadResponse {
    private final LicenseServers servers;
    private final CapabilityFiles files;
    private final FlexnetServers flexnet;

    ReadResponse(LicenseServers servers, CapabilityFiles files, FlexnetServers flexnet) {
        this.servers = servers;
        this.files = files;
        this.flexnet = flexnet;
    }

    Reading handle(ActivationRequest request, byte[] file) {
        var server = servers.find(request.server()).orElseThrow();
        return switch (server.kind()) {
            case NATIVE -> files.read(file);
            case FLEXNET -> flexnet.read(server, file);
        };
    }
}
