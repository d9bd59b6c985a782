package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.LicenseServerAction.AwaitHealth;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckCarriedPackages;
import dev.interlock.upgrade.domain.LicenseServerAction.CheckMachine;
import dev.interlock.upgrade.domain.LicenseServerAction.CompareLicenses;
import dev.interlock.upgrade.domain.LicenseServerAction.RecordLicenses;
import dev.interlock.upgrade.domain.LicenseServerAction.UpdatePackage;
import dev.interlock.upgrade.domain.Plan.Target;
import dev.interlock.upgrade.domain.Procedure.Placed;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import dev.interlock.upgrade.domain.Procedure.Planning.Refused;
import dev.interlock.upgrade.domain.Step.OnFailure;
import dev.interlock.upgrade.domain.Step.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PCoIP License Server, in place and without uninstalling (seed 001, 'Updating the PCoIP License Server'): check machine and
 * trusted storage; write the licenses down; update just the package, during which the server is off-line; wait until it answers;
 * see that version, id and licenses are as they must be. One server after another, and a failure stops the rest.
 */
public final class PcoipLicenseServer implements Procedure {
    static final String PACKAGE = "pcoip-license-server";

    /** How the package comes to the machine: the deployment's setting {@code install}. */
    public enum Install {
        /** From a repository that the machine reaches at any time, such as a mirror inside. */
        REPOSITORY,
        /** Over a connection to the internet that a person opens before and closes after (L46). */
        TEMPORARY_CONNECTION,
        /** A person downloads on an identical machine and carries the files over (L47). */
        CARRIED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Install> of(String word) {
            return Stream.of(values()).filter(i -> i.word().equals(word)).findFirst();
        }
    }

    private final Settings settings;

