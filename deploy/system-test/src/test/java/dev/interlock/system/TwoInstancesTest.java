package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.upgrade.UpgradeService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances of upgrade-service on one database, with the settings of an installation. Four runs go on at once; in their middle
 * an instance that carries some gets SIGKILL. The other takes them over within 30 seconds, and no step has acted twice.
 */
class TwoInstancesTest {
    private static final Duration PROMISED = Duration.ofSeconds(30);
    private static final int RUNS = 4;
    private static final int HOSTS_A_RUN = 3;

    @TempDir
    Path logs;

    @Test
    void noStepActsTwiceAndTheSurvivorTakesOverInTime() throws Exception {
        try (var servers = PrivateInfrastructure.start();
                var lab = Lab.builder().timeScale(5).start()) {
            for (int run = 0; run < RUNS; run++) {
                for (int i = 0; i < HOSTS_A_RUN; i++) {
                    lab.add("web-" + run + "-" + i, "keeper-connection-manager", "standalone", "site-" + run);
                }
            }
            var properties = ServiceUnderTest.properties("upgrade", servers);
            properties.put("interlock.credentials.dir", lab.credentials().toString());
            try (var first = new ServiceProcess(UpgradeService.class, properties, logs.resolve("first.log")).start();
                    var second =
                            new ServiceProcess(UpgradeService.class, properties, logs.resolve("second.log")).start();
                    var inventory = new InventoriedLab(lab, servers)) {
                first.awaitReady();
                second.awaitReady();
                // Two doors to one house: what one was told the other knows.
                var doors = List.of(rest(first), rest(second));
                var runs = new ArrayList<String>();
                var upgraded = new AtomicInteger();
                lab.onCommand(moment -> {
                    if (moment instanceof Moment.EffectDone done
                            && done.effect().kind() == Kind.UPGRADE) {
                        upgraded.incrementAndGet();
                    }
                });
                for (int run = 0; run < RUNS; run++) {
                    runs.add(Upgrade.start(doors.get(run % 2), inventory.deployment("site-" + run), "1.5.0", 1));
                }
                await("in the middle of the upgrades")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> upgraded.get() >= RUNS);
                var victim = carrying(doors.get(0), runs, first).isEmpty() ? second : first;
                var survivor = victim == first ? second : first;
                Rest rest = rest(survivor);
                var orphaned = carrying(rest, runs, victim);
                assertThat(orphaned).as("runs that lose their carrier").isNotEmpty();
                long killedAt = System.nanoTime();
                assertThat(victim.kill()).isTrue();
                var took = new AtomicLong();
                await("the survivor carries the orphaned runs")
                        .atMost(PROMISED)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> {
                            took.set(System.nanoTime() - killedAt);
                            return carrying(rest, orphaned, victim).isEmpty();
                        });
                System.out.printf("takeover of %d of %d runs after %.1f s%n", orphaned.size(), RUNS, took.get() / 1e9);
                await("all runs complete")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> runs.stream().allMatch(run -> {
                            var status = rest.get("/runs/" + run)
                                    .accepted()
                                    .get("status")
                                    .asText();
                            assertThat(status).isIn("queued", "running", "completed");
                            return status.equals("completed");
                        }));
                for (int run = 0; run < RUNS; run++) {
                    for (int i = 0; i < HOSTS_A_RUN; i++) {
                        eachEffectOnce(lab.host("web-" + run + "-" + i));
                    }
                }
                for (String run : runs) {
                    assertThat(story(new RunEvents(servers), run))
                            .as("run %s", run)
                            .isEqualTo(expected());
                }
            }
        }
    }

    private static Rest rest(ServiceProcess instance) {
        return new Rest(instance.uri(), TestTokens.token("pat", "operator"));
    }

    private static Set<String> carrying(Rest rest, Iterable<String> runs, ServiceProcess instance) {
        var carried = new HashSet<String>();
        for (String run : runs) {
            var answer = rest.get("/runs/" + run).accepted();
            if (instance.isInstance(answer.path("carriedBy").asText())) {
                carried.add(run);
            }
        }
        return carried;
    }

    private static void eachEffectOnce(LabHost host) {
        for (String unit : List.of("guacamole", "guacd")) {
            assertThat(host.count(Kind.STOP, unit))
                    .as("%s: %s stopped", host.name(), unit)
                    .isEqualTo(1);
            assertThat(host.count(Kind.START, unit))
                    .as("%s: %s started", host.name(), unit)
                    .isEqualTo(1);
        }
        for (String name : List.of("kcm", "kcm-guacamole", "kcm-guacd", "keeper-guacamole-standalone")) {
            assertThat(host.count(Kind.UPGRADE, name))
                    .as("%s: %s upgraded", host.name(), name)
                    .isEqualTo(1);
        }
    }

    /** How often the world was told what. */
    private static Map<String, Integer> story(RunEvents events, String run) throws Exception {
        var told = new HashMap<String, Integer>();
        events.of(run).forEach(event -> told.merge(event.type(), 1, Integer::sum));
        return told;
    }

    private static Map<String, Integer> expected() {
        var expected = new HashMap<String, Integer>(Map.of("UpgradeStarted", 1, "UpgradeCompleted", 1));
        IntStream.range(0, HOSTS_A_RUN)
                .forEach(host -> List.of("PreflightPassed", "NodeDrained", "NodeUpdated")
                        .forEach(type -> expected.merge(type, 1, Integer::sum)));
        return expected;
    }
}
