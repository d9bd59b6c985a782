package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.ClockSkew;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.LicenseEvent.LicenseServerRegistered;
import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.contracts.LicenseEvent.LicensesActivated;
import dev.interlock.contracts.LicenseEvent.LicensesReturned;
import dev.interlock.contracts.Member;
import dev.interlock.contracts.Orphan;
import dev.interlock.contracts.Published;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.EventPublisher;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.upgrade.app.Estate;
import dev.interlock.upgrade.app.Readings;
import dev.interlock.upgrade.domain.Deployment;
import dev.interlock.upgrade.domain.Situation.Agent;
import dev.interlock.upgrade.domain.Situation.Stake;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Interlocks from the topics of other services to what people are told: at the plan, at the start, and while a run is going on. */
class InterlocksTest {
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(Map.of());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void publish(Published what) {
        EventPublisher.shared().publish(what);
    }

    private static void publish(Published what, Instant at) {
        EventPublisher.shared().publish(what, at);
    }

    private static AgentState agent(UUID server, String name, boolean ever, @Nullable Instant graceEndsAt) {
        return new AgentState(
                Stage.id(name),
                name,
                server,
                null,
                null,
                ever,
                ever ? Instant.parse("2026-01-01T00:00:00Z") : null,
                graceEndsAt == null ? null : graceEndsAt.minus(7, ChronoUnit.DAYS),
                graceEndsAt,
                false);
    }

    private static DeploymentState deployment(
            UUID id,
            Map<String, String> settings,
            @Nullable List<Orphan> orphans,
            @Nullable ClockSkew skew,
            LabHost... hosts) {
        return new DeploymentState(
                id,
                "guarded-" + id.toString().substring(0, 4),
                "keeper-connection-manager",
                Arrays.stream(hosts)
                        .map(h -> new Member(Stage.id(h.name()), "node"))
                        .toList(),
                settings,
                orphans,
                skew);
    }

