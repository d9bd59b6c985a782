package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Stage.Lane;
import dev.interlock.upgrade.domain.Step.OnFailure;
import dev.interlock.upgrade.domain.Step.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people are asked during the upgrade of a UMS network: what no host can answer. */
record UmsGates(UmsNetwork network, UmsDeploymentSettings said) {

    /** Before anything is changed (G7, G10, and G3 where the database cannot be dumped by Interlock). */
    Optional<Stage> confirmations() {
        var gates = new ArrayList<Step>();
        gates.add(gate(
                "tested",
                "G7",
                "Tried on a test system",
                "Was " + network.wanted()
                        + " installed and tried on a test system first? The same goes for hotfixes and patches of"
                        + " operating systems and databases."));
        gates.add(gate(
                "terms",
                "G10",
                "License agreement, components, requirements, ports",
                "Have you read and accepted the license agreement of " + network.wanted()
                        + ", and does it fit: the components of each"
                        + " host (" + components()
                        + "), the system requirements, the firewall's ports (8443, 30001, 30002,"
                        + " 61616, 6155/udp, 30005)? And does the console list exactly these load balancers under UMS Administration > UMS"
                        + " Network: " + balancers() + "?"));
        if (!said.postgres()) {
            gates.add(gate(
                    "backup",
                    "G3",
                    "Backup of the database",
                    "Has the productive database (" + said.kind()
                            + ") been backed up by the means that its vendor recommends, and was it"
                            + " proven that the backup can be restored? Say in the comment where it lies."));
        }
        return stage("Confirmations", gates);
    }

    /** Before the first server is in update mode; none where no server has to be (G12). */
    Optional<Stage> freeze() {
        Step freeze = gate(
                "freeze",
                "G12",
                "No changes from now on",
                "Has everybody who uses the UMS console been told that nothing may be changed until all servers are updated? Servers in"
                        + " update mode work on copies: what is changed in a console meanwhile is lost, and the productive database must"
                        + " not be changed (G13).");
        return network.dueServers().isEmpty() ? Optional.empty() : stage("Freeze", List.of(freeze));
    }

    /** After each server (G15). */
    Step adNative(Target host) {
        return gate(
                Step.id("ad-native", host),
                "G15",
                "SQL Server AD Native: log-on of the service on " + host.name(),
                "Is the service \"IGEL RMGUIServer\" on " + host.name()
                        + " set to the right start-up type and log-on for SQL Server AD Native again, and was it restarted? It must"
                        + " be on ALL servers.");
    }

    /** About the network as a whole; its host is only where the run shows it. */
    private Step gate(String id, String clause, String title, String question) {
        return new Step(
                        id,
                        title,
                        List.of(clause),
                        network.servers().getFirst().hostId(),
                        new Gate(question, "operator", true),
                        Duration.ZERO,
                        Duration.ZERO,
                        "nothing",
                        "a person has confirmed it",
                        OnFailure.STOP_AND_ASK,
                        true)
                .with(Trait.NEEDED);
    }

    private Optional<Stage> stage(String name, List<Step> gates) {
        String shownAt = network.servers().getFirst().name();
        return Optional.of(new Stage(
                name,
                gates.size(),
                true,
                null,
                gates.stream()
                        .map(g -> new Lane(g.hostId(), shownAt, List.of(g)))
                        .toList()));
    }

    private String balancers() {
        List<String> names = network.members().loadBalancers();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private String components() {
        return String.join(
                ", ",
                network.nodes()
                        .map(t -> t.name() + ": " + t.variant().replace("+", " and "))
                        .toList());
    }
}
