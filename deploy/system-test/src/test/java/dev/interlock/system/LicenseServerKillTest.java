package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.LabHost;
import dev.interlock.lab.faults.Fault;
import dev.interlock.testkit.Clause;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of upgrade-service anywhere in the License Server's procedure: see {@link KilledAnywhere}. Also no license is lost or
 * doubled, and the administrator's password is given to each server just as often as in an undisturbed run (L43).
 */
class LicenseServerKillTest {
    @TempDir
    Path logs;

    @Test
    @Clause({"L43", "L50", "L51", "L52", "L86"})
    void killedAnywhereTheRunCompletesWithEachEffectOnceAndTheSameLicenses() throws Exception {
        new KilledAnywhere(
                        "pcoip-license-server",
                        i -> i % 2 == 0 ? "connected" : "older-paths",
                        "23.04",
                        40,
                        new KillPoint.Steps(
                                "check",
                                List.of("record", "install", "await", "compare"),
                                null,
                                Map.of("record", 2, "install", 3, "await", 2, "compare", 2),
                                Set.of("check", "record")))
                .completesWithEachEffectOnceAndTheSameStory(logs, new KilledAnywhere.Hosts() {
                    @Override
                    public void prepare(LabHost host, KillPoint point) {
                        if (point.step().equals("await")) {
                            host.fail(Fault.STUCK); // so that there is something to kill and to start (L86)
                        }
                    }

                    @Override
                    public void compare(LabHost calm, LabHost killed) {
                        assertThat(counts(killed))
                                .as("licenses of %s", killed.name())
                                .containsExactlyElementsOf(counts(calm));
                        assertThat(state(killed).get("rightPasswords"))
                                .as("passwords given to %s", killed.name())
                                .isEqualTo(state(calm).get("rightPasswords"));
                    }
                });
    }

    /** How many licenses each activation code has, in the order of the codes' last parts, which all servers share. */
    private static List<Object> counts(LabHost host) {
        return ((Map<?, ?>) Objects.requireNonNull(state(host).get("licenses")))
                .entrySet().stream()
                        .<Object>map(e -> e.getKey().toString().substring(5) + "=" + e.getValue())
                        .sorted()
                        .toList();
    }

    private static Map<?, ?> state(LabHost host) {
        return (Map<?, ?>) host.product().details(host.machine()).getOrDefault("licenseServer", Map.of());
    }
}
