package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Procedure.Order;
import java.util.ArrayList;
import java.util.List;

/** What a reader of a UMS network's plan should know before approving. */
final class UmsNotes {
    private UmsNotes() {}

    static List<String> of(Order order, UmsNetwork network) {
        var notes = new ArrayList<String>();
        List<Target> due = network.dueServers();
        if (!due.isEmpty()) {
            notes.add("Servers are updated in this order, and any may be first (G9): " + UmsNetwork.names(due) + ". "
                    + (network.schemaChanges()
                            ? due.getLast().name()
                                    + ", the last one, renews the schema of the productive database to "
                                    + network.schema() + " (G16)."
                            : "The schema stays " + network.schema() + ": nothing has to be renewed (G16)."));
            notes.add(
                    "In update mode servers work on copies of the database and go on answering devices (G11); what is changed in a"
                            + " console until all are back is lost (G12).");
            notes.add(
                    "There is no way back to an older version but a separate HA network with the restored backup (G4). From the"
                            + " first server on the run cannot be aborted, only retried.");
            if (!network.consoles().isEmpty()) {
                notes.add(
                        "Consoles cannot connect from the first updated server on until they are updated themselves (G19).");
            }
        }
        network.nodes()
                .filter(t -> t.version().equals(order.target()))
                .forEach(t ->
                        notes.add(t.name() + " has " + order.target() + " already: it is checked, not installed."));
        network.nodes()
                .filter(t -> unreachable(order, t))
                .forEach(t -> notes.add(t.name() + " was unreachable when the plan was made."));
        if (order.window() == null) {
            notes.add("No maintenance window was given: the run may be started at any time.");
        }
        return notes;
    }

    private static boolean unreachable(Order order, Target target) {
        Host host = order.hosts().get(target.hostId());
        return host != null && host.isUnreachable();
    }
}
