package dev.interlock.upgrade.adapter.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Estate;
import dev.interlock.upgrade.domain.Host;
import dev.interlock.upgrade.domain.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostScriptsTest {
    private final HostScripts scripts = new HostScripts("/var/lib/interlock/jobs");

    private String script(String step, Host host, int attempt) {
        Step of = Estate.plan(1, 1)
                .steps()
                .filter(s -> s.id().equals(step))
                .findFirst()
                .orElseThrow();
        return scripts.script(
                new StepOrder(Estate.id("run"), of, host, attempt, Estate.NOON, false, Map.of()),
                attempt > 1,
                Duration.ofMinutes(5));
    }

    @Test
    @Clause("K8")
    void thePackageManagerIsGivenExactlyThePackagesAndVersionsOfThePlan() {
        assertThat(script("install.web-1", Estate.host("web-1"), 1))
                .containsPattern("pm upgrade \\S*kcm-guacamole-1\\.5\\.0\\S* \\S*kcm-guacd-1\\.5\\.0\\S*\\n");
    }

    @Test
    void anEffectIsClaimedUnderRunStepAndAttemptAndARetryKnowsTheOnesBeforeIt() {
        String claim = Estate.id("run") + ".install.web-1.";
        assertThat(script("install.web-1", Estate.host("web-1"), 3))
                .contains("job '" + claim + "3'")
                .contains(claim + "1 " + claim + "2");
    }

    @Test
    void whoIsNotRootGoesThroughSudoAndNeverWaitsForAPassword() {
        Host h = Estate.host("web-1");
        var host = new Host(
                h.id(),
                h.name(),
                h.address(),
                h.port(),
                "ops",
                h.credential(),
                h.hostKey(),
                h.status(),
                h.packages(),
                h.units());
        assertThat(script("stop.web-1", host, 1)).startsWith("exec sudo -n sh -c '");
        assertThat(script("stop.web-1", h, 1)).doesNotContain("sudo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"guacd; reboot", "guacd'", "$(reboot)", "a b", "`id`", ""})
    void nothingButANameGetsIntoAScript(String unit) {
        Step of = Estate.plan(1, 1)
                .steps()
                .filter(s -> s.id().equals("stop.web-1"))
                .findFirst()
                .orElseThrow();
        var bad = new Step(
                of.id(),
                of.title(),
                of.clauses(),
                of.hostId(),
                new Action.StopServices(List.of(unit)),
                of.expected(),
                of.max(),
                of.before(),
                of.after(),
                of.onFailure(),
                of.safeAfter());
        assertThatThrownBy(() -> scripts.script(
                        new StepOrder(Estate.id("run"), bad, Estate.host("web-1"), 1, Estate.NOON, false, Map.of()),
                        false,
                        Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
