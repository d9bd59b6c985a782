package dev.interlock.upgrade.domain;

import java.util.Optional;

/** The procedures there are. */
public record Procedures(
        KeeperConnectionManager keeper, IgelUmsHighAvailability ums, PcoipLicenseServer licenseServer) {
    public Optional<Procedure> of(Product product) {
        return switch (product) {
            case KEEPER_CONNECTION_MANAGER -> Optional.of(keeper);
            case IGEL_UMS -> Optional.of(ums);
            case PCOIP_LICENSE_SERVER -> Optional.of(licenseServer);
            case PCOIP_CONNECTION_MANAGER, PARALLELS_SECURE_WORKSPACE -> Optional.empty();
        };
    }
}
