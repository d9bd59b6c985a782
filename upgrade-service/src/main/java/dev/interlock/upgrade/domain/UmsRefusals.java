package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Procedure.Order;
import dev.interlock.upgrade.domain.Procedure.Reason;
import java.util.ArrayList;
import java.util.List;

/** Why no plan may be made for a UMS network although each of its hosts has a place in it. */
final class UmsRefusals {
    private UmsRefusals() {}

    /** What makes the release unfit for the network (G4). */
    static List<Reason> ofRelease(Order order, UmsNetwork network) {
        var refusals = new ArrayList<Reason>();
        if (order.release(order.target()).isEmpty()) {
            refusals.add(new Reason(
                    "G1",
                    "IGEL UMS " + order.target() + " is not a known release.",
                    "Known are " + order.known() + ". Register the release first if IGEL has published it."));
        }
        network.nodes()
                .filter(t -> t.version().compareTo(order.target()) > 0)
                .forEach(t -> refusals.add(new Reason(
                        "G4",
                        t.name() + " runs " + t.version() + ", which is newer than " + order.target()
                                + ": an older UMS cannot be installed over a newer one.",
                        "To go back, build a separate HA network with " + order.target()
                                + " and restore a database backup of its schema there.")));
        return refusals;
    }

    /** What the network lacks, or has already; asked only when nothing else is wrong. */
    static List<Reason> ofNetwork(Order order, UmsNetwork network, UmsDeploymentSettings said) {
        var refusals = new ArrayList<Reason>();
        if (network.servers().isEmpty()) {
            refusals.add(new Reason(
                    "G2",
                    order.deployment().name() + " has no UMS Server.",
                    "Add its servers to the deployment in the role 'server'."));
        } else if (network.due(network.nodes().toList()).isEmpty()) {
            refusals.add(new Reason(
                    "G4",
                    "Every host of " + order.deployment().name() + " runs " + order.target() + " already.",
                    "Nothing needs to be done."));
        }
        if (network.databases().size() > 1) {
            refusals.add(new Reason(
                    "G3",
                    UmsNetwork.names(network.databases()) + " are all in the role 'database'.",
                    "Leave the one from which the database is to be dumped."));
        }
        if (!network.databases().isEmpty() && said.postgres() && !said.complete()) {
            refusals.add(new Reason(
                    "G3",
                    "The database is to be dumped from " + UmsNetwork.names(network.databases())
                            + ", which knows no data source of the UMS.",
                    "Set database.host, database.port, database.name and database.user of the deployment."));
        }
        return refusals;
    }
}
