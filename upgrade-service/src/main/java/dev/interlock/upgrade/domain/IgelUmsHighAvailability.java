package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Procedure.Placed;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import dev.interlock.upgrade.domain.Procedure.Planning.Refused;
import dev.interlock.upgrade.domain.Stage.Lane;
import dev.interlock.upgrade.domain.Step.OnFailure;
import dev.interlock.upgrade.domain.Step.Trait;
import dev.interlock.upgrade.domain.UmsAction.BackUpDatabase;
import dev.interlock.upgrade.domain.UmsAction.CheckNode;
import dev.interlock.upgrade.domain.UmsAction.Database;
import dev.interlock.upgrade.domain.UmsAction.EnterUpdateMode;
import dev.interlock.upgrade.domain.UmsAction.Installer;
import dev.interlock.upgrade.domain.UmsAction.Members;
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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * IGEL UMS High Availability without downtime (seed 002, G1–G25): every server in turn goes into update mode on a copy of its own
 * and is updated, the last one renews the schema of the productive database, the others come back to it; then load balancers, then
 * consoles. One network is one thing: any failure halts the run.
 */
public final class IgelUmsHighAvailability implements Procedure {
    private static final String PACKAGE = "igel-ums";
    private static final String SERVER = "igel-ums-server";
    private static final String LOAD_BALANCER = "igel-ums-broker";
    private static final String WATCHDOG = "igel-ums-watchdog";

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
    public Planning plan(Order order) {
        var network = new Network(order);
        return network.refusals.isEmpty() ? new Planned(network.plan()) : new Refused(network.refusals);
    }

    /** The deployment as it is, and what has to be done with it. */
    private final class Network {
        private final Order order;
        private final List<Reason> refusals = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final List<Target> servers;
        private final List<Target> loadBalancers;
        private final List<Target> consoles;
        private final List<Target> databases;
        private final DeploymentSettings of;

        Network(Order order) {
            this.order = order;
            this.of = new DeploymentSettings(order.deployment().settings(), refusals);
            List<Target> all = targets();
            servers = ofRole(all, "server");
            loadBalancers = ofRole(all, "load-balancer");
            consoles = ofRole(all, "console");
            databases = ofRole(all, "database");
            refuse();
        }

        Plan plan() {
            List<Target> due = due(servers);
            List<Target> dueBalancers = due(loadBalancers);
            List<Target> dueConsoles = due(consoles);
            List<Target> first = due.isEmpty() ? due : due.subList(0, due.size() - 1);
            List<Target> last = due.isEmpty() ? due : List.of(due.getLast());
            tell(due);
            return new Plan(
                    product().id(),
                    order.deployment().id(),
                    order.deployment().name(),
                    nodes().map(Target::version).min(Comparator.naturalOrder()).orElseThrow(),
                    order.target(),
                    release().repository(),
                    order.limits(),
                    order.window(),
                    Stream.concat(nodes(), databases.stream()).toList(),
                    Stream.of(
                                    together("Preflight", null, everyone(), this::check),
                                    gates("Confirmations", confirmations()),
                                    gates("Freeze", due.isEmpty() ? List.of() : List.of(freeze())),
                                    oneAfterAnother("Backup", null, dumpedFrom(due), host -> List.of(backup(host))),
                                    oneAfterAnother("Servers", NO_WAY_BACK, first, host -> update(host, false)),
                                    oneAfterAnother("Last server", NO_WAY_BACK, last, host -> update(host, true)),
                                    together(
                                            "Back to normal mode",
                                            NO_WAY_BACK,
                                            due.isEmpty() ? due : servers,
                                            this::comeBack),
                                    oneAfterAnother("Load balancers", null, dueBalancers, this::balance),
                                    together(
                                            "Consoles",
                                            null,
                                            order.limits().concurrency(),
                                            dueConsoles,
                                            this::component),
                                    together("Final check", null, nodes().toList(), host -> List.of(prove(host))))
                            .flatMap(Optional::stream)
                            .toList(),
                    notes);
        }

        // ---- the steps

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
                                    server ? members() : null,
                                    dumpedFrom(due(servers)).contains(host),
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

