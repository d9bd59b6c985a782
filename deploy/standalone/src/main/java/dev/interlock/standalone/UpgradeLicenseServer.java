package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.Channel;
import dev.interlock.standalone.Estate.DemoHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** A PCoIP License Server goes away for its upgrade, and two hundred agents live on their grace until it is back (L33–L38, L50–L52). */
final class UpgradeLicenseServer {
    static final String DEPLOYMENT = "licenses-emea";
    private static final String TARGET = "23.04";
    private static final int AGENTS = 200;

    private final Telling story;
    private final Upgrades upgrades;
    private final Estate estate;
    private final DemoHost host;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    UpgradeLicenseServer(Telling story, Upgrades upgrades, Estate estate) {
        this.story = story;
        this.upgrades = upgrades;
        this.estate = estate;
        this.host = estate.hosts(DEPLOYMENT).getFirst();
    }

    void tell() {
        story.narrator.chapter("Upgrade the license server under two hundred agents", """
                While a license server is being upgraded nobody can validate. Each agent that was licensed before may go on
                for seven days; one that never was is refused at once. The plan knows who is who, and how long it takes.""");
        var door = URI.create(
                story.labJson("/hosts/" + host.name()).path("http").path("7070").asText());
        var server = story.api("license", "operator")
                .post(
                        "/license-servers",
                        Map.of(
                                "name",
                                host.name(),
                                "kind",
                                "flexnet",
                                "address",
                                door.resolve("/request").toString(),
                                "baseUrl",
                                door.toString(),
                                "credential",
                                "pcoip-license-server",
                                "hostId",
                                host.id().toString()))
                .path("licenseServerId")
                .asText();
        story.expected.add(Channel.LICENSE_EVENTS, "LicenseServerRegistered", server, host.name());
        story.lines.name(UUID.fromString(server), host.name());
        Telling.await("the license server answers", Duration.ofSeconds(30), () -> answers(door) ? door : null);
        var agents = register(server);
        agents.forEach(agent -> story.expected.add(Channel.AGENT_EVENTS, "AgentRegistered", agent, "an agent"));
        report(agents, "before", true);
        story.narrator.tell(AGENTS + " agents validate their licence at " + host.name());
        var coverage = Telling.await("all agents are licensed", Duration.ofSeconds(30), () -> {
            var now = coverage(server);
            return now.path("licensed").asInt() == AGENTS ? now : null;
        });
        story.check(
                coverage.path("refused").asInt() == 0,
                "agent-monitor: " + AGENTS + " of " + AGENTS
                        + " agents are covered for seven days, nobody would be refused");

        int before = story.effects().size();
        var plan = upgrades.plan(estate.deployment(DEPLOYMENT), TARGET, Map.of());
        upgrades.approve(plan);
        var watched = new AtomicBoolean(true);
        var outage = Thread.ofVirtual().name("agents").start(() -> live(agents, door, watched));
        String run;
        try {
            run = upgrades.run(estate.deployment(DEPLOYMENT), plan);
        } finally {
            watched.set(false);
        }
        join(outage);
        upgrades.expect("PreflightPassed", host);
        upgrades.expect("NodeUpdated", host);
        upgrades.checkRecord(run, 1);
        var counts = upgrades.effectsOn(host.name(), before);
        story.check(
                counts.getOrDefault("upgrade pcoip-license-server", 0) == 1,
                host.name() + ": the lab counts one upgrade of the package" + ", and no licence was lost: " + counts);
        for (var agent : agents) {
            story.expected.add(Channel.AGENT_EVENTS, "GracePeriodStarted", agent, "an agent");
            story.expected.add(Channel.AGENT_EVENTS, "GracePeriodEnded", agent, "an agent");
        }
        var after = Telling.await("every agent is licensed again", Duration.ofSeconds(30), () -> {
            var now = coverage(server);
            return now.path("licensed").asInt() == AGENTS ? now : null;
        });
        long started = story.events.all(AgentEvent.GracePeriodStarted.class).size();
        story.check(
                after.path("inGrace").asInt() == 0 && started >= AGENTS,
                AGENTS + " agents entered their grace period while it was away and left it when it was back");
    }

    private List<String> register(String server) {
        var pat = story.api("agent", "operator");
        return IntStream.rangeClosed(1, AGENTS)
                .parallel()
                .mapToObj(i -> {
                    var name = String.format(Locale.ROOT, "desk-%03d", i);
                    var id = pat.post("/agents", Map.of("name", name, "licenseServerId", server, "version", "23.04"))
                            .path("agentId")
                            .asText();
                    story.lines.name(UUID.fromString(id), name);
                    return id;
                })
                .toList();
    }

    /** What agents do: each asks its license server now and then, and says so when it does not answer. */
    private void live(List<String> agents, URI door, AtomicBoolean watched) {
        Commands.until(Duration.ofMinutes(2), () -> !watched.get() || !answers(door));
        if (!watched.get()) {
            return; // it was never away: the story's checks say so
        }
        story.narrator.tell("the agents do not reach " + host.name() + " any more");
        report(agents, "away", false);
        Commands.until(Duration.ofMinutes(2), () -> answers(door));
        story.narrator.tell("the agents reach it again");
        report(agents, "back", true);
    }

    private void report(List<String> agents, String when, boolean good) {
        var reports = story.api("agent", "admin");
        var at = Instant.now().toString();
        agents.parallelStream()
                .forEach(agent -> reports.post(
                        "/agents/" + agent + "/validations",
                        good
                                ? Map.of("validationId", "demo-" + when, "at", at, "outcome", "succeeded")
                                : Map.of(
                                        "validationId",
                                        "demo-" + when,
                                        "at",
                                        at,
                                        "outcome",
                                        "failed",
                                        "reason",
                                        "license server unreachable")));
    }

    private JsonNode coverage(String server) {
        return story.api("agent", "viewer").get("/coverage?licenseServerId=" + server);
    }

    private boolean answers(URI door) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(door.resolve("/api/1.0/health"))
                                            .timeout(Duration.ofSeconds(3))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofMinutes(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
