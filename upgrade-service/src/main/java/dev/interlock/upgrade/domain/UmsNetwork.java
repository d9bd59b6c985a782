package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Procedure.Order;
import dev.interlock.upgrade.domain.Procedure.Placed;
import dev.interlock.upgrade.domain.Procedure.Reason;
import dev.interlock.upgrade.domain.UmsAction.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a UMS network by what they are in it, and which of them the wanted version is new to.
 *
 * @param wanted the version that all are to have
 * @param loadBalancers the separate ones; a server may have one, too
 * @param databases hosts from which the database is to be dumped
 */
record UmsNetwork(
        Version wanted,
        List<Target> servers,
        List<Target> loadBalancers,
        List<Target> consoles,
        List<Target> databases) {
    private static final String PACKAGE = "igel-ums";
    private static final String SERVER = "igel-ums-server";
    private static final String LOAD_BALANCER = "igel-ums-broker";
    private static final String WATCHDOG = "igel-ums-watchdog";

    /** @param refusals get why a member has no place in the network */
    static UmsNetwork of(Order order, List<Reason> refusals) {
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
        return new UmsNetwork(
                order.target(),
                ofRole(found, "server"),
                ofRole(found, "load-balancer"),
                ofRole(found, "console"),
                ofRole(found, "database"));
    }

    private static List<Target> ofRole(List<Target> all, String role) {
        return all.stream().filter(t -> t.role().equals(role)).toList();
    }

    /** See {@link Procedure#describe}. */
    static @Nullable Target describe(Host host, String role) {
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

    /** Everything that has a UMS component. */
    Stream<Target> nodes() {
        return Stream.of(servers, loadBalancers, consoles).flatMap(List::stream);
    }

    List<Target> everyone() {
        return Stream.concat(nodes(), databases.stream()).toList();
    }

    List<Target> dueServers() {
        return due(servers);
    }

    List<Target> due(List<Target> hosts) {
        return hosts.stream().filter(t -> t.version().compareTo(wanted) < 0).toList();
    }

    /** From which the database is dumped: any server can, unless a host was named for it. */
    Target backupHost() {
        return databases.isEmpty() ? servers.getFirst() : databases.getFirst();
    }

    /** Exactly these may be registered (G2). */
    Members members() {
        return new Members(
                servers.stream().map(Target::name).toList(),
                nodes().filter(t -> t.variant().endsWith("load-balancer"))
                        .map(Target::name)
                        .toList());
    }

    /** Devices that go through it have to wait while it is updated. */
    boolean hasOneLoadBalancer() {
        return loadBalancers.size() == 1
                && servers.stream().noneMatch(s -> s.variant().endsWith("load-balancer"));
    }

    /** Which the productive database must have afterwards (G16). */
    String schema() {
        return schemaOf(wanted);
    }

    boolean schemaChanges() {
        return servers.stream().anyMatch(s -> !schemaOf(s.version()).equals(schema()));
    }

    /** The schema follows the first two numbers of a version. */
    private static String schemaOf(Version version) {
        String[] numbers = version.text().split("\\.", -1);
        return numbers.length < 2 ? numbers[0] : numbers[0] + "." + numbers[1];
    }

    static String names(List<Target> targets) {
        return String.join(", ", targets.stream().map(Target::name).toList());
    }
}