        private List<Step> confirmations() {
            var gates = new ArrayList<Step>();
            gates.add(gate(
                    "tested",
                    "G7",
                    "Tried on a test system",
                    "Was " + order.target()
                            + " installed and tried on a test system first? The same goes for hotfixes and patches of"
                            + " operating systems and databases."));
            gates.add(gate(
                    "terms",
                    "G10",
                    "License agreement, components, requirements, ports",
                    "Have you read and accepted the license agreement of " + order.target()
                            + ", and does it fit: the components of each"
                            + " host (" + components()
                            + "), the system requirements, the firewall's ports (8443, 30001, 30002,"
                            + " 61616, 6155/udp, 30005)? And does the console list exactly these load balancers under UMS Administration > UMS"
                            + " Network: " + balancers() + "?"));
            if (!of.postgres()) {
                gates.add(gate(
                        "backup",
                        "G3",
                        "Backup of the database",
                        "Has the productive database (" + of.kind()
                                + ") been backed up by the means that its vendor recommends, and was it"
                                + " proven that the backup can be restored? Say in the comment where it lies."));
            }
            return gates;
        }

        private Step freeze() {
            return gate(
                    "freeze",
                    "G12",
                    "No changes from now on",
                    "Has everybody who uses the UMS console been told that nothing may be changed until all servers are updated? Servers in"
                            + " update mode work on copies: what is changed in a console meanwhile is lost, and the productive database must"
                            + " not be changed (G13).");
        }

        private Step adNative(Target host) {
            return gate(
                    Step.id("ad-native", host),
                    "G15",
                    "SQL Server AD Native: log-on of the service on " + host.name(),
                    "Is the service \"IGEL RMGUIServer\" on " + host.name()
                            + " set to the right start-up type and log-on for SQL Server AD Native again, and was it restarted? It must"
                            + " be on ALL servers.");
        }

        private Step backup(Target host) {
            return new Step(
                            Step.id("backup", host),
                            "Back up the productive database from " + host.name()
                                    + " and prove that the backup can be read",
                            List.of("G3", "G4"),
                            host.hostId(),
                            new BackUpDatabase(node(host), of.database(), settings.backupFolder()),
                            settings.backupExpected(),
                            settings.backupMax(),
                            "no backup of this attempt",
                            "pg_dump ended well, pg_restore lists the dump's contents and reads all of it; size and SHA-256 are known",
                            OnFailure.RETRY,
                            true)
                    .with(Trait.NEEDED);
        }