    private static void heard(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofSeconds(30)).until(condition);
    }

    private static JsonNode interlock(JsonNode of, String word) {
        for (JsonNode each : of.at("/interlocks")) {
            if (each.at("/interlock").asText().equals(word)) {
                return each;
            }
        }
        throw new AssertionError("no interlock " + word + " in " + of);
    }

    private static ObjectNode start(JsonNode plan) {
        return Api.JSON.createObjectNode().put("planId", plan.at("/id").asText());
    }

    private static ObjectNode word(JsonNode plan, String... agents) {
        ObjectNode body = Api.JSON
                .createObjectNode()
                .put("hash", plan.at("/hash").asText())
                .put("interlock", "refused-agents")
                .put("reason", "They are new and not handed out yet.");
        ArrayNode subjects = body.putArray("subjects");
        Arrays.stream(agents).forEach(subjects::add);
        return body;
    }

    @Test
    @Clause({"L37", "L38"})
    void whoWouldBeRefusedIsNamedAndOnlyAnotherPersonsWordForJustTheseLetsTheRunStart() {
        LabHost host = stage.lab.addKeeper("grace-1");
        UUID server = UUID.randomUUID();
        UUID deployment = UUID.randomUUID();
        stage.service.getBean(Estate.class).host(Stage.state(host, stage.lab.credential()));
        stage.service
                .getBean(Estate.class)
                .deployment(deployment(deployment, Map.of("licenseServerId", "lic-" + server), null, null, host));
        publish(new LicenseServerRegistered(server, "lic-" + server, "pcoip", null, null, "olga"));
        publish(agent(server, "ws-fine", true, null));
        publish(agent(server, "ws-never", false, null));
        AgentState late = agent(server, "ws-late", true, Instant.now().plusSeconds(60));
        publish(late);
        AgentState gone = agent(server, "ws-gone", false, null);
        publish(gone);
        EventPublisher.shared().withdraw(gone);
        Readings readings = stage.service.getBean(Readings.class);
        var running = stage.service.getBean(Estate.class).deployment(deployment).orElseThrow();
        heard(
                "the license server and three agents, another one gone again",
                () -> readings.licenseServerOf(running).isPresent()
                        && readings.coverage(server).agents() == 3
                        && readings.coverage(server).atRisk().stream()
                                .map(Agent::name)
                                .toList()
                                .equals(List.of("ws-late", "ws-never")));

        JsonNode plan = stage.plan(deployment, 1);
        assertThat(interlock(plan, "refused-agents").at("/weight").asText()).isEqualTo("wants-word");
        assertThat(interlock(plan, "refused-agents").at("/subjects").toString()).isEqualTo("[\"ws-never\"]");
        assertThat(interlock(plan, "grace-budget").at("/weight").asText()).isEqualTo("blocks");
        assertThat(plan.at("/impact/licenseServerId").asText()).isEqualTo(server.toString());
        assertThat(plan.at("/impact/licenseServer").asText()).isEqualTo("lic-" + server);
        assertThat(plan.at("/impact/agents").asLong()).isEqualTo(3);
        assertThat(plan.at("/impact/refused").asLong()).isEqualTo(1);
        assertThat(plan.at("/impact/outOfGrace").asLong()).isEqualTo(1);
        assertThat(plan.at("/impact/outageSeconds").asDouble()).isPositive();
        assertThat(plan.at("/acknowledgements")).isEmpty();
        stage.approve(plan);
        var refused = stage.olga.post("/runs", start(plan)).is(409);
        assertThat(refused.text("/type")).isEqualTo("/problems/interlocked");
        assertThat(refused.body().at("/interlocks")).hasSize(2);
        assertThat(interlock(refused.body(), "grace-budget").at("/subjects").toString())
                .isEqualTo("[\"ws-late\"]");
        assertThat(interlock(refused.body(), "grace-budget").at("/next").asText())
                .contains("connect once");

        String words = "/plans/" + plan.at("/id").asText() + "/acknowledgements";
        stage.vera.post(words, word(plan, "ws-never")).is(403);
        stage.olga.post(words, word(plan, "ws-never")).is(403);
        Api ada = Api.of(stage.base(), "olga", "admin");
        assertThat(ada.post(words, word(plan, "ws-never")).is(403).text("/type"))
                .isEqualTo("/problems/own-plan");
        assertThat(stage.paul
                        .post(words, word(plan, "ws-never", "ws-fine"))
                        .is(409)
                        .text("/type"))
                .isEqualTo("/problems/other-list");
        assertThat(stage.paul
                        .post(words, word(plan, "ws-never").put("hash", "0".repeat(64)))
                        .is(409)
                        .text("/type"))
                .isEqualTo("/problems/plan-hash-mismatch");
        assertThat(stage.paul
                        .post(words, word(plan, "ws-late").put("interlock", "grace-budget"))
                        .is(409)
                        .text("/type"))
                .isEqualTo("/problems/nothing-to-acknowledge");
        JsonNode said = stage.paul.post(words, word(plan, "ws-never")).is(200).body();
        assertThat(interlock(said, "refused-agents").at("/weight").asText()).isEqualTo("acknowledged");
        assertThat(said.at("/acknowledgements")).hasSize(1);
        assertThat(said.at("/acknowledgements/0/by").asText()).isEqualTo("paul");
        assertThat(said.at("/acknowledgements/0/subjects").toString()).isEqualTo("[\"ws-never\"]");

        // the late one connects again; another one that was never licensed comes: the word does not hold for it
        publish(agent(server, "ws-late", true, null));
        publish(agent(server, "ws-new", false, null));
        heard(
                "the new one",
                () -> readings.coverage(server).agents() == 4
                        && readings.coverage(server).atRisk().size() == 2);
        refused = stage.olga.post("/runs", start(plan)).is(409);
        assertThat(refused.body().at("/interlocks")).hasSize(1);
        assertThat(interlock(refused.body(), "refused-agents").at("/subjects").toString())
                .isEqualTo("[\"ws-never\",\"ws-new\"]");
        stage.paul.post(words, word(plan, "ws-never")).is(409);
        stage.paul.post(words, word(plan, "ws-new", "ws-never")).is(200);
        JsonNode ended = stage.await(stage.start(plan), "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
    }

    @Test
    @Clause({"G2", "G5"})
    void orphansAndClocksKeepARunFromStartingUntilTheyAreGone() {
        LabHost host = stage.lab.addKeeper("orphan-1");
        UUID id = UUID.randomUUID();
        Estate estate = stage.service.getBean(Estate.class);
        estate.host(Stage.state(host, stage.lab.credential()));
        var orphan = new Orphan("4711", "server", "ums-4", "10.0.0.4", Instant.parse("2026-03-01T12:00:00Z"));
        var skew = new ClockSkew(
                Stage.id("orphan-1"), "orphan-1", UUID.randomUUID(), "other", 90_000, 200, 60_000, Instant.now());
        publish(deployment(id, Map.of(), List.of(orphan), skew, host));
        Readings readings = stage.service.getBean(Readings.class);
        heard("the deployment", () -> readings.clockSkew(id) != null);
        JsonNode plan = stage.plan(id, 1);
        stage.approve(plan);
        var refused = stage.olga.post("/runs", start(plan)).is(409);
        assertThat(refused.text("/type")).isEqualTo("/problems/interlocked");
        assertThat(interlock(refused.body(), "orphans").at("/reason").asText())
                .contains("has registered what does not exist: server ums-4");
        assertThat(interlock(refused.body(), "clocks").at("/reason").asText())
                .isEqualTo("The clocks of orphan-1 and other are 90.0 s apart (± 0.2 s); 60 s are allowed.");
        publish(deployment(id, Map.of(), List.of(), null, host));
        heard("all is well", () -> readings.clockSkew(id) == null);
        assertThat(stage.await(stage.start(plan), "completed", "failed")
                        .at("/status")
                        .asText())
                .isEqualTo("completed");
    }

    @Test
    @Clause("G5")
    void anInterlockThatBreaksWhileARunIsGoingOnPausesItAtTheNextSafePointAndSaysWhich() throws Exception {
        LabHost first = stage.lab.addKeeper("skew-1");
        LabHost second = stage.lab.addKeeper("skew-2");
        UUID id = UUID.randomUUID();
        Estate estate = stage.service.getBean(Estate.class);
        estate.host(Stage.state(first, stage.lab.credential()));
        estate.host(Stage.state(second, stage.lab.credential()));
        estate.deployment(deployment(id, Map.of(), null, null, first, second));
        Readings readings = stage.service.getBean(Readings.class);
        var installing = new CountDownLatch(1);
        var apart = new CountDownLatch(1);
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDue due
                    && due.host().equals("skew-1")
                    && due.effect().kind() == Kind.UPGRADE) {
                installing.countDown();
                try {
                    assertThat(apart.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        JsonNode plan = stage.plan(id, 1);
        stage.approve(plan);
        UUID run = stage.start(plan);
        assertThat(installing.await(30, TimeUnit.SECONDS)).isTrue();
        var skew = new ClockSkew(
                Stage.id("skew-1"), "skew-1", Stage.id("skew-2"), "skew-2", 90_000, 200, 60_000, Instant.now());
        publish(deployment(id, Map.of(), null, skew, first, second));
        stage.await(run, "pausing");
        apart.countDown();
        JsonNode paused = stage.await(run, "paused");
        assertThat(paused.at("/cause").asText()).isEqualTo("interlock");
        assertThat(paused.at("/reason").asText())
                .startsWith("clocks (G5): The clocks of skew-1 and skew-2 are 90.0 s apart")
                .contains("Set the clock right");
        assertThat(RunOnLabTest.order(first)).containsExactly(Kind.STOP, Kind.UPGRADE, Kind.START);
        assertThat(second.effects()).isEmpty();
        var told = KafkaProbe.shared()
                .await(
                        "interlock.upgrade.events.v1",
                        1,
                        m -> id.toString().equals(m.key())
                                && m.header("ce_type").equals("dev.interlock.upgrade.UpgradePaused.v1"));
        assertThat(told.getFirst().value()).contains("\"cause\": \"interlock\"", "clocks (G5)");

        var notYet = stage.olga.wish("/runs/" + run + "/resume", "try").is(409);
        assertThat(notYet.text("/type")).isEqualTo("/problems/interlocked");
        publish(deployment(id, Map.of(), null, null, first, second));
        heard("the clocks are right", () -> readings.clockSkew(id) == null);
        stage.olga.wish("/runs/" + run + "/resume", "clocks are right").is(202);
        stage.await(run, "completed");
        RunOnLabTest.eachEffectOnce(first, "guacamole");
        RunOnLabTest.eachEffectOnce(second, "guacamole");
    }

    /** Totals by their time, not by their coming; twice the same is once. */
    @Test
    @Clause("L17")
    void whatIsActiveOnALicenseServersMachineIsKnown() {
        LabHost host = stage.lab.addKeeper("stake-1");
        UUID server = UUID.randomUUID();
        UUID id = UUID.randomUUID();
        publish(new LicenseServerRegistered(
                server, "lic-stake", "pcoip", "https://stake-1:7071/request", null, "olga"));
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        var activated = new LicensesActivated(
                "CODE-" + id, server, "Agent-Session", 25, 25, 100, 25, Instant.parse("2030-01-01T00:00:00Z"), "olga");
        var event = UUID.randomUUID();
        for (int twice = 0; twice < 2; twice++) {
            EventPublisher.shared().publish(event, activated, noon);
        }
        publish(
                new LicensesReturned("CODE-" + id, server, "Agent-Session", 20, -5, 100, 20, "olga"),
                noon.plusSeconds(60));
        // told late, from before the return
        publish(activated, noon.plusSeconds(30));
        publish(new LicensesActivated(
                "LAST-" + id, server, "Agent-Session", 1, 1, 1, 1, Instant.parse("2030-01-01T00:00:00Z"), "olga"));
        stage.service.getBean(Estate.class).host(Stage.state(host, stage.lab.credential()));
        var deployment = new Deployment(
                id,
                "lic",
                "pcoip-license-server",
                List.of(new Deployment.Member(Stage.id("stake-1"), "main")),
                Map.of());
        Readings readings = stage.service.getBean(Readings.class);
        heard(
                "the server by its address",
                () -> readings.licenseServerOf(deployment).isPresent());
        assertThat(readings.licenseServerOf(deployment)).contains(server);
        Awaitility.await("the totals")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(readings.stakes(deployment, server))
                        .containsExactly(
                                new Stake(Stage.id("stake-1"), "lic-stake", "CODE-" + id, 20),
                                new Stake(Stage.id("stake-1"), "lic-stake", "LAST-" + id, 1)));
    }

    /** With two servers at one address nobody would know whose agents the outage concerns. */
    @Test
    void aLicenseServerThatWasReplacedIsNoLongerThatOfItsMachine() {
        LabHost host = stage.lab.addKeeper("replaced-1");
        UUID old = UUID.randomUUID();
        UUID fresh = UUID.randomUUID();
        stage.service.getBean(Estate.class).host(Stage.state(host, stage.lab.credential()));
        var members = List.of(new Deployment.Member(Stage.id("replaced-1"), "main"));
        var found = new Deployment(UUID.randomUUID(), "found", "pcoip-license-server", members, Map.of());
        var named = new Deployment(
                UUID.randomUUID(), "named", "pcoip-license-server", members, Map.of("licenseServerId", "lic-old"));
        Readings readings = stage.service.getBean(Readings.class);
        var address = "https://replaced-1:7071/request";
        publish(new LicenseServerRegistered(old, "lic-old", "pcoip", address, null, "olga"));
        heard("the first server", () -> readings.licenseServerOf(named).isPresent());
        assertThat(readings.licenseServerOf(found)).contains(old);
        publish(new LicenseServerRegistered(fresh, "lic-fresh", "pcoip", address, null, "olga"));
        heard("that there are two", () -> readings.licenseServerOf(found).isEmpty());

        publish(new LicenseServerRetired(old, "lic-old", "replaced", false, "ada"));

        heard("which one is left", () -> readings.licenseServerOf(found).isPresent());
        assertThat(readings.licenseServerOf(found)).contains(fresh);
        assertThat(readings.licenseServerOf(named)).isEmpty();
    }

    @Test
    void nothingIsLockedWhileNothingForbidsIt() {
        assertThat(stage.vera.get("/locks").is(200).body()).isEmpty();
    }
}
