package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Procedure.Planning;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An invented estate for tests: hosts web-1, web-2 … that together are the deployment "web". */
public final class Estate {
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    public static final KeeperConnectionManager KEEPER =
            new KeeperConnectionManager(new KeeperConnectionManager.Settings(
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(1),
                    Duration.ofMillis(1500),
                    64,
                    Map.of("guacamole", "http://127.0.0.1:8080/version", "guacd", "http://127.0.0.1:4822/version")));
    public static final UUID DEPLOYMENT = id("deployment");
    public static final List<Release> RELEASES =
            List.of(release("1.4.0", "kcm/1"), release("1.5.0", "kcm/1"), release("2.0.0", "kcm/2"));

    private Estate() {}

    public static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    public static Release release(String version, String repository) {
        return new Release(Product.KEEPER_CONNECTION_MANAGER, new Version(version), repository, Map.of(), false, "");
    }

    public static Host host(String name) {
        return new Host(
                id(name),
                name,
                "10.0.0.1",
                22,
                "root",
                "fleet",
                "ssh-ed25519 AAAA" + name,
                "reachable",
                Map.of("kcm-guacamole", "1.4.0", "kcm-guacd", "1.4.0", "openssl", "3.0.7"),
                Map.of("guacamole", "active", "guacd", "active", "tomcat", "absent"));
    }

    public static Host with(Host h, Map<String, String> packages, Map<String, String> units) {
        return new Host(
                h.id(),
                h.name(),
                h.address(),
                h.port(),
                h.user(),
                h.credential(),
                h.hostKey(),
                h.status(),
                packages,
                units);
    }

    public static Host at(Host h, String version) {
        return with(h, Map.of("kcm-guacamole", version, "kcm-guacd", version), h.units());
    }

    public static Host status(Host h, String status, @Nullable String hostKey) {
        return new Host(
                h.id(),
                h.name(),
                h.address(),
                h.port(),
                h.user(),
                h.credential(),
                hostKey,
                status,
                h.packages(),
                h.units());
    }

    public static List<Host> hosts(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> host("web-" + i)).toList();
    }

    public static Deployment deployment(List<Host> hosts) {
        return new Deployment(
                DEPLOYMENT,
                "web",
                "keeper-connection-manager",
                hosts.stream().map(h -> new Deployment.Member(h.id(), "node")).toList(),
                Map.of());
    }

    public static Map<UUID, Host> byId(List<Host> hosts) {
        var map = new LinkedHashMap<UUID, Host>();
        hosts.forEach(h -> map.put(h.id(), h));
        return map;
    }

    public static Planning planning(List<Host> hosts, String target, Plan.Limits limits, @Nullable Window window) {
        return KEEPER.plan(
                new Procedure.Order(deployment(hosts), byId(hosts), new Version(target), RELEASES, limits, window));
    }

    public static Plan plan(List<Host> hosts, Plan.Limits limits, @Nullable Window window) {
        if (planning(hosts, "1.5.0", limits, window) instanceof Planned planned) {
            return planned.plan();
        }
        throw new AssertionError("refused");
    }

    public static Plan plan(int hosts, int concurrency) {
        return plan(hosts(hosts), new Plan.Limits(concurrency, 0, null), null);
    }

    public static Run run(Plan plan) {
        return Run.queued(id("run"), id("plan"), "0".repeat(64), plan);
    }
}
