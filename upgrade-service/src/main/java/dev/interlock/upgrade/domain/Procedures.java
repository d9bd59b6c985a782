package dev.interlock.upgrade.domain;

import java.util.Optional;

/** The procedures there are. */
public record Procedures(KeeperConnectionManager keeper, IgelUmsHighAvailability ums) {
    public Optional<Procedure> of(Product product) {
        return switch (product) {
            case KEEPER_CONNECTION_MANAGER -> Optional.of(keeper);
            case IGEL_UMS -> Optional.of(ums);
            case PCOIP_CONNECTION_MANAGER, PCOIP_LICENSE_SERVER, PARALLELS_SECURE_WORKSPACE -> Optional.empty();
        };
    }
}
