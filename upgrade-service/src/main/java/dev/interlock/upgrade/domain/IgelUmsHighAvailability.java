package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import dev.interlock.upgrade.domain.Procedure.Planning.Refused;
import dev.interlock.upgrade.domain.Step.OnFailure;
import dev.interlock.upgrade.domain.Step.Trait;
import dev.interlock.upgrade.domain.UmsAction.BackUpDatabase;
import dev.interlock.upgrade.domain.UmsAction.CheckNode;
import dev.interlock.upgrade.domain.UmsAction.EnterUpdateMode;
import dev.interlock.upgrade.domain.UmsAction.Installer;
import dev.interlock.upgrade.domain.UmsAction.Node;
import dev.interlock.upgrade.domain.UmsAction.ProveNode;
import dev.interlock.upgrade.domain.UmsAction.RenewSchema;
import dev.interlock.upgrade.domain.UmsAction.ReturnToNormalMode;
import dev.interlock.upgrade.domain.UmsAction.StopLoadBalancer;
import dev.interlock.upgrade.domain.UmsAction.UpdateComponent;
import dev.interlock.upgrade.domain.UmsAction.UpdateServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * IGEL UMS High Availability without downtime (seed 002, G1–G25): every server in turn goes into update mode on a copy of its own
 * and is updated, the last one renews the schema of the productive database, the others come back to it; then load balancers, then
 * consoles. One network is one thing: any failure halts the run.
 */
public final class IgelUmsHighAvailability implements Procedure {
    private static final String NO_WAY_BACK =
            "From the first server in update mode on there is no way back but forward: servers work on copies of the database, and no"
                    + " older version can be installed (G4, G13). The only other way is a separate HA network with the restored backup.";

    private final Settings settings;