        private List<Step> update(Target host, boolean last) {
            var steps = new ArrayList<Step>();
            steps.add(new Step(
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
                    .with(Trait.NEEDED, Trait.NEVER_REBOOT));
            steps.add(new Step(
                            Step.id("install", host),
                            "Install " + order.target() + " on " + host.name(),
                            List.of("G14", "G11"),
                            host.hostId(),
                            new UpdateServer(
                                    node(host),
                                    order.target().text(),
                                    installer(host),
                                    Step.id("enter", host),
                                    servers.size(),
                                    settings.answerPatience()),
                            settings.installExpected(),
                            settings.installMax(),
                            "the installer that was begun: it is waited for, not begun again",
                            "the installer says 'n of m servers updated', all HA services run, the server answers with the new version",
                            OnFailure.STOP_AND_ASK,
                            !last)
                    .with(Trait.NEEDED, Trait.NEVER_REBOOT));
            if (of.adNative()) {
                steps.add(adNative(host));
            }
            if (last && schemaChanges()) {
                steps.add(new Step(
                                Step.id("renew", host),
                                "The last server, " + host.name() + ", renews the schema of the productive database",
                                List.of("G16", "G24"),
                                host.hostId(),
                                new RenewSchema(node(host), schema(), Step.id("enter", host), settings.renewPatience()),
                                Duration.ofMinutes(1),
                                settings.renewPatience().plus(settings.serviceMax()),
                                "version of the schema, data source of the server",
                                "the schema is " + schema() + ", and this server works with the productive database",
                                OnFailure.STOP_AND_ASK,
                                true)
                        .with(Trait.NEEDED, Trait.NEVER_REBOOT));
            }
            return steps;
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
            // The only one: devices that go through it have to wait.
            return loadBalancers.size() == 1
                            && servers.stream().noneMatch(s -> s.variant().endsWith("load-balancer"))
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

        private Step prove(Target host) {
            boolean server = host.role().equals("server");
            return new Step(
                    Step.id("prove", host),
                    "Prove that " + host.name() + " is updated" + (host.role().equals("console") ? "" : " and running")
                            + (server ? ", in normal mode, on the productive database" : ""),
                    server ? List.of("G25", "G22", "G23") : List.of("G25", "G22"),
                    host.hostId(),
                    new ProveNode(
                            node(host), order.target().text(), server ? members() : null, settings.answerPatience()),
                    Duration.ofSeconds(5),
                    settings.answerPatience().plus(settings.checkMax()),
                    "nothing",
                    server
                            ? "new version installed and running, all HA processes up, data source active, normal mode; everyone registered"
                                    + " is updated"
                            : "new version installed, all its processes up",
                    OnFailure.STOP_AND_ASK,
                    true);
        }

        /** About the network as a whole; its host is only where the run shows it. */
        private Step gate(String id, String clause, String title, String question) {
            return new Step(
                            id,
                            title,
                            List.of(clause),
                            servers.getFirst().hostId(),
                            new Gate(question, "operator", true),
                            Duration.ZERO,
                            Duration.ZERO,
                            "nothing",
                            "a person has confirmed it",
                            OnFailure.STOP_AND_ASK,
                            true)
                    .with(Trait.NEEDED);
        }

        // ---- the hosts

        private List<Target> targets() {
            var found = new ArrayList<Target>();
            for (Placed placed : order.fit(refusals, Set.of("database"))) {
                Host host = placed.host();
                Target target = describe(host, placed.role());
                if (target == null) {
                    refusals.add(new Reason(
                            "G2",
                            host.name() + " is in the deployment as " + placed.role() + ", but "
                                    + missing(host, placed.role()) + ".",
                            "Put its role right, probe the host again, or take it out of the deployment."));
                } else {
                    found.add(target);
                }
            }
            return found;
        }

        private void refuse() {
            if (order.release(order.target()).isEmpty()) {
                refusals.add(new Reason(
                        "G1",
                        "IGEL UMS " + order.target() + " is not a known release.",
                        "Known are " + order.known() + ". Register the release first if IGEL has published it."));
            }
            nodes().filter(t -> t.version().compareTo(order.target()) > 0)
                    .forEach(t -> refusals.add(new Reason(
                            "G4",
                            t.name() + " runs " + t.version() + ", which is newer than " + order.target()
                                    + ": an older UMS cannot be installed over a newer one.",
                            "To go back, build a separate HA network with " + order.target()
                                    + " and restore a database backup of its schema there.")));
            if (!refusals.isEmpty()) {
                return;
            }
            if (servers.isEmpty()) {
                refusals.add(new Reason(
                        "G2",
                        order.deployment().name() + " has no UMS Server.",
                        "Add its servers to the deployment in the role 'server'."));
            } else if (due(nodes().toList()).isEmpty()) {
                refusals.add(new Reason(
                        "G4",
                        "Every host of " + order.deployment().name() + " runs " + order.target() + " already.",
                        "Nothing needs to be done."));
            }
            if (databases.size() > 1) {
                refusals.add(new Reason(
                        "G3",
                        names(databases) + " are all in the role 'database'.",
                        "Leave the one from which the database is to be dumped."));
            }
            if (!databases.isEmpty() && of.postgres() && !of.complete()) {
                refusals.add(new Reason(
                        "G3",
                        "The database is to be dumped from " + names(databases)
                                + ", which knows no data source of the UMS.",
                        "Set database.host, database.port, database.name and database.user of the deployment."));
            }
        }

        private void tell(List<Target> due) {
            if (!due.isEmpty()) {
                notes.add("Servers are updated in this order, and any may be first (G9): " + names(due) + ". "
                        + (schemaChanges()
                                ? due.getLast().name()
                                        + ", the last one, renews the schema of the productive database to " + schema()
                                        + " (G16)."
                                : "The schema stays " + schema() + ": nothing has to be renewed (G16)."));
                notes.add(
                        "In update mode servers work on copies of the database and go on answering devices (G11); what is changed in a"
                                + " console until all are back is lost (G12).");
                notes.add(
                        "There is no way back to an older version but a separate HA network with the restored backup (G4). From the"
                                + " first server on the run cannot be aborted, only retried.");
                if (!consoles.isEmpty()) {
                    notes.add(
                            "Consoles cannot connect from the first updated server on until they are updated themselves (G19).");
                }
            }
            nodes().filter(t -> t.version().equals(order.target()))
                    .forEach(t ->
                            notes.add(t.name() + " has " + order.target() + " already: it is checked, not installed."));
            nodes().filter(t -> unreachable(t))
                    .forEach(t -> notes.add(t.name() + " was unreachable when the plan was made."));
            if (order.window() == null) {
                notes.add("No maintenance window was given: the run may be started at any time.");
            }
        }

        private boolean unreachable(Target target) {
            Host host = order.hosts().get(target.hostId());
            return host != null && host.isUnreachable();
        }

        private Stream<Target> nodes() {
            return Stream.of(servers, loadBalancers, consoles).flatMap(List::stream);
        }

        private List<Target> everyone() {
            return Stream.concat(nodes(), databases.stream()).toList();
        }

        private List<Target> due(List<Target> hosts) {
            return hosts.stream()
                    .filter(t -> t.version().compareTo(order.target()) < 0)
                    .toList();
        }

        private List<Target> dumpedFrom(List<Target> due) {
            return of.postgres() && !due.isEmpty() ? List.of(backupHost()) : List.of();
        }

        private Target backupHost() {
            return databases.isEmpty() ? servers.getFirst() : databases.getFirst();
        }

        private Members members() {
            return new Members(
                    servers.stream().map(Target::name).toList(),
                    nodes().filter(t -> t.variant().endsWith("load-balancer"))
                            .map(Target::name)
                            .toList());
        }

        private String balancers() {
            List<String> names = members().loadBalancers();
            return names.isEmpty() ? "none" : String.join(", ", names);
        }

        private String components() {
            return String.join(
                    ", ",
                    nodes().map(t -> t.name() + ": " + t.variant().replace("+", " and "))
                            .toList());
        }

        private Node node(Target host) {
            return new Node(host.variant(), host.units(), settings.home(), settings.url());
        }

        private Installer installer(Target host) {
            String type = settings.types().getOrDefault(host.variant(), "none");
            return new Installer(
                    of.installer(settings.installer())
                            .replace("{version}", order.target().text()),
                    of.type(host.variant(), type));
        }

        // ---- the release

        private String schema() {
            return schemaOf(order.target());
        }

        private boolean schemaChanges() {
            return servers.stream().anyMatch(s -> !schemaOf(s.version()).equals(schema()));
        }

        private Release release() {
            return order.release(order.target()).orElseThrow();
        }

        private Optional<Stage> gates(String name, List<Step> gates) {
            return gates.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Stage(
                            name,
                            gates.size(),
                            true,
                            null,
                            gates.stream()
                                    .map(g -> new Lane(
                                            g.hostId(), servers.getFirst().name(), List.of(g)))
                                    .toList()));
        }
    }

