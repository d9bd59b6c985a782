package dev.interlock.license.adapter.flexnet;

import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Management;

/** How a license server of this kind is reached; the database sees to it that it has this. */
final class Managed {
    private Managed() {}

    static Management of(LicenseServer server) {
        var management = server.management();
        if (management == null) {
            throw new IllegalStateException(server.name() + " is counted by this service itself");
        }
        return management;
    }
}
