package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.UpgradeEvent;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whole runs: REST, engine, SSH, a lab host's packages and services, events on Kafka. */
class RunOnLabTest {
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage(Map.of());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    static void eachEffectOnce(LabHost host, String web) {
        assertThat(host.count(Kind.STOP, web)).as("%s stopped", web).isEqualTo(1);
        assertThat(host.count(Kind.STOP, "guacd")).as("guacd stopped").isEqualTo(1);
        assertThat(host.count(Kind.UPGRADE, "kcm-guacamole"))
                .as("kcm-guacamole upgraded")
                .isEqualTo(1);
        assertThat(host.count(Kind.UPGRADE, "kcm-guacd"))
                .as("kcm-guacd upgraded")
                .isEqualTo(1);
        assertThat(host.count(Kind.START, web)).as("%s started", web).isEqualTo(1);
        assertThat(host.count(Kind.START, "guacd")).as("guacd started").isEqualTo(1);
    }

    static List<Kind> order(LabHost host) {
        var kinds = new ArrayList<Kind>();
        for (Effect e : host.effects()) {
            if (kinds.isEmpty() || kinds.getLast() != e.kind()) {
                kinds.add(e.kind());
            }
        }
        return kinds;
    }

    @Test
    @Clause({"K5", "K6", "K8", "K9", "K10"})
    void aHostIsStoppedUpgradedStartedAndProvenAndTheWorldHearsOfIt() {
        LabHost host = stage.lab.addKeeper("alpha-1");
        UUID deployment = stage.deployment(host);
        JsonNode plan = stage.plan(deployment, 1);
        stage.approve(plan);
        UUID run = stage.start(plan);
        JsonNode ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        assertThat(ended.at("/updatedNodes").asInt()).isEqualTo(1);
        eachEffectOnce(host, "guacamole");
        assertThat(order(host)).containsExactly(Kind.STOP, Kind.UPGRADE, Kind.START);
        assertThat(host.count(Kind.UPGRADE, "kcm")).isEqualTo(1);
        assertThat(host.count(Kind.UPGRADE, "keeper-guacamole-standalone")).isEqualTo(1);
        assertThat(host.console("curl -s http://127.0.0.1:8080/version; curl -s http://127.0.0.1:4822/version")
                        .out())
                .isEqualTo("1.5.0\n1.5.0\n");
        JsonNode checks = Stage.step(ended, "prove.alpha-1").at("/checks");
        assertThat(checks.findValuesAsText("name"))
                .containsExactly(
                        "package-versions", "process-guacamole", "process-guacd", "answers-guacamole", "answers-guacd");
        assertThat(checks.findValuesAsText("held")).containsOnly("true");

        var messages = KafkaProbe.shared()
                .await(
                        "interlock.upgrade.events.v1",
                        7,
                        m -> deployment.toString().equals(m.key()));
        assertThat(messages.stream().map(m -> m.header("ce_type")))
                .containsExactly(
                        "dev.interlock.upgrade.UpgradePlanned.v1",
                        "dev.interlock.upgrade.UpgradeApproved.v1",
                        "dev.interlock.upgrade.UpgradeStarted.v1",
                        "dev.interlock.upgrade.PreflightPassed.v1",
                        "dev.interlock.upgrade.NodeDrained.v1",
                        "dev.interlock.upgrade.NodeUpdated.v1",
                        "dev.interlock.upgrade.UpgradeCompleted.v1");
        UpgradeEvent last = new EventCodec()
                .parse(
                        UpgradeEvent.class,
                        messages.getLast().header("ce_type"),
                        Objects.requireNonNull(messages.getLast().value()).getBytes(StandardCharsets.UTF_8));
        assertThat(last).isInstanceOfSatisfying(UpgradeEvent.UpgradeCompleted.class, e -> {
            assertThat(e.postchecksHeld()).isEqualTo(5);
            assertThat(e.postchecksFailed()).isZero();
            assertThat(e.runId()).isEqualTo(run);
        });
    }

    @Test
    @Clause("K5")
    void aHostWithItsOwnTomcatHasTomcatStoppedAndStarted() {
        LabHost host = stage.lab.add("alpha-tomcat", "keeper-connection-manager", "tomcat", "x");
        UUID run = stage.upgrade(1, host);
        JsonNode ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        eachEffectOnce(host, "tomcat");
        assertThat(order(host)).containsExactly(Kind.STOP, Kind.UPGRADE, Kind.START);
    }

