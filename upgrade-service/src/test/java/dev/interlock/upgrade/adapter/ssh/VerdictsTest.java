package dev.interlock.upgrade.adapter.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Estate;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Step;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What hosts answered, word for word where it comes from a real dnf 4.14, rpm or systemd 252, and what is made of it. */
class VerdictsTest {
    private static final Plan PLAN = Estate.plan(1, 1);
    private static final String GOOD_PACKAGES = """
            @@pkg kcm-guacamole 1.5.0 1.el9 1795207758
            @@pkg kcm-guacd 1.5.0 1.el9 1795207758
            """;
    private static final String OLD_PACKAGES = """
            @@pkg kcm-guacamole 1.4.0 1.el9 1795206088
            @@pkg kcm-guacd 1.4.0 1.el9 1795206088
            """;

    private static StepOutcome judged(String step, String out, String err, int exit) {
        Step of = PLAN.steps().filter(s -> s.id().equals(step)).findFirst().orElseThrow();
        var order = new StepOrder(Estate.id("run"), of, Estate.host("web-1"), 1, Estate.NOON, false, Map.of());
        return Verdicts.of(order, new CommandResult(exit, out, err, false, Duration.ofSeconds(1)), Estate.NOON);
    }

    private static Failure failure(String step, String out) {
        return Objects.requireNonNull(
                judged(step, out + "@@at end 9.5\n", "", 0).failure());
    }

    private static String unit(String name, String state, String started) {
        return "MainPID=35\nNRestarts=0\nExecMainStartTimestamp=" + started + "\nResult=success\nId=" + name
                + ".service\nLoadState=loaded\nActiveState=" + state + "\nSubState=running\n";
    }

    private static String installed(String rc, String said, String packages) {
        return "@@at observe 1.0\n@@at act 2.0\n@@claimed\n@@rc " + rc + "\n@@out\n" + said + "@@end\n@@at verify 4.5\n"
                + packages;
    }

    @Test
    void phasesAreTimedByTheHostsOwnClock() {
        StepOutcome outcome =
                judged("install.web-1", installed("0", "Complete!\n", GOOD_PACKAGES) + "@@at end 4.75\n", "", 0);
        assertThat(outcome.failure()).isNull();
        assertThat(outcome.phases())
                .containsEntry("observe", 1.0)
                .containsEntry("act", 2.5)
                .containsEntry("verify", 0.25);
        assertThat(outcome.output()).isEqualTo("Complete!\n");
    }

    @Test
    @Clause({"K7", "K10"})
    void aProcessThatIsOlderThanItsPackagesHasNotTakenTheUpgradeUp() {
        String units = "@@units\n" + unit("guacamole", "active", "Fri 2026-11-20 20:48:55 UTC") + "\n"
                + unit("guacd", "active", "Fri 2026-11-20 20:49:20 UTC") + "@@end\n";
        Failure failure = failure("prove.web-1", "@@at look 1.0\n" + GOOD_PACKAGES + units);
        assertThat(failure.reason()).isEqualTo("old-process");
        assertThat(failure.sentence())
                .startsWith("guacamole on web-1 still runs what was there before the upgrade (K7): ")
                .contains("started 2026-11-20T20:48:55Z, packages installed 2026-11-20T20:49:18Z");
    }

    @Test
    @Clause("K10")
    void aServiceThatAnswersWithTheOldVersionIsNoProof() {
        String units = "@@units\n" + unit("guacamole", "active", "Fri 2026-11-20 20:49:30 UTC") + "\n"
                + unit("guacd", "active", "Fri 2026-11-20 20:49:30 UTC") + "@@end\n";
        Failure failure = failure(
                "prove.web-1",
                "@@at look 1.0\n" + GOOD_PACKAGES + units + "@@url guacamole\n1.4.0\n\n@@url guacd\n<html>\n");
        assertThat(failure.sentence()).isEqualTo("guacamole on web-1 answers with version 1.4.0, not 1.5.0.");
    }