    @Override
    public @Nullable Target describe(Host host, String role) {
        boolean server = host.hasUnit(SERVER);
        boolean balancer = host.hasUnit(LOAD_BALANCER);
        String variant = switch (role) {
            case "server" -> server ? (balancer ? "server+load-balancer" : "server") : null;
            case "load-balancer" -> balancer && !server ? "load-balancer" : null;
            case "console" -> server || balancer ? null : "console";
            case "database" -> "database";
            default -> null;
        };
        Optional<String> version = version(host);
        if (variant == null || (version.isEmpty() && !role.equals("database"))) {
            return null;
        }
        boolean database = role.equals("database");
        return host.as(
                role,
                variant,
                new Version(database ? "0" : version.get()),
                database ? Map.of() : Map.of(PACKAGE, version.get()),
                Stream.of(SERVER, LOAD_BALANCER, WATCHDOG)
                        .filter(u -> !database && host.hasUnit(u))
                        .toList());
    }

    /** Told by a package where there is one [assumed], otherwise by what inventory recognised. */
    private static Optional<String> version(Host host) {
        return Stream.of(PACKAGE, SERVER, LOAD_BALANCER)
                .flatMap(name -> Optional.ofNullable(host.packages().get(name)).stream())
                .filter(Version::isVersion)
                .findFirst()
                .or(() -> Optional.ofNullable(host.components().get(PACKAGE)).filter(Version::isVersion));
    }