    @Test
    void manyHostsAreWorkedOnTogetherButNoMoreThanThePlanAllowsWithFewCommandsEach() {
        LabHost[] hosts = new LabHost[6];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = stage.lab.addKeeper("many-" + i);
        }
        var down = new AtomicInteger();
        var most = new AtomicInteger();
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDone done
                    && done.host().startsWith("many-")
                    && done.effect().subject().startsWith("guacd")) {
                if (done.effect().kind() == Kind.STOP) {
                    most.accumulateAndGet(down.incrementAndGet(), Math::max);
                } else if (done.effect().kind() == Kind.START) {
                    down.decrementAndGet();
                }
            }
        });
        UUID run = stage.upgrade(3, hosts);
        JsonNode ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        assertThat(most.get()).isBetween(2, 3);
        for (LabHost host : hosts) {
            eachEffectOnce(host, "guacamole");
            assertThat(host.commands()).as("commands to %s", host.name()).isEqualTo(5);
        }
    }

    @Test
    void theStoryIsFollowedLiveAndCanBeTakenUpAfterAnyEvent() {
        LabHost host = stage.lab.addKeeper("story-1");
        UUID run = stage.upgrade(1, host);
        List<String> all = stage.vera.follow(run, null);
        List<String> types = all.stream()
                .filter(l -> l.startsWith("event: "))
                .map(l -> l.substring(7))
                .toList();
        assertThat(types)
                .startsWith("UpgradeStarted", "StepRunning", "StepSucceeded", "PreflightPassed")
                .endsWith("NodeUpdated", "UpgradeCompleted");
        List<String> ids = all.stream()
                .filter(l -> l.startsWith("id: "))
                .map(l -> l.substring(4))
                .toList();
        assertThat(ids)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, ids.size())
                        .mapToObj(Integer::toString)
                        .toList());
        List<String> rest = stage.vera.follow(run, ids.get(ids.size() - 3));
        assertThat(rest.stream().filter(l -> l.startsWith("id: ")).map(l -> l.substring(4)))
                .containsExactlyElementsOf(ids.subList(ids.size() - 2, ids.size()));
        assertThat(stage.vera.follow(run, ids.getLast()).stream().filter(l -> l.startsWith("id: ")))
                .isEmpty();
    }

    @Test
    void aPauseLetsTheHostFinishAndResumeGoesOnWithTheNext() throws InterruptedException {
        LabHost first = stage.lab.addKeeper("pause-1");
        LabHost second = stage.lab.addKeeper("pause-2");
        var installing = new CountDownLatch(1);
        var paused = new CountDownLatch(1);
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDue due
                    && due.host().equals("pause-1")
                    && due.effect().kind() == Kind.UPGRADE) {
                installing.countDown();
                await(paused);
            }
        });
        UUID run = stage.upgrade(1, first, second);
        assertThat(installing.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stage.olga.wish("/runs/" + run + "/pause", "lunch").is(202).text("/status"))
                .isEqualTo("pausing");
        paused.countDown();
        stage.await(run, "paused");
        assertThat(order(first)).containsExactly(Kind.STOP, Kind.UPGRADE, Kind.START);
        assertThat(second.effects()).isEmpty();
        stage.olga.wish("/runs/" + run + "/pause", "again").is(409);
        stage.olga.wish("/runs/" + run + "/resume", "back").is(202);
        stage.await(run, "completed");
        eachEffectOnce(first, "guacamole");
        eachEffectOnce(second, "guacamole");
    }

    @Test
    void anAbortEndsTheRunAtTheSafePointAndFreesTheDeployment() throws InterruptedException {
        LabHost first = stage.lab.addKeeper("abort-1");
        LabHost second = stage.lab.addKeeper("abort-2");
        var stopping = new CountDownLatch(1);
        var aborted = new CountDownLatch(1);
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDue due
                    && due.host().equals("abort-1")
                    && due.effect().kind() == Kind.STOP) {
                stopping.countDown();
                await(aborted);
            }
        });
        UUID deployment = stage.deployment(first, second);
        JsonNode plan = stage.plan(deployment, 1);
        JsonNode other = stage.plan(deployment, 1);
        stage.approve(plan);
        stage.approve(other);
        UUID run = stage.start(plan);
        assertThat(stopping.await(30, TimeUnit.SECONDS)).isTrue();
        var busy = stage.olga
                .post(
                        "/runs",
                        Api.JSON
                                .createObjectNode()
                                .put("planId", other.at("/id").asText()))
                .is(409);
        assertThat(busy.text("/type")).isEqualTo("/problems/deployment-busy");
        assertThat(busy.text("/runId")).isEqualTo(run.toString());
        stage.olga.wish("/runs/" + run + "/abort", "wrong day").is(202);
        aborted.countDown();
        stage.await(run, "aborted");
        assertThat(order(first)).containsExactly(Kind.STOP, Kind.UPGRADE, Kind.START);
        assertThat(second.effects()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("waited for nothing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