    public PcoipLicenseServer(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Product product() {
        return Product.PCOIP_LICENSE_SERVER;
    }

    /** What the deployment says of itself. */
    private record Ways(Install install, String folder, boolean production, String credential) {}

    @Override
    public Planning plan(Order order) {
        var refusals = new ArrayList<Reason>();
        var notes = new ArrayList<String>();
        Optional<Release> release = order.release(order.target());
        if (release.isEmpty()) {
            return new Refused(List.of(new Reason(
                    "L52",
                    "PCoIP License Server " + order.target() + " is not a known release.",
                    "Register it with POST /api/v1/products/pcoip-license-server/releases if it has been published.")));
        }
        Optional<Ways> ways = ways(order.deployment(), refusals);
        List<Target> servers = servers(order, release.get(), refusals, notes);
        servers.forEach(server -> neverDown(server, release.get()).ifPresent(refusals::add));
        if (!refusals.isEmpty() || ways.isEmpty()) {
            return new Refused(refusals);
        }
        if (servers.isEmpty()) {
            return new Refused(List.of(new Reason(
                    "L52",
                    "Every server of " + order.deployment().name() + " has " + order.target() + " already.",
                    "Nothing needs to be done.")));
        }
        Ways way = ways.get();
        Release to = release.get();
        notes.add(
                "While a server is updated, current sessions and users who were validated before go on; new ones cannot"
                        + " connect: about " + outage(way).toMinutes() + " minutes are expected (L51, L37).");
        notes.add(
                "The versions of ESXi and QEMU cannot be seen from inside a machine: ESXi 6.5 and QEMU-KVM 2.7 are required"
                        + " (L2).");
        if (order.window() == null) {
            notes.add("No maintenance window was given: the run may be started at any time.");
        }
        return new Planned(new Plan(
                product().id(),
                order.deployment().id(),
                order.deployment().name(),
                servers.stream()
                        .map(Target::version)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                to.version(),
                to.repository(),
                order.limits(),
                order.window(),
                servers,
                List.of(
                        new Stage(
                                "Preflight", MOST_AT_ONCE, false, null, Stage.lanes(servers, s -> before(s, to, way))),
                        new Stage("Update", 1, true, null, Stage.lanes(servers, s -> update(s, to, way)))),
                notes));
    }

    private List<Step> before(Target server, Release to, Ways way) {
        return switch (way.install()) {
            case REPOSITORY, TEMPORARY_CONNECTION -> List.of(check(server, way), record(server, way));
            case CARRIED ->
                List.of(check(server, way), record(server, way), carry(server, to, way), carried(server, to, way));
        };
    }

    private List<Step> update(Target server, Release to, Ways way) {
        return switch (way.install()) {
            case REPOSITORY, CARRIED ->
                List.of(install(server, to, way), await(server, to, way), compare(server, to, way));
            case TEMPORARY_CONNECTION ->
                List.of(
                        open(server),
                        install(server, to, way),
                        await(server, to, way),
                        close(server),
                        compare(server, to, way));
        };
    }

    private Step check(Target server, Ways way) {
        return new Step(
                Step.id("check", server),
                "Check " + server.name() + " before any change",
                List.of("L1", "L2", "L3", "L5", "L9", "L49"),
                server.hostId(),
                new CheckMachine(
                        unit(server),
                        server.packages(),
                        settings.minFreeMebibytes(),
                        settings.minMemoryMebibytes(),
                        2,
                        2000,
                        OPERATING_SYSTEMS,
                        way.production(),
                        settings.lockWait()),
                Duration.ofSeconds(3),
                settings.checkMax(),
                "nothing",
                "disk, memory, processors, platform and system as required; no other license server; trusted storage in place;"
                        + " no key store under the product's folder",
                OnFailure.RETRY,
                true);
    }

    private Step record(Target server, Ways way) {
        return new Step(
                        Step.id("record", server),
                        "Write down the licenses of " + server.name(),
                        List.of("L52", "L41", "L43"),
                        server.hostId(),
                        new RecordLicenses(way.credential(), unit(server), server.packages()),
                        Duration.ofSeconds(5),
                        settings.checkMax(),
                        "nothing",
                        "the server's id and its licenses by feature are known",
                        OnFailure.RETRY,
                        true)
                .with(Trait.NEEDED);
    }

    private static Step carry(Target server, Release to, Ways way) {
        return gate(
                Step.id("carry", server),
                "Carry the packages to " + server.name(),
                List.of("L47"),
                server,
                "Download pcoip-license-server " + to.version() + " and what it needs on a machine identical to "
                        + server.name() + ", put nothing but these RPMs into " + way.folder()
                        + " there, then confirm.");
    }

    private Step carried(Target server, Release to, Ways way) {
        return new Step(
                Step.id("carried", server),
                "Look at the carried packages on " + server.name(),
                List.of("L47"),
                server.hostId(),
                new CheckCarriedPackages(way.folder(), wanted(to)),
                Duration.ofSeconds(3),
                settings.checkMax(),
                "nothing",
                "the release's package lies in " + way.folder(),
                OnFailure.RETRY,
                true);
    }

    private static Step open(Target server) {
        return gate(
                Step.id("open", server),
                "Open the internet connection of " + server.name(),
                List.of("L46"),
                server,
                "Open a temporary connection to the internet on " + server.name() + ", then confirm.");
    }

    private static Step close(Target server) {
        return gate(
                Step.id("close", server),
                "Close the internet connection of " + server.name(),
                List.of("L46"),
                server,
                "Remove the temporary connection to the internet from " + server.name() + ", then confirm.");
    }

    private Step install(Target server, Release to, Ways way) {
        return new Step(
                        Step.id("install", server),
                        "Update the package on " + server.name() + " to " + to.version(),
                        List.of("L50", "L51", "L53"),
                        server.hostId(),
                        new UpdatePackage(
                                unit(server),
                                server.packages(),
                                wanted(to),
                                way.install() == Install.CARRIED ? way.folder() : "",
                                settings.lockWait()),
                        installExpected(way),
                        settings.installMax(),
                        "the package has the version found or the one wanted, nothing half-installed",
                        "the package has the release's version and is not there twice",
                        OnFailure.STOP_AND_ASK,
                        false)
                .with(Trait.OUTAGE, Trait.NEVER_REBOOT, Trait.NEEDED);
    }

    private Step await(Target server, Release to, Ways way) {
        Duration patience = way.install() == Install.REPOSITORY ? settings.startPatience() : settings.offlinePatience();
        return new Step(
                        Step.id("await", server),
                        "Wait until " + server.name() + " answers",
                        List.of("L48", "L84", "L86", "L87"),
                        server.hostId(),
                        new AwaitHealth(unit(server), wanted(to), patience),
                        Duration.ofSeconds(60),
                        patience.plusMinutes(2),
                        "whether the service runs",
                        "the health page says that the database is connected",
                        OnFailure.STOP_AND_ASK,
                        false)
                .with(Trait.OUTAGE, Trait.NEEDED);
    }

    private Step compare(Target server, Release to, Ways way) {
        return new Step(
                Step.id("compare", server),
                "Compare version and licenses of " + server.name() + " with before",
                List.of("L52"),
                server.hostId(),
                new CompareLicenses(way.credential(), unit(server), wanted(to)),
                Duration.ofSeconds(5),
                settings.checkMax(),
                "nothing",
                "the release's version, the same id, the same licenses count by count",
                OnFailure.STOP_AND_ASK,
                true);
    }

    private static Step gate(String id, String title, List<String> clauses, Target server, String question) {
        return new Step(
                        id,
                        title,
                        clauses,
                        server.hostId(),
                        new Gate(question, "operator", false),
                        Duration.ofMinutes(10),
                        Duration.ofDays(1),
                        "nothing",
                        "a person has confirmed",
                        OnFailure.RETRY,
                        true)
                .with(Trait.NEEDED);
    }

    /** Downgrading may corrupt data (L53); a 1.x is another product (L5). */
    private static Optional<Reason> neverDown(Target server, Release to) {
        if (server.version().major() == 1) {
            return Optional.of(new Reason(
                    "L5",
                    server.name() + " has License Server " + server.version() + ": a 1.x cannot be on one machine with "
                            + to.version() + ".",
                    "Build a new machine and migrate the licenses to it."));
        }
        return server.version().compareTo(to.version()) <= 0
                ? Optional.empty()
                : Optional.of(new Reason(
                        "L53",
                        server.name() + " has " + server.version() + ", which is newer than " + to.version()
                                + ": downgrading is not supported and may corrupt its data.",
                        "Choose a release that is newer than every server's."));
    }

    private Optional<Ways> ways(Deployment deployment, List<Reason> refusals) {
        Map<String, String> said = deployment.settings();
        String word = said.getOrDefault("install", Install.REPOSITORY.word());
        Optional<Install> install = Install.of(word);
        String folder = said.getOrDefault("carriedFolder", settings.carriedFolder());
        String credential = said.getOrDefault("administratorCredential", settings.credential());
        String use = said.getOrDefault("use", "production");
        if (install.isEmpty()) {
            refusals.add(new Reason(
                    "L46",
                    "The deployment's setting install is '" + word + "'.",
                    "Set it to repository, temporary-connection or carried."));
        }
        if (!folder.matches("/[A-Za-z0-9/._-]{1,200}")) {
            refusals.add(new Reason(
                    "L47", "The deployment's setting carriedFolder is no plain absolute path.", "Set it to one."));
        }
        if (!use.equals("production") && !use.equals("preview")) {
            refusals.add(new Reason(
                    "L2", "The deployment's setting use is '" + use + "'.", "Set it to production or preview."));
        }
        return install.map(i -> new Ways(i, folder, use.equals("production"), credential));
    }

    private List<Target> servers(Order order, Release to, List<Reason> refusals, List<String> notes) {
        var servers = new ArrayList<Target>();
        for (Placed placed : order.fit(refusals, Set.of())) {
            Host host = placed.host();
            Target target = describe(host, placed.role());
            if (target == null) {
                refusals.add(new Reason(
                        "L50",
                        host.name() + " has no package " + PACKAGE + " with a service flexnetls-TERADICI.",
                        "Probe the host again, or take it out of the deployment."));
            } else if (target.packages().equals(wanted(to))) {
                notes.add(host.name() + " has " + to.version() + " already and is left out.");
            } else {
                servers.add(target);
                if (host.isUnreachable()) {
                    notes.add(host.name() + " was unreachable when the plan was made.");
                }
            }
        }
        return servers;
    }

    @Override
    public @Nullable Target describe(Host host, String role) {
        String version = host.packages().get(PACKAGE);
        // seed 001 spells it in two ways
        Optional<String> unit = host.units().keySet().stream()
                .filter(u -> u.equalsIgnoreCase("flexnetls-TERADICI") && host.hasUnit(u))
                .findFirst();
        if (version == null || unit.isEmpty()) {
            return null;
        }
        return host.as(
                role,
                "offline",
                Version.isVersion(version) ? new Version(version) : new Version("0"),
                Map.of(PACKAGE, version),
                List.of(unit.get()));
    }

    private static String unit(Target server) {
        return server.units().getFirst();
    }

    private static Map<String, String> wanted(Release to) {
        return Map.of(PACKAGE, to.versionOf(PACKAGE));
    }

    private Duration installExpected(Ways way) {
        return way.install() == Install.REPOSITORY ? settings.installExpected() : settings.offlineInstallExpected();
    }

    private Duration outage(Ways way) {
        return installExpected(way).plusSeconds(60);
    }

    private static final int MOST_AT_ONCE = 64;

    /** L3. */
    private static final List<String> OPERATING_SYSTEMS = List.of("centos 7", "rhel 7", "rhel 8", "rocky 8");

    /**
     * What an enterprise may set.
     *
     * @param credential the administrator's password, where a deployment does not name another in {@code administratorCredential}
     * @param minFreeMebibytes free disk space, 500 MB (L1)
     * @param minMemoryMebibytes available memory, 4 GB (L1)
     * @param installMax longest time for the update; offline up to ten minutes are normal (L48)
     * @param startPatience how long the port may stay closed after a start; 30 to 60 seconds are normal (L48)
     * @param offlinePatience the same after an offline install
     * @param carriedFolder where carried packages lie, if a deployment does not say so in {@code carriedFolder}
     */
    public record Settings(
            String credential,
            long minFreeMebibytes,
            long minMemoryMebibytes,
            Duration checkMax,
            Duration lockWait,
            Duration installExpected,
            Duration offlineInstallExpected,
            Duration installMax,
            Duration startPatience,
            Duration offlinePatience,
            String carriedFolder) {}
}
