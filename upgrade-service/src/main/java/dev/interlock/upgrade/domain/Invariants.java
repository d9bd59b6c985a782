package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Invariant.Before;
import dev.interlock.upgrade.domain.Invariant.LastAlone;
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

    /** IGEL UMS High Availability without downtime: the network as a whole. */
    public static final List<Invariant> UMS = List.of(
            new Before(
                    "G2",
                    "Every node is checked before anything is changed",
                    Scope.ALL,
                    Set.of("check-ums"),
                    Set.of("enter-update-mode", "stop-load-balancer", "update-component")),
            new Before(
                    "G10",
                    "A person has confirmed license agreement and requirements before anything is changed",
                    Scope.ANY,
                    Set.of("gate:terms"),
                    Set.of("enter-update-mode", "stop-load-balancer", "update-component")),
            new Before(
                    "G3",
                    "The database is backed up before the first server goes into update mode",
                    Scope.ANY,
                    Set.of("back-up-database", "gate:backup"),
                    Set.of("enter-update-mode")),
            new Before(
                    "G12",
                    "Everybody knows that nothing may be changed before the first server goes into update mode",
                    Scope.ANY,
                    Set.of("gate:freeze"),
                    Set.of("enter-update-mode")),
            new Before(
                    "G11",
                    "A server is in update mode before the new version is installed on it",
                    Scope.SAME_HOST,
                    Set.of("enter-update-mode"),
                    Set.of("update-server")),
            new LastAlone(
                    "G16",
                    "The last server updated and only it renews the schema",
                    Set.of("update-server"),
                    Set.of("renew-schema")),
            new Before(
                    "G17",
                    "No server leaves update mode before all are updated and the schema is new",
                    Scope.ALL,
                    Set.of("update-server", "renew-schema"),
                    Set.of("return-to-normal-mode")),
            new Before(
                    "G18",
                    "Load balancers and consoles come after the servers are back in normal mode",
                    Scope.ALL_THERE_ARE,
                    Set.of("return-to-normal-mode"),
                    Set.of("stop-load-balancer", "update-component")),
            new Before(
                    "G25",
                    "A run is completed only when every node is proven",
                    Scope.ALL,
                    Set.of("prove-ums"),
                    Set.of(Invariant.COMPLETED)));

    /** PCoIP License Server, in place. */
    public static final List<Invariant> LICENSE_SERVER = List.of(
            new Before(
                    "L49",
                    "A license server is checked before its packages change",
                    Scope.SAME_HOST,
                    Set.of("check-license-server"),
                    Set.of("update-license-server")),
            new Before(
                    "L84",
                    "Its list of licences is recorded before its packages change",
                    Scope.SAME_HOST,
                    Set.of("record-licenses"),
                    Set.of("update-license-server")),
            new Before(
                    "L51",
                    "Its health is waited for only after its packages have changed",
                    Scope.SAME_HOST,
                    Set.of("update-license-server"),
                    Set.of("await-license-server")),
            new Before(
                    "L84",
                    "Its licences are compared only when it is healthy again",
                    Scope.SAME_HOST,
                    Set.of("await-license-server"),
                    Set.of("compare-licenses")),
            new Before(
                    "L84",
                    "A run is completed only when every license server is healthy and has the licences it had",
                    Scope.ALL,
                    Set.of("compare-licenses"),
                    Set.of(Invariant.COMPLETED)));

    public static List<Invariant> of(String product) {
        return Product.of(product).map(Invariants::of).orElse(List.of());
    }

    public static List<Invariant> of(Product product) {
        return switch (product) {
            case KEEPER_CONNECTION_MANAGER -> KEEPER;
            case IGEL_UMS -> UMS;
            case PCOIP_LICENSE_SERVER -> LICENSE_SERVER;
            case PCOIP_CONNECTION_MANAGER, PARALLELS_SECURE_WORKSPACE -> List.of();
        };
    }
}
