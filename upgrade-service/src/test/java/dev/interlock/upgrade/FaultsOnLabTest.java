package dev.interlock.upgrade;

import static dev.interlock.upgrade.RunOnLabTest.eachEffectOnce;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.Clause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each fault shows its own true reason and stops its own host only; healed and retried, the run ends with each effect once. */
class FaultsOnLabTest {
    private static Stage stage;
    private @Nullable LabHost host;
    private UUID run = UUID.randomUUID();

    @BeforeAll
    static void open() {
        stage = new Stage(Map.of(
                "interlock.ssh.connect", "2s", "interlock.ssh.handshake", "2s", "interlock.ssh.keep-alive", "1s"));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    /** Runs a good host beside the bad one; answers with what the bad one's step says. */
    private JsonNode failedStep(String name, Consumer<LabHost> before) {
        LabHost bad = stage.lab.addKeeper(name);
        host = bad;
        LabHost good = stage.lab.addKeeper(name + "-good");
        UUID deployment = stage.deployment(bad, good);
        before.accept(bad);
        JsonNode plan = stage.plan(deployment, 2);
        stage.approve(plan);
        run = stage.start(plan);
        JsonNode ended = stage.await(run, "failed", "completed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("failed");
        assertThat(ended.at("/updatedNodes").asInt())
                .as("the other host goes on: %s", ended)
                .isEqualTo(1);
        eachEffectOnce(good, "guacamole");
        assertThat(waiting())
                .as("the failed step waits for an operator")
                .containsExactly("failed-step operator " + name);
        return Stage.step(ended, Stage.failed(ended));
    }

    /** What stands still in the run until a person acts. */
    private List<String> waiting() {
        var found = new ArrayList<String>();
        stage.vera.get("/activity").is(200).body().at("/waiting").forEach(each -> {
            if (each.at("/runId").asText().equals(run.toString())) {
                found.add(each.at("/kind").asText() + " " + each.at("/role").asText() + " "
                        + each.at("/host").asText());
            }
        });
        return found;
    }

    private LabHost host() {
        return Objects.requireNonNull(host);
    }

    private void healAndRetry(JsonNode step) {
        host().heal();
        retry(step);
        eachEffectOnce(host(), "guacamole");
    }

    private void retry(JsonNode step) {
        stage.olga
                .wish("/runs/" + run + "/steps/" + step.at("/stepId").asText() + "/retry", "healed")
                .is(202);
        JsonNode ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        assertThat(ended.at("/updatedNodes").asInt()).isEqualTo(2);
        assertThat(waiting()).isEmpty();
    }

    private static String code(JsonNode step) {
        return step.at("/stepId").asText().replaceAll("\\..*", "") + " "
                + step.at("/failure/code").asText();
    }

    private static String reason(JsonNode step) {
        return step.at("/failure/reason").asText();
    }

    /** As soon as a step of this kind is about to have its effect. */
    private void when(String name, Kind kind, Runnable then) {
        var once = new AtomicBoolean();
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDone done
                    && done.host().equals(name)
                    && done.effect().kind() == kind
                    && once.compareAndSet(false, true)) {
                then.run();
            }
        });
    }

    @Test
    void aHostThatRefusesConnectionsIsUnreachable() {
        JsonNode step = failedStep("refuse-1", bad -> bad.fail(Fault.REFUSE));
        assertThat(code(step)).isEqualTo("check unreachable");
        assertThat(reason(step)).startsWith("refuse-1 cannot be reached: ");
        healAndRetry(step);
    }

    @Test
    void aFrozenHostIsSaidToHang() {
        JsonNode step = failedStep("hang-1", bad -> bad.fail(Fault.HANG));
        assertThat(code(step)).isEqualTo("check host-hangs");
        assertThat(reason(step)).startsWith("hang-1 accepts connections but does not answer");
        healAndRetry(step);
    }

    @Test
    void anotherHostKeyStopsEverythingForThatHost() {
        JsonNode step = failedStep("key-1", bad -> bad.fail(Fault.HOSTKEY));
        assertThat(code(step)).isEqualTo("check host-key-changed");
        assertThat(reason(step))
                .contains("another SSH host key than the pinned one")
                .endsWith("Nothing was sent to it.");
        assertThat(host().commands()).isZero();
        healAndRetry(step);
    }

    @Test
    void aRefusedCredentialIsTriedOnce() {
        JsonNode step = failedStep("auth-1", bad -> bad.fail(Fault.AUTH));
        assertThat(code(step)).isEqualTo("check credential-refused");
        assertThat(reason(step))
                .contains("does not accept credential lab for user interlock")
                .endsWith("It was tried once.");
        healAndRetry(step);
    }

    @Test
    void aFullDiskIsFoundBeforeAnythingIsStopped() {
        JsonNode step = failedStep("disk-1", bad -> bad.fail(Fault.DISK));
        assertThat(code(step)).isEqualTo("check disk-full");
        assertThat(reason(step)).contains("The disk of disk-1 is full");
        assertThat(host().effects()).isEmpty();
        healAndRetry(step);
    }

    @Test
    void aDiskThatFillsUpInTheMiddleIsSaid() {
        when("disk-2", Kind.STOP, () -> host().fail(Fault.DISK));
        JsonNode step = failedStep("disk-2", bad -> {});
        assertThat(code(step)).isIn("stop disk-full", "install disk-full");
        assertThat(reason(step)).contains("The disk of disk-2 is full");
        healAndRetry(step);
    }

    @Test
    @Clause("K8")
    void aPackageThatRefusesToInstallIsNamedWithWhatItSaid() {
        JsonNode step = failedStep("badrpm-1", bad -> bad.fail(Fault.BADRPM));
        assertThat(code(step)).isEqualTo("install package-script");
        assertThat(reason(step)).contains("pre-installation script of kcm").contains("failed on badrpm-1");
        assertThat(host().effects().stream().filter(e -> e.kind() == Kind.START))
                .isEmpty();
        healAndRetry(step);
    }

    @Test
    @Clause({"K9", "K10"})
    void aServiceThatDiesASecondAfterItsStartIsNoSuccess() {
        JsonNode step = failedStep("badsvc-1", bad -> bad.fail(Fault.BADSVC));
        assertThat(code(step)).isEqualTo("start service-died");
        assertThat(reason(step)).contains("died within 1.5 s").contains("guacd is failed");
        host().heal();
        retry(step);
        assertThat(host().console("rpm -q --qf '%{VERSION}-%{RELEASE}' kcm-guacd")
                        .out())
                .isEqualTo("1.5.0-1.el9");
        assertThat(host().count(Kind.UPGRADE, "kcm-guacd")).isEqualTo(1);
    }

    @Test
    void aRepositoryThatAnswers404IsNamed() {
        JsonNode step = failedStep("repo-1", bad -> bad.fail(Fault.REPO404));
        assertThat(code(step)).isEqualTo("install repository");
        assertThat(reason(step)).contains("404");
        healAndRetry(step);
    }

    @Test
    void whoHoldsThePackageManagersLockIsNamedBeforeAnythingIsStopped() {
        JsonNode step = failedStep("lock-1", bad -> bad.fail(Fault.DNFLOCK));
        assertThat(code(step)).isEqualTo("check package-manager-locked");
        assertThat(reason(step))
                .containsPattern("locked by process \\d+ \\(sleep\\), which holds /var/cache/dnf/metadata_lock.pid");
        assertThat(host().effects()).isEmpty();
        healAndRetry(step);
    }

    @Test
    void aConnectionThatIsCutInTheMiddleOfTheInstallationNeitherStopsNorRepeatsIt() {
        LabHost cut = stage.lab.addKeeper("drop-1");
        when("drop-1", Kind.UPGRADE, () -> cut.fail(Fault.DROP, "#1"));
        // the commands to come are cut once each: the one that starts the services
        run = stage.upgrade(1, cut);
        JsonNode ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        eachEffectOnce(cut, "guacamole");
    }

    @Test
    void powerLossInTheMiddleOfATransactionLeavesDuplicatesWhichTheRetryRepairs() {
        LabHost crashing = stage.lab.addKeeper("crash-1");
        when("crash-1", Kind.UPGRADE, () -> crashing.fail(Fault.CRASH, "reset"));
        run = stage.upgrade(1, crashing);
        JsonNode ended = stage.await(run, "failed", "completed");
        JsonNode step = Stage.step(ended, "install.crash-1");
        assertThat(code(step)).isIn("install unreachable", "install connection-lost");
        crashing.heal();
        stage.olga
                .wish("/runs/" + run + "/steps/install.crash-1/retry", "power is back")
                .is(202);
        ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        assertThat(crashing.console("rpm -qa 'kcm*' --qf '%{VERSION}\\n' | sort | uniq")
                        .out()
                        .strip())
                .isEqualTo("1.5.0");
        assertThat(crashing.count(Kind.UPGRADE, "kcm-guacd")).isEqualTo(1);
    }

    @Test
    void aHostThatLostPowerAndCameBackByItselfIsFoundCutOff() {
        LabHost crashing = stage.lab.addKeeper("crash-2");
        when("crash-2", Kind.UPGRADE, () -> {
            crashing.fail(Fault.CRASH, "reset");
            crashing.heal();
        });
        run = stage.upgrade(1, crashing);
        JsonNode ended = stage.await(run, "failed", "completed");
        JsonNode step = Stage.step(ended, "install.crash-2");
        assertThat(code(step)).isEqualTo("install interrupted");
        assertThat(reason(step)).contains("cut off in the middle").contains("installed twice (1.4.0 and 1.5.0)");
        stage.olga
                .wish("/runs/" + run + "/steps/install.crash-2/retry", "power is back")
                .is(202);
        assertThat(stage.await(run, "completed", "failed").at("/status").asText())
                .isEqualTo("completed");
        assertThat(crashing.count(Kind.UPGRADE, "kcm-guacd")).isEqualTo(1);
    }
}