    @Test
    @Clause("K10")
    void onePackageLeftBehindIsNoProof() {
        Failure failure =
                failure("prove.web-1", "@@at look 1.0\n" + GOOD_PACKAGES.replace("kcm-guacd 1.5.0", "kcm-guacd 1.4.0"));
        assertThat(failure.reason()).isEqualTo("wrong-version");
        assertThat(failure.sentence()).contains("kcm-guacd is 1.4.0, not 1.5.0");
    }

    @Test
    @Clause("K8")
    void aReleaseThatTheRepositoryDoesNotOfferIsSaidAlsoWhenDnfSucceeds() {
        Failure failure = failure(
                "install.web-1",
                installed("0", "No match for argument: kcm-guacd-1.5.0\nNothing to do.\nComplete!\n", OLD_PACKAGES));
        assertThat(failure.reason()).isEqualTo("not-offered");
        assertThat(failure.sentence())
                .startsWith("The repositories of web-1 do not offer kcm-guacd-1.5.0; installed: ");
    }

    @Test
    void anotherUserOfRpmsLockIsSaid() {
        Failure failure = failure(
                "install.web-1",
                installed(
                        "1",
                        "Running transaction\nRPM: error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Resource temporarily"
                                + " unavailable)\nError: Could not run transaction.\n",
                        OLD_PACKAGES));
        assertThat(failure.reason()).isEqualTo("rpm-locked");
    }

    @Test
    void whoHoldsDnfsLockIsNamedFromDnfsOwnWords() {
        Failure failure = failure(
                "install.web-1",
                installed(
                        "200",
                        "metadata already locked by 57\n  The application with PID 57 is: sleep\n",
                        OLD_PACKAGES));
        assertThat(failure.sentence()).isEqualTo("The package manager of web-1 is locked by process 57 (sleep).");
    }

    @Test
    void aTransactionThatWasCutOffIsSaidWithWhatIsThereTwice() {
        Failure failure = failure(
                "install.web-1",
                installed(
                        "",
                        "Running transaction\n",
                        OLD_PACKAGES + GOOD_PACKAGES.lines().skip(1).findFirst().orElseThrow() + "\n"));
        assertThat(failure.reason()).isEqualTo("interrupted");
        assertThat(failure.sentence()).contains("kcm-guacd is installed twice (1.4.0 and 1.5.0)");
    }

    @Test
    void aTransactionWhoseEndNobodySawIsJudgedByWhatIsInstalled() {
        assertThat(judged("install.web-1", installed("", "", GOOD_PACKAGES) + "@@at end 9.0\n", "", 0)
                        .failure())
                .isNull();
    }

    @Test
    void anUnknownEndOfThePackageManagerQuotesItsLastLine() {
        Failure failure = failure("install.web-1", installed("1", "Error: GPG check FAILED\n", OLD_PACKAGES));
        assertThat(failure.reason()).isEqualTo("exit-1");
        assertThat(failure.sentence())
                .isEqualTo("The package manager on web-1 ended with exit status 1: Error: GPG check FAILED.");
    }

    @Test
    void missingRightsAreSaid() {
        StepOutcome outcome = judged("check.web-1", "", "sudo: a password is required\n", 1);
        assertThat(Objects.requireNonNull(outcome.failure()).sentence())
                .isEqualTo("User root may not use sudo without a password on web-1: sudo: a password is required.");
    }

    @Test
    void anEarlierAttemptThatIsStillAtWorkIsNotJoinedByAnother() {
        StepOutcome outcome = judged("install.web-1", "@@at observe 1.0\n@@still-running 4711\n", "", 0);
        assertThat(Objects.requireNonNull(outcome.failure()).sentence()).endsWith("is still going on as process 4711.");
    }

    @Test
    void aHostThatChangedSinceThePlanIsLeftAlone() {
        Failure failure = failure(
                "check.web-1", "@@at look 1.0\n@@writable\n@@df tmpfs 262144 2128 260016 1% /\n" + GOOD_PACKAGES);
        assertThat(failure.reason()).isEqualTo("changed-since-plan");
        assertThat(failure.sentence()).contains("kcm-guacd is 1.5.0, not 1.4.0");
    }
}
