package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Invariant.Before;
import dev.interlock.upgrade.domain.Invariant.Scope;
import java.util.List;
import java.util.Set;

/** The invariants of each procedure. */
public final class Invariants {
    private Invariants() {}

    /** Keeper Connection Manager: host by host, each for itself. */
    public static final List<Invariant> KEEPER = List.of(
            new Before(
                    "K2",
                    "A host is checked before anything on it is changed",
                    Scope.SAME_HOST,
                    Set.of("check-host"),
                    Set.of("stop-services", "upgrade-packages", "start-services")),
            new Before(
                    "K5",
                    "A host's services are stopped before its packages are upgraded",
                    Scope.SAME_HOST,
                    Set.of("stop-services"),
                    Set.of("upgrade-packages")),
            new Before(
                    "K9",
                    "A host's packages are upgraded before its services start again",
                    Scope.SAME_HOST,
                    Set.of("upgrade-packages"),
                    Set.of("start-services")),
            new Before(
                    "K10",
                    "A host is proven only once its services run again",
                    Scope.SAME_HOST,
                    Set.of("start-services"),
                    Set.of("prove-version")),
            new Before(
                    "K10",
                    "A run is completed only when every host is proven",
                    Scope.ALL,
                    Set.of("prove-version"),
                    Set.of(Invariant.COMPLETED)));

    public static List<Invariant> of(String product) {
        return Product.of(product).map(Invariants::of).orElse(List.of());
    }

    public static List<Invariant> of(Product product) {
        return switch (product) {
            case KEEPER_CONNECTION_MANAGER -> KEEPER;
            case IGEL_UMS, PCOIP_LICENSE_SERVER, PCOIP_CONNECTION_MANAGER, PARALLELS_SECURE_WORKSPACE -> List.of();
        };
    }
}