    private static String missing(Host host, String role) {
        if (!List.of("server", "load-balancer", "console", "database").contains(role)) {
            return "a UMS network has only servers, load balancers ('load-balancer'), consoles and a database host";
        }
        if (host.hasUnit("igelRMserver") || host.hasUnit("igelUMSbroker")) {
            return "its services are those of a UMS before 6.06, which Interlock does not know";
        }
        if (role.equals("server") && !host.hasUnit(SERVER)) {
            return "it has no service " + SERVER;
        }
        if (role.equals("load-balancer") && !(host.hasUnit(LOAD_BALANCER) && !host.hasUnit(SERVER))) {
            return host.hasUnit(SERVER)
                    ? "it is a server, too: its role is 'server'"
                    : "it has no service " + LOAD_BALANCER;
        }
        return version(host).isEmpty() ? "no version of the UMS was found on it" : "it has services of a UMS server";
    }

    private static List<Target> ofRole(List<Target> all, String role) {
        return all.stream().filter(t -> t.role().equals(role)).toList();
    }

    private static String names(List<Target> targets) {
        return String.join(", ", targets.stream().map(Target::name).toList());
    }

    /** The schema follows the first two numbers of a version. */
    private static String schemaOf(Version version) {
        String[] numbers = version.text().split("\\.", -1);
        return numbers.length < 2 ? numbers[0] : numbers[0] + "." + numbers[1];
    }

    private static Optional<Stage> together(
            String name, @Nullable String noWayBack, List<Target> hosts, Function<Target, List<Step>> steps) {
        return together(name, noWayBack, Math.max(1, hosts.size()), hosts, steps);
    }

    private static Optional<Stage> together(
            String name,
            @Nullable String noWayBack,
            int width,
            List<Target> hosts,
            Function<Target, List<Step>> steps) {
        return hosts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Stage(name, width, true, noWayBack, Stage.lanes(hosts, steps)));
    }

    private static Optional<Stage> oneAfterAnother(
            String name, @Nullable String noWayBack, List<Target> hosts, Function<Target, List<Step>> steps) {
        return together(name, noWayBack, 1, hosts, steps);
    }

    /** What an operator has said about the deployment; anything that is no good refuses the plan. */
    private record DeploymentSettings(Map<String, String> settings, List<Reason> refusals) {
        private static final List<String> KINDS = List.of("postgresql", "sqlserver", "sqlserver-ad-native", "oracle");
        private static final String NAME = "[A-Za-z0-9._:-]{1,120}";

        DeploymentSettings {
            if (!KINDS.contains(settings.getOrDefault("database.kind", "postgresql"))) {
                refusals.add(new Reason(
                        "G3",
                        "database.kind is '" + settings.get("database.kind") + "'.",
                        "Use one of " + String.join(", ", KINDS) + "."));
            }
            for (String key : List.of("host", "port", "name", "user", "credential")) {
                String value = settings.get("database." + key);
                if (value != null && !value.matches(key.equals("port") ? "\\d{1,5}" : NAME)) {
                    refusals.add(new Reason(
                            "G3",
                            "database." + key + " is not a plain name or number.",
                            "Put the deployment's setting right."));
                }
            }
            String path = settings.get("installer");
            if (path != null && !path.matches("/[A-Za-z0-9._/{}-]{1,200}")) {
                refusals.add(new Reason(
                        "G1",
                        "The setting 'installer' is not a plain absolute path.",
                        "Write it as in /root/setup-igel-ums-linux_{version}.bin."));
            }
            settings.keySet().stream()
                    .filter(k -> k.startsWith("installation-type.")
                            && !settings.getOrDefault(k, "").matches("[a-z0-9-]{1,60}"))
                    .forEach(k -> refusals.add(new Reason(
                            "G10",
                            "The setting '" + k + "' is not a plain word.",
                            "Put the deployment's setting right.")));
        }

        String kind() {
            return settings.getOrDefault("database.kind", "postgresql");
        }

        boolean postgres() {
            return kind().equals("postgresql");
        }

        boolean adNative() {
            return kind().equals("sqlserver-ad-native");
        }

        boolean complete() {
            return settings.keySet()
                    .containsAll(List.of("database.host", "database.port", "database.name", "database.user"));
        }

        Database database() {
            return new Database(
                    settings.get("database.host"),
                    settings.get("database.port"),
                    settings.get("database.name"),
                    settings.get("database.user"),
                    settings.get("database.credential"));
        }

        String installer(String usual) {
            return settings.getOrDefault("installer", usual);
        }

        String type(String variant, String usual) {
            return settings.getOrDefault("installation-type." + variant.replace("+", "-"), usual);
        }
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
