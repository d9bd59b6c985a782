package dev.interlock.standalone;

import dev.interlock.contracts.Channel;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.standalone.Estate.DemoHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A UMS network of three servers and a load balancer: refused while it has an orphan, then upgraded without downtime (G1–G25). */
final class UpgradeUms {
    static final String DEPLOYMENT = "ums-emea";
    private static final String TARGET = "12.05.100";

    private final Telling story;
    private final Upgrades upgrades;
    private final Estate estate;
    private final List<DemoHost> hosts;
    private final List<DemoHost> servers;

    UpgradeUms(Telling story, Upgrades upgrades, Estate estate) {
        this.story = story;
        this.upgrades = upgrades;
        this.estate = estate;
        this.hosts = estate.hosts(DEPLOYMENT);
        this.servers = hosts.stream().filter(h -> h.name().contains("-server-")).toList();
    }

    void tell() {
        story.narrator.chapter("An interlock refuses", """
                The UMS network has an entry of a server that is no more. Were it upgraded now, the last server would wait
                for that one for ever, and nobody would renew the schema. So no run starts while the orphan is there.""");
        var orphaned = servers.getFirst();
        story.breakHost(orphaned.name(), "orphan", "server");
        story.narrator.tell("somebody has taken a server away without deleting it in the UMS");
        probe(orphaned);
        story.expected.add(Channel.INVENTORY_EVENTS, "OrphanFound", deployment(), DEPLOYMENT);
        var found = Telling.await(
                "the inventory has found the orphan",
                Duration.ofSeconds(30),
                () -> story.events.all(InventoryEvent.OrphanFound.class).stream()
                        .findFirst()
                        .orElse(null));
        var plan = upgrades.plan(estate.deployment(DEPLOYMENT), TARGET, Map.of());
        var seen = Telling.await("the plan shows what keeps it from being started", Duration.ofSeconds(20), () -> {
            var now = story.api("upgrade", "viewer")
                    .get("/plans/" + plan.path("id").asText());
            return now.path("interlocks").toString().contains(found.registeredName()) ? now : null;
        });
        story.narrator.tell("the plan shows: "
                + seen.path("interlocks").path(0).path("reason").asText());
        upgrades.approve(plan);
        var start = upgrades.tryStart(plan);
        story.check(
                start.status() == 409 && start.body().path("type").asText().endsWith("/interlocked"),
                "the start is refused: " + start.body().path("detail").asText() + " "
                        + start.body().path("next").asText());

        story.healHost(orphaned.name());
        story.narrator.tell("pat deletes the orphaned entry in the UMS, as the refusal says");
        probe(orphaned);
        story.expected.add(Channel.INVENTORY_EVENTS, "OrphanRemoved", deployment(), DEPLOYMENT);
        Telling.await(
                "the orphan is gone",
                Duration.ofSeconds(30),
                () -> story.events.all(InventoryEvent.OrphanRemoved.class).stream()
                        .findFirst()
                        .orElse(null));

        story.narrator.chapter("Upgrade IGEL UMS without downtime", """
                Each server in turn goes into update mode: it works on a copy of the database of its own and goes on
                answering devices. The last one renews the schema; the others come back to it. Then the load balancer.""");
        int before = story.effects().size();
        Telling.await("nothing keeps the plan from being started", Duration.ofSeconds(20), () -> {
            var now = story.api("upgrade", "viewer")
                    .get("/plans/" + plan.path("id").asText());
            return now.path("interlocks").toString().contains(found.registeredName()) ? null : now;
        });
        story.narrator.tell("the same plan, approved before, may be started now");
        var run = upgrades.run(estate.deployment(DEPLOYMENT), plan);
        expect();
        upgrades.checkRecord(run, hosts.size());
        checkOrder(run);
        long renewals = hosts.stream()
                .mapToLong(h -> upgrades.effectsOn(h.name(), before).getOrDefault("renew schema", 0))
                .sum();
        story.check(renewals == 1, "the lab counts " + renewals + " renewal of the schema");
        for (var host : hosts) {
            var counts = upgrades.effectsOn(host.name(), before);
            story.check(
                    counts.getOrDefault("upgrade igel-ums", 0) == 1,
                    host.name() + ": the lab counts one installation"
                            + (counts.getOrDefault("upgrade igel-ums", 0) == 1 ? "" : " – not so: " + counts));
        }
    }

    private String deployment() {
        return estate.deployment(DEPLOYMENT).toString();
    }

    private void probe(DemoHost host) {
        story.api("inventory", "operator").post("/hosts/" + host.id() + "/probes", Map.of());
    }

    private void expect() {
        hosts.forEach(host -> upgrades.expect("PreflightPassed", host));
        hosts.forEach(host -> upgrades.expect("NodeUpdated", host));
        upgrades.expect("BackupTaken", servers.getFirst());
        servers.forEach(host -> upgrades.expect("NodeEnteredUpdateMode", host));
        servers.forEach(host -> upgrades.expect("NodeReturnedToNormalMode", host));
        upgrades.expect("SchemaRenewed", servers.getLast());
    }

    /** Backup before any change; nobody leaves update mode before the schema is new; the last server renews it (G3, G16, G17). */
    private void checkOrder(String run) {
        var words = story.events.all(UpgradeEvent.AboutRun.class).stream()
                .filter(e -> e.runId().toString().equals(run))
                .map(e -> e.getClass().getSimpleName())
                .toList();
        story.check(
                words.indexOf("BackupTaken") >= 0
                        && words.indexOf("BackupTaken") < words.indexOf("NodeEnteredUpdateMode")
                        && words.lastIndexOf("NodeEnteredUpdateMode") < words.indexOf("SchemaRenewed")
                        && words.indexOf("SchemaRenewed") < words.indexOf("NodeReturnedToNormalMode"),
                "backup, update mode, schema, normal mode: in this order");
    }
}
