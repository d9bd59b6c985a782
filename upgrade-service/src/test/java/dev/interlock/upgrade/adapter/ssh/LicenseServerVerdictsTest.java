package dev.interlock.upgrade.adapter.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Estate;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Findings;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a license server's host may answer, and the sentence that is made of it. */
class LicenseServerVerdictsTest {
    private static final String UNIT = "flexnetls-TERADICI";
    private static final Map<String, String> NEW = Map.of("pcoip-license-server", "23.04");
    private static final Action AWAIT = new LicenseServerAction.AwaitHealth(UNIT, NEW, Duration.ofMinutes(3));

    private static StepOutcome judged(Action action, Map<String, String> found, String out) {
        var step = new Step(
                "some.web-1",
                "Some",
                List.of(),
                Estate.host("web-1").id(),
                action,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                "",
                "",
                Step.OnFailure.STOP_AND_ASK,
                false);
        var order = new StepOrder(Estate.id("run"), step, Estate.host("web-1"), 1, Estate.NOON, false, found);
        return Verdicts.of(
                order, new CommandResult(0, out + "@@at end 9.5\n", "", false, Duration.ofSeconds(1)), Estate.NOON);
    }

    private static Failure failure(Action action, String out) {
        return Objects.requireNonNull(judged(action, Map.of(), out).failure());
    }

    private static String unhealthy(String state, String health, String log) {
        return "@@at observe 1.0\n@@port 7070\n@@curl 7\n@@waited 180\n@@block health\n" + health
                + "\n@@end\n@@at verify 8.0\n@@units\nId=" + UNIT + ".service\nLoadState=loaded\nActiveState=" + state
                + "\nResult=success\n@@end\n@@block log\n" + log + "@@end\n";
    }

    @Test
    @Clause("L84")
    void anyConnectionCheckButSuccessIsDownWhateverTheRootKey() {
        String good = "{\"LLS\":{\"database\":{ \"connectionCheck\" : \"success\" }}}";
        assertThat(judged(AWAIT, Map.of(), unhealthy("active", good, "")).failure())
                .isNull();
        assertThat(judged(AWAIT, Map.of(), unhealthy("active", good.replace("LLS", "GLS"), ""))
                        .failure())
                .isNull();
        assertThat(failure(AWAIT, unhealthy("active", good.replace("success", "failure"), ""))
                        .reason())
                .isEqualTo("database-not-connected");
    }

    @Test
    @Clause("L87")
    void firstWhetherItIsActiveThenWhetherItsPortIsOpen() {
        assertThat(failure(AWAIT, unhealthy("failed", "", "x\n")).reason()).isEqualTo("service-does-not-start");
        assertThat(failure(AWAIT, unhealthy("active", "", "x\n")).reason()).isEqualTo("port-closed");
    }

    @Test
    @Clause("L89")
    void thatComplianceCannotBeReachedIsNeverShownAsTheReason() {
        String log =
                "ERROR Disk quota exceeded\nERROR Unable to connect to compliance.teradici.flexnetoperations.com\n";
        assertThat(failure(AWAIT, unhealthy("failed", "", log)).sentence())
                .contains("its log ends with: ERROR Disk quota exceeded")
                .doesNotContain("compliance");
    }

    @Test
    @Clause("L90")
    void anUnreachableNetworkIsTheFirewallAnUnknownNameIsDnsAndNoLogIsSaid() {
        assertThat(failure(AWAIT, unhealthy("active", "", "WARN Network is unreachable\n"))
                        .sentence())
                .contains("look at the firewall (L90)");
        assertThat(failure(AWAIT, unhealthy("active", "", "WARN ls: Name or service unknown\n"))
                        .sentence())
                .contains("look at the DNS (L90)");
        assertThat(failure(AWAIT, unhealthy("active", "", "")).sentence()).contains("there is no log at all");
    }

    @Test
    @Clause("L91")
    void whereLicensesAreGoneTheReaderIsToldWhereAnAgentWithoutOneIsLookedAfter() {
        var compare = new LicenseServerAction.CompareLicenses("ls", UNIT, NEW);
        StepOutcome outcome = judged(
                compare,
                Map.of(Findings.LICENSES, "Agent-Session 2027-11-21=25", Findings.SERVER_ID, "123A4BCD-56F7"),
                """
                @@at act 1.0
                @@rc 0
                @@out
                @@end
                @@today 2026-11-21
                @@block licenses
                Type Expiration
                ==========
                Total number of features : 0
                @@end
                @@block id
                VM_UUID (123A4BCD-56F7)
                @@end
                @@pkg pcoip-license-server 23.04 1.el8 1795207758
                """);
        Failure failure = Objects.requireNonNull(outcome.failure());
        assertThat(failure.reason()).isEqualTo("licenses-changed");
        assertThat(failure.next()).contains("look at its URL, then its port, then this pool (L91)");
        assertThat(outcome.checks().stream().map(c -> c.name() + " " + c.held()))
                .containsExactly("package-version true", "server-id true", "licenses-unchanged false");
    }

    @Test
    @Clause({"L43", "L88"})
    void theServersOwnWordsAreTold() {
        var record = new LicenseServerAction.RecordLicenses("ls", UNIT, NEW);
        assertThat(failure(record, listed("ERROR: Too many failed logins")).reason())
                .isEqualTo("administrator-locked-out");
        assertThat(failure(record, listed("ERROR: Invalid password")).reason()).isEqualTo(SshHostWork.PASSWORD_REFUSED);
        assertThat(failure(record, listed("FNE License Server has not been configured for HTTPS"))
                        .reason())
                .isEqualTo("no-certificates");
        assertThat(failure(record, listed("ERROR: Connection to server failed or refused"))
                        .reason())
                .isEqualTo("not-answering");
        assertThat(failure(record, listed("Traceback (most recent call last)")).reason())
                .isEqualTo("list-failed");
    }

    private static String listed(String said) {
        return "@@at act 1.0\n@@rc 1\n@@out\n" + said + "\n@@end\n";
    }
}