    public IgelUmsHighAvailability(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Product product() {
        return Product.IGEL_UMS;
    }

    @Override
    public @Nullable Target describe(Host host, String role) {
        return UmsNetwork.describe(host, role);
    }

    @Override
    public Planning plan(Order order) {
        var said = new UmsDeploymentSettings(order.deployment().settings());
        var refusals = new ArrayList<>(said.refusals());
        var network = UmsNetwork.of(order, refusals);
        refusals.addAll(UmsRefusals.ofRelease(order, network));
        if (refusals.isEmpty()) {
            refusals.addAll(UmsRefusals.ofNetwork(order, network, said));
        }
        return refusals.isEmpty() ? new Planned(new Draft(order, network, said).plan()) : new Refused(refusals);
    }

    /** The plan for one order: its stages, and below them their steps, in the order of the source. */
    private final class Draft {
        private final Order order;
        private final UmsNetwork network;
        private final UmsDeploymentSettings said;
        private final UmsGates gates;

        Draft(Order order, UmsNetwork network, UmsDeploymentSettings said) {
            this.order = order;
            this.network = network;
            this.said = said;
            this.gates = new UmsGates(network, said);
        }

        Plan plan() {
            List<Target> due = network.dueServers();
            List<Target> first = due.isEmpty() ? due : due.subList(0, due.size() - 1);
            List<Target> last = due.isEmpty() ? due : List.of(due.getLast());
            List<Target> back = due.isEmpty() ? due : network.servers();
            List<Target> balancers = network.due(network.loadBalancers());
            List<Target> consoles = network.due(network.consoles());
            return new Plan(
                    product().id(),
                    order.deployment().id(),
                    order.deployment().name(),
                    network.nodes()
                            .map(Target::version)
                            .min(Comparator.naturalOrder())
                            .orElseThrow(),
                    order.target(),
                    order.release(order.target()).orElseThrow().repository(),
                    order.limits(),
                    order.window(),
                    network.everyone(),
                    Stream.of(
                                    together("Preflight", null, network.everyone(), this::check),
                                    gates.confirmations(),
                                    gates.freeze(),
                                    oneAfterAnother("Backup", null, dumpedFrom(), this::backup),
                                    oneAfterAnother("Servers", NO_WAY_BACK, first, host -> update(host, false)),
                                    oneAfterAnother("Last server", NO_WAY_BACK, last, host -> update(host, true)),
                                    together("Back to normal mode", NO_WAY_BACK, back, this::comeBack),
                                    oneAfterAnother("Load balancers", null, balancers, this::balance),
                                    together("Consoles", null, order.limits().concurrency(), consoles, this::component),
                                    together(
                                            "Final check", null, network.nodes().toList(), this::prove))
                            .flatMap(Optional::stream)
                            .toList(),
                    UmsNotes.of(order, network));
        }

        private List<Step> check(Target host) {
            boolean server = host.role().equals("server");
            return List.of(new Step(
                            Step.id("check", host),
                            "Check " + host.name() + " before any change",
                            server
                                    ? List.of("G1", "G2", "G4", "G5", "G8", "G23")
                                    : host.role().equals("database") ? List.of("G3") : List.of("G1", "G5", "G8"),
                            host.hostId(),
                            new CheckNode(
                                    node(host),
                                    host.version().text(),
                                    installer(host),
                                    server ? network.members() : null,
                                    dumpedFrom().contains(host),
                                    settings.clocksApart().dividedBy(2),
                                    settings.minFreeMebibytes()),
                            Duration.ofSeconds(5),
                            settings.checkMax(),
                            "nothing",
                            server
                                    ? "installer there and whole, root may write, clock right, version as planned, exactly the plan's"
                                            + " servers and load balancers registered, data source active, room on the disk"
                                    : host.role().equals("database")
                                            ? "pg_dump and pg_restore there, room on the disk"
                                            : "installer there and whole, root may write, clock right, version as planned",
                            OnFailure.RETRY,
                            true)
                    .with(Trait.NEEDED));
        }

        private List<Step> backup(Target host) {
            return List.of(new Step(
                            Step.id("backup", host),
                            "Back up the productive database from " + host.name()
                                    + " and prove that the backup can be read",
                            List.of("G3", "G4"),
                            host.hostId(),
                            new BackUpDatabase(node(host), said.database(), settings.backupFolder()),
                            settings.backupExpected(),
                            settings.backupMax(),
                            "no backup of this attempt",
                            "pg_dump ended well, pg_restore lists the dump's contents and reads all of it; size and SHA-256 are known",
                            OnFailure.RETRY,
                            true)
                    .with(Trait.NEEDED));
        }

        private List<Step> update(Target host, boolean last) {
            var steps = new ArrayList<>(List.of(enter(host), install(host, last)));
            if (said.adNative()) {
                steps.add(gates.adNative(host));
            }
            if (last && network.schemaChanges()) {
                steps.add(renew(host));
            }
            return steps;
        }

        private Step enter(Target host) {
            return new Step(
                            Step.id("enter", host),
                            "Stop the watchdog on " + host.name()
                                    + " and begin the installation: the server goes into update mode",
                            host.variant().endsWith("load-balancer") ? List.of("G11", "G21") : List.of("G11"),
                            host.hostId(),
                            new EnterUpdateMode(
                                    node(host), order.target().text(), installer(host), settings.stopPatience()),
                            Duration.ofMinutes(1),
                            settings.enterMax(),
                            "installed version; whether this installation was begun before",
                            "the server works on its own copy of the database, or the installer says so",
                            OnFailure.STOP_AND_ASK,
                            false)
                    .with(Trait.NEEDED, Trait.NEVER_REBOOT);
        }

        private Step install(Target host, boolean last) {
            return new Step(
                            Step.id("install", host),
                            "Install " + order.target() + " on " + host.name(),
                            List.of("G14", "G11"),
                            host.hostId(),
                            new UpdateServer(
                                    node(host),
                                    order.target().text(),
                                    installer(host),
                                    Step.id("enter", host),
                                    network.servers().size(),
                                    settings.answerPatience()),
                            settings.installExpected(),
                            settings.installMax(),
                            "the installer that was begun: it is waited for, not begun again",
                            "the installer says 'n of m servers updated', all HA services run, the server answers with the new version",
                            OnFailure.STOP_AND_ASK,
                            !last)
                    .with(Trait.NEEDED, Trait.NEVER_REBOOT);
        }

        private Step renew(Target host) {
            return new Step(
                            Step.id("renew", host),
                            "The last server, " + host.name() + ", renews the schema of the productive database",
                            List.of("G16", "G24"),
                            host.hostId(),
                            new RenewSchema(
                                    node(host), network.schema(), Step.id("enter", host), settings.renewPatience()),
                            Duration.ofMinutes(1),
                            settings.renewPatience().plus(settings.serviceMax()),
                            "version of the schema, data source of the server",
                            "the schema is " + network.schema()
                                    + ", and this server works with the productive database",
                            OnFailure.STOP_AND_ASK,
                            true)
                    .with(Trait.NEEDED, Trait.NEVER_REBOOT);
        }

        private List<Step> comeBack(Target host) {
            return List.of(new Step(
                            Step.id("return", host),
                            host.name()
                                    + " is told, restarts, reconnects to the productive database and runs in normal mode",
                            List.of("G17", "G24"),
                            host.hostId(),
                            new ReturnToNormalMode(node(host), order.target().text(), settings.reconnectPatience()),
                            Duration.ofMinutes(1),
                            settings.reconnectPatience().plus(settings.serviceMax()),
                            "mode and data source of the server",
                            "normal mode, the productive data source active and answering, the new version running",
                            OnFailure.STOP_AND_ASK,
                            true)
                    .with(Trait.NEEDED));
        }

        private List<Step> balance(Target host) {
            Step stop = new Step(
                    Step.id("stop", host),
                    "Stop the watchdog, then the load balancer on " + host.name() + "; kill it only if it hangs",
                    List.of("G21", "G20"),
                    host.hostId(),
                    new StopLoadBalancer(node(host), settings.stopPatience()),
                    Duration.ofSeconds(10),
                    settings.stopPatience().plus(settings.serviceMax()),
                    "state of its services",
                    "the load balancer is stopped",
                    OnFailure.STOP_AND_ASK,
                    false);
            Step install = component(host).getFirst();
            return network.hasOneLoadBalancer()
                    ? List.of(stop.with(Trait.OUTAGE), install.with(Trait.OUTAGE, Trait.NEVER_REBOOT))
                    : List.of(stop, install);
        }

        private List<Step> component(Target host) {
            boolean console = host.role().equals("console");
            return List.of(new Step(
                            Step.id("install", host),
                            "Install " + order.target() + " on the " + (console ? "console " : "load balancer ")
                                    + host.name(),
                            console ? List.of("G18", "G19") : List.of("G18", "G20"),
                            host.hostId(),
                            new UpdateComponent(node(host), order.target().text(), installer(host)),
                            settings.componentExpected(),
                            settings.installMax(),
                            "installed version; an installer that was begun is waited for",
                            console
                                    ? "the new version is installed"
                                    : "the new version is installed, all its services run",
                            OnFailure.STOP_AND_ASK,
                            true)
                    .with(Trait.NEVER_REBOOT));
        }

        private List<Step> prove(Target host) {
            boolean server = host.role().equals("server");
            return List.of(new Step(
                    Step.id("prove", host),
                    "Prove that " + host.name() + " is updated" + (host.role().equals("console") ? "" : " and running")
                            + (server ? ", in normal mode, on the productive database" : ""),
                    server ? List.of("G25", "G22", "G23") : List.of("G25", "G22"),
                    host.hostId(),
                    new ProveNode(
                            node(host),
                            order.target().text(),
                            server ? network.members() : null,
                            settings.answerPatience()),
                    Duration.ofSeconds(5),
                    settings.answerPatience().plus(settings.checkMax()),
                    "nothing",
                    server
                            ? "new version installed and running, all HA processes up, data source active, normal mode; everyone registered"
                                    + " is updated"
                            : "new version installed, all its processes up",
                    OnFailure.STOP_AND_ASK,
                    true));
        }

        private List<Target> dumpedFrom() {
            return said.postgres() && !network.dueServers().isEmpty() ? List.of(network.backupHost()) : List.of();
        }

        private Node node(Target host) {
            return new Node(host.variant(), host.units(), settings.home(), settings.url());
        }

        private Installer installer(Target host) {
            String type = settings.types().getOrDefault(host.variant(), "none");
            return new Installer(
                    said.installer(settings.installer())
                            .replace("{version}", order.target().text()),
                    said.type(host.variant(), type));
        }
    }

    private static Optional<Stage> together(
            String name, @Nullable String noWayBack, List<Target> hosts, Function<Target, List<Step>> steps) {
        return together(name, noWayBack, Math.max(1, hosts.size()), hosts, steps);
    }

    private static Optional<Stage> oneAfterAnother(
            String name, @Nullable String noWayBack, List<Target> hosts, Function<Target, List<Step>> steps) {
        return together(name, noWayBack, 1, hosts, steps);
    }

    private static Optional<Stage> together(
            String name,
            @Nullable String noWayBack,
            int width,
            List<Target> hosts,
            Function<Target, List<Step>> steps) {
        return Stage.of(name, width, true, noWayBack, hosts, steps);
    }

    /**
     * What an enterprise may set. What IGEL does not say is assumed and can be set here.
     *
     * @param clocksApart how far the clocks of two servers may differ (G5)
     * @param serviceMax longest time for one change of a service or a data source
     * @param enterMax longest time from the installer's start to update mode
     * @param stopPatience how long a load balancer may take to stop before it counts as hanging (G21)
     * @param renewPatience how long the last server may take to renew the schema
     * @param reconnectPatience how long a server may take to come back to the productive database (G17)
     * @param answerPatience how long a started server may take to answer; its status is a minute old at most
     * @param minFreeMebibytes free disk space [assumed]
     * @param home where the UMS is installed [assumed for what is below it]
     * @param url of a server's pages on its own host
     * @param installer where the installer was put (G1)
     * @param types what the installer calls each kind of host [assumed]
     * @param backupFolder on the host from which the database is dumped
     */
    public record Settings(
            Duration clocksApart,
            Duration checkMax,
            Duration serviceMax,
            Duration backupExpected,
            Duration backupMax,
            Duration enterMax,
            Duration installExpected,
            Duration componentExpected,
            Duration installMax,
            Duration stopPatience,
            Duration renewPatience,
            Duration reconnectPatience,
            Duration answerPatience,
            long minFreeMebibytes,
            String home,
            String url,
            String installer,
            Map<String, String> types,
            String backupFolder) {
        public Settings {
            types = Map.copyOf(types);
        }
    }
}
