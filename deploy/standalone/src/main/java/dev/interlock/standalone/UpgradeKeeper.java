package dev.interlock.standalone;

import dev.interlock.contracts.Channel;
import dev.interlock.standalone.Estate.DemoHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Ten Keeper Connection Manager hosts (K1–K10), and three witnesses who look afterwards. */
final class UpgradeKeeper {
    static final String DEPLOYMENT = "keeper-emea";
    private static final String PRODUCT = "keeper-connection-manager";
    private static final String TARGET = "1.5.0";

    private final Telling story;
    private final Upgrades upgrades;
    private final Estate estate;
    private final List<DemoHost> hosts;

    UpgradeKeeper(Telling story, Upgrades upgrades, Estate estate) {
        this.story = story;
        this.upgrades = upgrades;
        this.estate = estate;
        this.hosts = estate.hosts(DEPLOYMENT);
    }

    void tell() {
        story.narrator.chapter("Upgrade a group of Keeper Connection Managers", """
                Pat plans %s for the whole group. A plan is data: every step, what is looked at before and after, and a
                hash. Who plans does not approve. Then for each host: check, stop Guacamole and guacd, upgrade Keeper's
                packages and no others, start both, prove that what runs is what was installed. One host goes first.""".formatted(TARGET));
        int before = story.effects().size();
        var plan = upgrades.plan(estate.deployment(DEPLOYMENT), TARGET, Map.of("canary", 1, "concurrency", 5));
        upgrades.approve(plan);
        var run = upgrades.run(estate.deployment(DEPLOYMENT), plan);
        for (var host : hosts) {
            upgrades.expect("PreflightPassed", host);
            upgrades.expect("NodeDrained", host);
            upgrades.expect("NodeUpdated", host);
        }

        story.narrator.chapter("Verify", """
                Nobody takes the upgrade's own word for it: the inventory looks again, somebody else looks over SSH,
                and the lab says what was really done to its hosts, and how often.""");
        upgrades.checkRecord(run, hosts.size());
        inventoryLooksAgain();
        hosts.parallelStream().map(this::look).forEachOrdered(this::checkLook);
        hosts.forEach(host -> checkEffects(host, upgrades.effectsOn(host.name(), before)));
    }

    private void inventoryLooksAgain() {
        var pat = story.api("inventory", "operator");
        var asked = Instant.now();
        for (var host : hosts) {
            pat.post("/hosts/" + host.id() + "/probes", Map.of());
            story.expected.add(
                    Channel.INVENTORY_EVENTS,
                    "ComponentVersionChanged",
                    host.id().toString(),
                    host.name());
        }
        for (var host : hosts) {
            var view = Telling.await(host.name() + " is probed again", Duration.ofSeconds(30), () -> {
                var now = pat.get("/hosts/" + host.id());
                boolean probed = now.hasNonNull("probedAt")
                        && Instant.parse(now.path("probedAt").asText()).isAfter(asked);
                return probed ? now : null;
            });
            var version = view.path("components").path(0).path("version").asText();
            story.check(
                    version.equals(TARGET) && view.path("status").asText().equals("reachable"),
                    host.name() + ": the inventory finds " + PRODUCT + " " + version);
        }
    }

    private static String web(DemoHost host) {
        return host.variant().contains("tomcat") ? "tomcat" : "guacamole";
    }

    private record Look(DemoHost host, String said) {}

    private Look look(DemoHost host) {
        var script = "rpm -qa --qf '%{NAME} %{VERSION}\\n'; systemctl is-active " + web(host) + " guacd";
        return new Look(
                host,
                HostEye.look(
                        host.address(),
                        host.port(),
                        host.hostKey(),
                        host.user(),
                        story.home.credentials().resolve(host.credential() + ".key"),
                        script));
    }

    private void checkLook(Look look) {
        var keeper = look.said()
                .lines()
                .filter(line -> line.startsWith("kcm") || line.startsWith("keeper-guacamole-standalone "))
                .toList();
        long active = look.said().lines().filter("active"::equals).count();
        boolean good = keeper.size() >= 5
                && keeper.stream().allMatch(line -> line.endsWith(" " + TARGET))
                && keeper.stream()
                                .map(line -> line.split(" ", -1)[0])
                                .distinct()
                                .count()
                        == keeper.size()
                && active == 2;
        story.check(
                good,
                look.host().name() + ": over SSH, " + keeper.size() + " packages at " + TARGET + ", "
                        + web(look.host()) + " and guacd active"
                        + (good ? "" : " – not so: " + look.said().replace('\n', '|')));
    }

    private void checkEffects(DemoHost host, Map<String, Integer> counts) {
        boolean once = counts.values().stream().allMatch(n -> n == 1);
        boolean both = List.of("stop guacd", "start guacd", "stop " + web(host), "start " + web(host)).stream()
                .allMatch(counts::containsKey);
        long upgraded =
                counts.keySet().stream().filter(k -> k.startsWith("upgrade ")).count();
        boolean others = counts.keySet().stream()
                .allMatch(k -> k.startsWith("upgrade kcm")
                        || k.equals("upgrade keeper-guacamole-standalone")
                        || k.startsWith("stop ")
                        || k.startsWith("start "));
        boolean good = once && both && upgraded >= 5 && others;
        story.check(
                good,
                host.name() + ": the lab counts one stop and one start of " + web(host) + " and guacd, " + upgraded
                        + " packages upgraded once, nothing else" + (good ? "" : " – not so: " + counts));
    }
}
