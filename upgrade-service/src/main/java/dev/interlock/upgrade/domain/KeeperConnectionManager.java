package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Action.CheckHost;
import dev.interlock.upgrade.domain.Action.ProveVersion;
import dev.interlock.upgrade.domain.Action.StartServices;
import dev.interlock.upgrade.domain.Action.StopServices;
import dev.interlock.upgrade.domain.Action.UpgradePackages;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeper Connection Manager, minor updates in place (seed 003, K1–K10): check that nothing but a compatible minor waits; stop
 * Guacamole and guacd; upgrade Keeper's packages and no others; start both; prove that both run what was installed.
 */
public final class KeeperConnectionManager implements Procedure {
    /** {@code kcm-*} is the source's own pattern; it misses the two others. */
    private static final List<String> PATTERNS = List.of("kcm", "kcm-*", "keeper-guacamole-standalone");

    private final Settings settings;

    public KeeperConnectionManager(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Product product() {
        return Product.KEEPER_CONNECTION_MANAGER;
    }

    @Override
    public Planning plan(Order order) {
        var refusals = new ArrayList<Reason>();
        var notes = new ArrayList<String>();
        Optional<Release> release = order.release(order.target());
        if (release.isEmpty()) {
            return new Refused(List.of(new Reason(
                    "K1",
                    "Keeper Connection Manager " + order.target() + " is not a known release.",
                    "Known are " + order.known() + ". Register the release first if Keeper has published it.")));
        }
        List<Target> hosts = hosts(order, release.get(), refusals, notes);
        for (Target host : hosts) {
            onlyMinors("K2", host, release.get(), order).ifPresent(refusals::add);
            newer("K1", host, release.get()).ifPresent(refusals::add);
        }
        if (!refusals.isEmpty()) {
            return new Refused(refusals);
        }
        if (hosts.isEmpty()) {
            return new Refused(List.of(new Reason(
                    "K1",
                    "Every host of " + order.deployment().name() + " runs " + order.target() + " already.",
                    "Nothing needs to be done.")));
        }
        notes.add("Each host's users are cut off while its services are stopped: about " + outage().toMinutes()
                + " minutes are expected (K4).");
        if (order.window() == null) {
            notes.add("No maintenance window was given: the run may be started at any time (K4).");
        }
        int first = Math.min(order.limits().canary(), hosts.size());
        Release to = release.get();
        return new Planned(new Plan(
                product().id(),
                order.deployment().id(),
                order.deployment().name(),
                hosts.stream()
                        .map(Target::version)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                to.version(),
                to.repository(),
                order.limits(),
                order.window(),
                hosts,
                Stream.of(
                                together("Preflight", hosts, host -> List.of(check(host))),
                                canary("Canary", hosts.subList(0, first), host -> upgrade(host, to)),
                                together(
                                        "Upgrade",
                                        order.limits().concurrency(),
                                        hosts.subList(first, hosts.size()),
                                        host -> upgrade(host, to)))
                        .flatMap(Optional::stream)
                        .toList(),
                notes));
    }

    private List<Step> upgrade(Target host, Release to) {
        return List.of(stop(host), install(host, to), start(host, to), prove(host, to));
    }

    private Step check(Target host) {
        return new Step(
                Step.id("check", host),
                "Check " + host.name() + " before any change",
                List.of("K2", "K5"),
                host.hostId(),
                new CheckHost(
                        host.units(), PATTERNS, host.packages(), settings.minFreeMebibytes(), settings.lockWait()),
                Duration.ofSeconds(3),
                settings.checkMax(),
                "nothing",
                "installed packages as planned, both services there, room on the disk, the package manager free",
                OnFailure.RETRY,
                true);
    }

    private Step stop(Target host) {
        return new Step(
                        Step.id("stop", host),
                        "Stop " + both(host) + " on " + host.name(),
                        List.of("K5", "K6", "K7"),
                        host.hostId(),
                        new StopServices(host.units()),
                        Duration.ofSeconds(5),
                        settings.serviceMax(),
                        "state of both services",
                        "both services are stopped",
                        OnFailure.STOP_AND_ASK,
                        false)
                .with(Trait.OUTAGE);
    }

    private Step install(Target host, Release to) {
        return new Step(
                        Step.id("install", host),
                        "Upgrade Keeper's packages on " + host.name() + " to " + to.version(),
                        List.of("K8", "K6"),
                        host.hostId(),
                        new UpgradePackages(wanted(host, to), host.units(), settings.lockWait()),
                        settings.installExpected(),
                        settings.installMax(),
                        "both services are stopped, installed versions, nothing half-installed",
                        "each package has the release's version, none is there twice",
                        OnFailure.STOP_AND_ASK,
                        false)
                .with(Trait.OUTAGE);
    }

    private Step start(Target host, Release to) {
        return new Step(
                        Step.id("start", host),
                        "Start " + both(host) + " on " + host.name(),
                        List.of("K9"),
                        host.hostId(),
                        new StartServices(host.units(), wanted(host, to), settings.settle()),
                        Duration.ofSeconds(10),
                        settings.serviceMax(),
                        "state of both services",
                        "both services run and stay up",
                        OnFailure.STOP_AND_ASK,
                        false)
                .with(Trait.OUTAGE);
    }

    private Step prove(Target host, Release to) {
        return new Step(
                Step.id("prove", host),
                "Prove that " + host.name() + " runs " + to.version(),
                List.of("K10", "K7"),
                host.hostId(),
                new ProveVersion(wanted(host, to), PATTERNS, host.units(), urls(host)),
                Duration.ofSeconds(3),
                settings.checkMax(),
                "nothing",
                "packages at the release's version, both processes younger than their packages, the version they answer with",
                OnFailure.STOP_AND_ASK,
                true);
    }

    /** An existing install only ever gets minors: a major has another repository (K2). */
    private static Optional<Reason> onlyMinors(String clause, Target host, Release to, Order order) {
        boolean sameLine = order.release(host.version())
                .map(from -> from.repository().equals(to.repository()))
                .orElse(true);
        if (host.version().major() == to.version().major() && sameLine) {
            return Optional.empty();
        }
        return Optional.of(new Reason(
                clause,
                host.name() + " runs " + host.version() + ", and " + to.version()
                        + " is another major release from another repository (" + to.repository()
                        + "): an existing install only ever gets minor releases.",
                "Choose a release " + host.version().major() + ".x, or build new hosts from the new repository."));
    }

    private static Optional<Reason> newer(String clause, Target host, Release to) {
        if (host.version().compareTo(to.version()) <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Reason(
                clause,
                host.name() + " runs " + host.version() + " already, which is newer than " + to.version() + ".",
                "Choose a release that is newer than every host's."));
    }

    /** The members that need the release; why the plan cannot be made, and what the reader should know, go into the lists. */
    private List<Target> hosts(Order order, Release to, List<Reason> refusals, List<String> notes) {
        var hosts = new ArrayList<Target>();
        for (Placed placed : order.fit(refusals, Set.of())) {
            Host host = placed.host();
            Target target = describe(host, placed.role());
            if (target == null) {
                refusals.add(new Reason(
                        "K5",
                        host.name() + " has "
                                + (packages(host).isEmpty()
                                        ? "no package of Keeper Connection Manager"
                                        : "neither a guacamole nor a tomcat service, or no guacd")
                                + ".",
                        "Probe the host again, or take it out of the deployment."));
            } else if (target.packages().equals(wanted(target, to))) {
                notes.add(host.name() + " runs " + to.version() + " already and is left out.");
            } else {
                hosts.add(target);
                if (host.isUnreachable()) {
                    notes.add(host.name() + " was unreachable when the plan was made.");
                }
            }
        }
        return hosts;
    }

    @Override
    public @Nullable Target describe(Host host, String role) {
        Map<String, String> packages = packages(host);
        // Without a standalone service it is one's own Tomcat, or an install from before 2.5 (K5).
        String web = host.hasUnit("guacamole") ? "guacamole" : "tomcat";
        if (packages.isEmpty() || !host.hasUnit(web) || !host.hasUnit("guacd")) {
            return null;
        }
        Version lowest = packages.values().stream()
                .filter(Version::isVersion)
                .map(Version::new)
                .min(Comparator.naturalOrder())
                .orElse(new Version("0"));
        return host.as(
                role, web.equals("guacamole") ? "standalone" : "own-tomcat", lowest, packages, List.of(web, "guacd"));
    }

    private static Map<String, String> packages(Host host) {
        var found = new TreeMap<String, String>();
        host.packages().forEach((name, version) -> {
            if (PATTERNS.contains(name) || name.startsWith("kcm-")) {
                found.put(name, version);
            }
        });
        return found;
    }

    private static Map<String, String> wanted(Target host, Release to) {
        var wanted = new TreeMap<String, String>();
        host.packages().keySet().forEach(name -> wanted.put(name, to.versionOf(name)));
        return wanted;
    }

    private Map<String, String> urls(Target host) {
        var urls = new TreeMap<String, String>();
        host.units().forEach(unit -> {
            String url = settings.versionUrls().get(unit);
            if (url != null) {
                urls.put(unit, url);
            }
        });
        return urls;
    }

    private Duration outage() {
        return settings.installExpected().plusSeconds(20);
    }

    private static String both(Target host) {
        return String.join(" and ", host.units());
    }

    private static Optional<Stage> together(String name, List<Target> hosts, Function<Target, List<Step>> steps) {
        return together(name, MOST_CHECKS_AT_ONCE, hosts, steps);
    }

    private static Optional<Stage> together(
            String name, int width, List<Target> hosts, Function<Target, List<Step>> steps) {
        return Stage.of(name, width, false, null, hosts, steps);
    }

    /** One after another, and a failure stops the run. */
    private static Optional<Stage> canary(String name, List<Target> hosts, Function<Target, List<Step>> steps) {
        return Stage.of(name, 1, true, null, hosts, steps);
    }

    private static final int MOST_CHECKS_AT_ONCE = 64;

    /**
     * What an enterprise may set.
     *
     * @param checkMax longest time for looking at a host
     * @param serviceMax longest time for stopping or starting the services
     * @param lockWait how long another user of the package manager is waited for
     * @param settle how long a started service must stay up to count as running
     * @param minFreeMebibytes free space under {@code /var} [assumed]
     * @param versionUrls service to a URL on its host that may answer with the running version [assumed]
     */
    public record Settings(
            Duration checkMax,
            Duration serviceMax,
            Duration installExpected,
            Duration installMax,
            Duration lockWait,
            Duration settle,
            long minFreeMebibytes,
            Map<String, String> versionUrls) {
        public Settings {
            versionUrls = Map.copyOf(versionUrls);
        }
    }
}
