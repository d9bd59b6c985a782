package dev.interlock.edge.proxy;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.net.URI;

/** Where the four services are, as {@code http://host:port} without a path. */
@ConfigurationProperties("interlock.edge.services")
record ServiceAddresses(URI inventory, URI licenses, URI upgrades, URI agents) {

    ServiceAddresses {
        for (var address : new URI[] {inventory, licenses, upgrades, agents}) {
            var path = address.getRawPath();
            if (address.getHost() == null || !(path == null || path.isEmpty() || path.equals("/"))) {
                throw new IllegalArgumentException(
                        "interlock.edge.services wants addresses such as http://10.0.0.5:8081, not " + address);
            }
        }
    }

    URI of(Domain domain) {
        return switch (domain) {
            case INVENTORY -> inventory;
            case LICENSES -> licenses;
            case UPGRADES -> upgrades;
            case AGENTS -> agents;
        };
    }
}
