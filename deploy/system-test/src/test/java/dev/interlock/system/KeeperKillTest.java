package dev.interlock.system;

import dev.interlock.testkit.Clause;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of upgrade-service anywhere in the Keeper procedure: see {@link KilledAnywhere}. */
class KeeperKillTest {
    @TempDir
    Path logs;

    @Test
    @Clause({"K5", "K8", "K9", "K10"})
    void killedAnywhereTheRunCompletesWithEachEffectOnceAndTheSameStory() throws Exception {
        new KilledAnywhere(
                        "keeper-connection-manager",
                        i -> i % 2 == 0 ? "standalone" : "tomcat",
                        "1.5.0",
                        20,
                        new KillPoint.Steps(
                                "check",
                                List.of("stop", "install", "start"),
                                "prove",
                                Map.of("stop", 2, "install", 2, "start", 2),
                                Set.of("check")))
                .completesWithEachEffectOnceAndTheSameStory(logs, new KilledAnywhere.Hosts() {});
    }
}
