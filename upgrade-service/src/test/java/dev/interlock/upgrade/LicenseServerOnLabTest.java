package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.product.PcoipLicenseServer;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole runs of the License Server's procedure: REST, engine, SSH, a lab host's commands, package and port, events on Kafka. */
class LicenseServerOnLabTest {
    private static final String UNIT = "flexnetls-TERADICI";
    private static final String PACKAGE = "pcoip-license-server";
    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = LicenseServers.stage(Map.of());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    /** What was done to it, but for log-ins. */
    private static List<String> changes(LabHost host) {
        return host.effects().stream()
                .filter(e -> e.kind() != Kind.LOGIN)
                .map(e -> e.kind() + " " + e.subject())
                .toList();
    }

    private static void onceEach(LabHost host) {
        assertThat(changes(host))
                .containsExactly("STOP " + UNIT + ".service", "UPGRADE " + PACKAGE, "START " + UNIT + ".service");
    }

    private static JsonNode completed(UUID run) {
        JsonNode ended = stage.await(run, "completed", "failed", "paused");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        return ended;
    }

    private static JsonNode failed(UUID run, String code) {
        JsonNode ended = stage.await(run, "failed", "completed", "paused");
        JsonNode step = Stage.step(ended, Stage.failed(ended));
        assertThat(step.at("/failure/code").asText()).as("%s", step).isEqualTo(code);
        return step;
    }

    private static String reason(JsonNode step) {
        return step.at("/failure/reason").asText();
    }

    private static UUID upgrade(LabHost... hosts) {
        return LicenseServers.upgrade(stage, LicenseServers.deployment(stage, Map.of(), hosts));
    }

    private static void retry(UUID run, JsonNode step) {
        stage.olga
                .wish("/runs/" + run + "/steps/" + step.at("/stepId").asText() + "/retry", "healed")
                .is(202);
        if (stage.run(run).at("/status").asText().equals("paused")) {
            stage.olga.wish("/runs/" + run + "/resume", "healed").is(202);
        }
    }

    private static void confirm(UUID run, String step) {
        JsonNode waiting = org.awaitility.Awaitility.await(step + " waits")
                .until(
                        () -> Stage.step(stage.run(run), step),
                        s -> s.at("/state").asText().equals("waiting"));
        assertThat(waiting.at("/state").asText()).isEqualTo("waiting");
        stage.olga
                .post(
                        "/runs/" + run + "/gates/" + step,
                        Api.JSON.createObjectNode().put("confirmed", true).put("comment", "done"))
                .is(202);
    }

    @Test
    @Clause({"L41", "L50", "L51", "L52", "L84"})
    void aServerIsCheckedUpdatedInPlaceAwaitedAndComparedAndNoPasswordIsSeenAnywhere() {
        LabHost host = LicenseServers.add(stage, "ls-1", "connected");
        var scripts = new ConcurrentLinkedQueue<String>();
        var answeredWhileDown = new AtomicBoolean();
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.Started started && started.host().equals("ls-1")) {
                scripts.add(started.script());
            }
            if (moment instanceof Moment.EffectDone done
                    && done.host().equals("ls-1")
                    && done.effect().kind() == Kind.UPGRADE) {
                answeredWhileDown.set(host.machine().units().listener(7070) != null);
            }
        });
        UUID deployment = LicenseServers.deployment(stage, Map.of(), host);
        JsonNode plan = LicenseServers.plan(stage, deployment, "23.04").is(201).body();
        assertThat(plan.toString()).contains("OUTAGE", "NEVER_REBOOT");
        stage.approve(plan);
        UUID run = stage.start(plan);
        JsonNode ended = completed(run);

        onceEach(host);
        assertThat(answeredWhileDown).isFalse();
        assertThat(host.console("rpm -q --qf '%{VERSION}' " + PACKAGE).out()).isEqualTo("23.04");
        assertThat(LicenseServers.counted(host, "licenses").toString()).contains("=25", "=5");
        assertThat(LicenseServers.wrongPasswords(host)).isZero();
        JsonNode compare = Stage.step(ended, "compare.ls-1").at("/checks");
        assertThat(compare.findValuesAsText("name"))
                .containsExactly("package-version", "server-id", "licenses-unchanged");
        assertThat(compare.findValuesAsText("held")).containsOnly("true");
        assertThat(scripts).hasSize(5).noneMatch(script -> script.contains(PcoipLicenseServer.PASSWORD));
        assertThat(plan.toString() + ended).doesNotContain(PcoipLicenseServer.PASSWORD);

        var messages = KafkaProbe.shared()
                .await(
                        "interlock.upgrade.events.v1",
                        6,
                        m -> deployment.toString().equals(m.key()));
        assertThat(messages.stream().map(m -> m.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1")))
                .containsExactly(
                        "UpgradePlanned",
                        "UpgradeApproved",
                        "UpgradeStarted",
                        "PreflightPassed",
                        "NodeUpdated",
                        "UpgradeCompleted");
        assertThat(messages.stream().map(m -> String.valueOf(m.value())))
                .noneMatch(text -> text.contains(PcoipLicenseServer.PASSWORD));
    }

    /** What is wrong with a machine before the update, and the beginning of what is said about it. */
    record Wrong(String name, Consumer<LabHost> how, String code, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Consumer<LabHost> file(String path, String text) {
        return host -> host.machine().files().put(path, text, 0644);
    }

    private static Consumer<LabHost> generated(String path, String text) {
        return host -> host.machine().files().putGenerated(path, () -> text);
    }

    static Stream<Wrong> wrongs() {
        String conf = "/opt/flexnetls/TERADICI/local-configuration.yaml";
        return Stream.of(
                new Wrong(
                        "disk",
                        h -> h.fail(Fault.DISK),
                        "disk-full",
                        "The disk of pre-disk has too little room: 0 MiB"),
                new Wrong(
                        "memory",
                        generated("/proc/meminfo", "MemTotal: 4000000 kB\nMemAvailable: 3000000 kB\n"),
                        "too-little-memory",
                        "pre-memory has too little memory: 2929 MiB are available, 3815 MiB (4 GB) are needed"),
                new Wrong(
                        "cores",
                        generated(
                                "/proc/cpuinfo", "processor\t: 0\nmodel name\t: CPU @ 2.40GHz\ncpu MHz\t\t: 2400.0\n"),
                        "too-slow",
                        "pre-cores has too weak a processor: 1 cores at 2400 MHz, 2 cores at 2000 MHz are needed"),
                new Wrong(
                        "azure",
                        file("/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n"),
                        "preview-platform",
                        "pre-azure runs on Microsoft Azure"),
                new Wrong(
                        "xen",
                        h -> {
                            file("/sys/class/dmi/id/sys_vendor", "Xen\n").accept(h);
                            file("/sys/class/dmi/id/product_name", "HVM domU\n").accept(h);
                        },
                        "unsupported-platform",
                        "pre-xen runs on Xen HVM domU, which is not supported"),
                new Wrong(
                        "rhel9",
                        file("/etc/os-release", "ID=\"rhel\"\nVERSION_ID=\"9.4\"\n"),
                        "unsupported-system",
                        "pre-rhel9 runs rhel 9.4, which is not supported: centos 7, rhel 7, rhel 8, rocky 8 are (L3)."),
                new Wrong(
                        "nvidia",
                        file("/opt/flexnetls/nvidia/flexnetls.jar", "PK"),
                        "another-license-server",
                        "There is another license server on pre-nvidia: /opt/flexnetls/nvidia."),
                new Wrong(
                        "moved",
                        h -> h.fail(Fault.BADSTORAGE, "moved"),
                        "trusted-storage-missing",
                        "The trusted storage of pre-moved was moved or modified: it is not in"),
                new Wrong(
                        "jks",
                        file("/opt/flexnetls/TERADICI/teradiciLicenseServer.jks", "x"),
                        "key-store-inside",
                        "The key store /opt/flexnetls/TERADICI/teradiciLicenseServer.jks on pre-jks is under the product's folder"),
                new Wrong(
                        "keystore",
                        h -> h.console("sed -i -e 's|^  enabled: false|  enabled: true|' -e"
                                + " 's|keystore-path: .*|keystore-path: /opt/flexnetls/TERADICI/k.jks|' " + conf),
                        "key-store-inside",
                        "The key store /opt/flexnetls/TERADICI/k.jks on pre-keystore"));
    }

    @ParameterizedTest
    @MethodSource("wrongs")
    @Clause({"L1", "L2", "L3", "L5", "L9", "L49"})
    void aMachineThatIsNotFitIsLeftAsItIsAndSaysWhy(Wrong wrong) {
        LabHost host = LicenseServers.add(stage, "pre-" + wrong.name(), "connected");
        wrong.how().accept(host);
        JsonNode step = failed(upgrade(host), wrong.code());
        assertThat(step.at("/stepId").asText()).isEqualTo("check.pre-" + wrong.name());
        assertThat(reason(step)).startsWith(wrong.reason());
        assertThat(changes(host)).isEmpty();
        assertThat(LicenseServers.counted(host, "rightPasswords")).isEqualTo("0");
    }

    @Test
    @Clause("L2")
    void azureIsAllowedForWhatIsNoProduction() {
        LabHost host = LicenseServers.add(stage, "ls-azure", "connected");
        file("/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n").accept(host);
        completed(LicenseServers.upgrade(stage, LicenseServers.deployment(stage, Map.of("use", "preview"), host)));
    }

    @Test
    @Clause({"L53", "L5"})
    void noPlanIsMadeForADowngradeNorForAVersionOne() {
        LabHost newer = stage.lab.add("ls-newer", PACKAGE, "connected", "licenses", "23.08", "23.12");
        assertThat(LicenseServers.plan(stage, LicenseServers.deployment(stage, Map.of(), newer), "23.04")
                        .is(409)
                        .body()
                        .toString())
                .contains("downgrading is not supported and may corrupt its data");
        LabHost one = stage.lab.add("ls-one", PACKAGE, "connected", "licenses", "1.1", "23.04");
        assertThat(LicenseServers.plan(stage, LicenseServers.deployment(stage, Map.of(), one), "23.04")
                        .is(409)
                        .body()
                        .toString())
                .contains("a 1.x cannot be on one machine with 23.04");
    }

    @Test
    @Clause("L53")
    void aServerThatSomebodyElseUpdatedFurtherIsNotBroughtDown() {
        LabHost host = LicenseServers.add(stage, "ls-further", "connected");
        var once = new AtomicBoolean();
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.Started started
                    && started.host().equals("ls-further")
                    && started.script().contains(".install.ls-further.")
                    && once.compareAndSet(false, true)) {
                RpmPackage offered = host.machine().packages().offered().stream()
                        .filter(p -> p.name().equals(PACKAGE) && p.version().equals("23.04"))
                        .findFirst()
                        .orElseThrow();
                host.machine().packages().offer(offered.as("23.12", "1.el8", RpmPackage.Fault.GOOD));
                host.console("dnf -q -y upgrade " + PACKAGE);
            }
        });
        JsonNode step = failed(upgrade(host), "changed-since-plan");
        assertThat(reason(step))
                .startsWith(
                        "ls-further has pcoip-license-server 23.12, which is neither 22.09 nor 23.04. Nothing was done");
        assertThat(host.console("rpm -q --qf '%{VERSION}' " + PACKAGE).out()).isEqualTo("23.12");
        assertThat(host.count(Kind.DOWNGRADE, PACKAGE)).isZero();
    }

    @Test
    @Clause({"L47", "L48", "L50"})
    void carriedPackagesAreInstalledWithAllRepositoriesDisabledOnceAPersonHasCarriedThem() {
        LabHost host = LicenseServers.add(stage, "ls-dark", "carried");
        host.fail(Fault.REPO404);
        host.console("mv /home/interlock/rpms /home/interlock/elsewhere");
        UUID run = LicenseServers.upgrade(
                stage,
                LicenseServers.deployment(
                        stage, Map.of("install", "carried", "carriedFolder", "/home/interlock/rpms"), host));
        confirm(run, "carry.ls-dark");
        JsonNode step = failed(run, "not-carried");
        assertThat(reason(step))
                .isEqualTo(
                        "The packages for pcoip-license-server 23.04 were not carried to ls-dark: there is no folder /home/interlock/rpms.");
        host.console("mv /home/interlock/elsewhere /home/interlock/rpms");
        retry(run, step);
        completed(run);
        onceEach(host);
    }

    @Test
    @Clause("L46")
    void aTemporaryConnectionIsOpenedAndClosedByAPerson() {
        LabHost host = LicenseServers.add(stage, "ls-temp", "connected");
        host.fail(Fault.REPO404);
        UUID run = LicenseServers.upgrade(
                stage, LicenseServers.deployment(stage, Map.of("install", "temporary-connection"), host));
        stage.await(run, "running");
        org.awaitility.Awaitility.await()
                .until(() -> Stage.step(stage.run(run), "open.ls-temp")
                        .at("/state")
                        .asText()
                        .equals("waiting"));
        assertThat(changes(host)).isEmpty();
        host.heal();
        confirm(run, "open.ls-temp");
        confirm(run, "close.ls-temp");
        completed(run);
        onceEach(host);
    }

    @Test
    void theStorageMayBeSpeltTheOtherWay() {
        LabHost host = LicenseServers.add(stage, "ls-ls", "older-paths");
        JsonNode ended = completed(upgrade(host));
        assertThat(Stage.step(ended, "check.ls-ls").at("/checks").toString())
                .contains("/var/opt/flexnetLS/TERADICI in place");
    }

    @Test
    @Clause({"L48", "L87"})
    void aPortThatStaysClosedIsSaidToBeClosedAndARetryWaitsOn() {
        LabHost host = LicenseServers.add(stage, "ls-slow", "connected");
        host.fail(Fault.SLOWSTART, "3000");
        UUID run = upgrade(host);
        JsonNode step = failed(run, "port-closed");
        assertThat(reason(step))
                .startsWith("The license server on ls-slow is active, but its port 7070 was still closed after 90 s")
                .doesNotContain("compliance");
        host.heal();
        retry(run, step);
        completed(run);
        onceEach(host);
    }

    @Test
    @Clause("L52")
    void licensesThatAreGoneAreCounted() {
        LabHost host = LicenseServers.add(stage, "ls-lost", "connected");
        host.fail(Fault.LOSTLICENSES, "3");
        JsonNode step = failed(upgrade(host), "licenses-changed");
        assertThat(reason(step))
                .matches("The licenses of ls-lost are not what they were before the update: "
                        + "Agent-Session until \\d{4}-\\d\\d-\\d\\d counts 22, not 25\\.");
        assertThat(step.at("/failure/nextStep").asText()).contains("its URL, then its port, then this pool");
    }

    @Test
    @Clause("L43")
    void aWrongPasswordIsTriedOnceNotAgainAtARetryNorInAnotherRun() {
        LabHost host = LicenseServers.add(stage, "ls-wrong", "connected");
        host.fail(Fault.WRONGPASSWORD);
        UUID deployment = LicenseServers.deployment(stage, Map.of(), host);
        UUID run = LicenseServers.upgrade(stage, deployment);
        JsonNode step = failed(run, "password-refused");
        assertThat(reason(step)).startsWith("ls-wrong refused the administrator's password. It was tried once");
        assertThat(LicenseServers.wrongPasswords(host)).isOne();
        assertThat(changes(host)).isEmpty();
        retry(run, step);
        assertThat(reason(failed(run, "credential"))).contains("is not tried again");
        stage.olga.wish("/runs/" + run + "/abort", "later").is(202);
        stage.await(run, "aborted");
        failed(LicenseServers.upgrade(stage, deployment), "credential");
        assertThat(LicenseServers.wrongPasswords(host)).isOne();
    }

    @Test
    @Clause({"L41", "L42"})
    void aPasswordFullOfWhatShellsReadIsGivenAsItIs() throws IOException {
        String password = "A1b|$(id)`id`&;*~<>#!";
        LabHost host = LicenseServers.add(stage, "ls-special", "connected");
        assertThat(host.console("printf '%s\\n%s\\n%s\\n' '" + PcoipLicenseServer.PASSWORD + "' '" + password + "' '"
                                + password + "' | pcoip-set-password")
                        .exit())
                .isZero();
        Path file = stage.lab.credentials().resolve("special.password");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password + "\n");
        completed(LicenseServers.upgrade(
                stage, LicenseServers.deployment(stage, Map.of("administratorCredential", "special"), host)));
        assertThat(LicenseServers.wrongPasswords(host)).isZero();
    }

    @Test
    @Clause("L43")
    void anAdministratorWhoIsLockedOutIsNotToldToTypeAgain() {
        LabHost host = LicenseServers.add(stage, "ls-locked", "connected");
        host.console("for I in 1 2 3; do TERADICI_LICENSE_SERVER_PASSWORD=x pcoip-list-licenses; done");
        JsonNode step = failed(upgrade(host), "administrator-locked-out");
        assertThat(reason(step)).startsWith("ls-locked has blocked its administrator");
        assertThat(LicenseServers.counted(host, "triesWhileLocked")).isEqualTo("1");
    }

    @Test
    @Clause("L86")
    void aControlProcessThatExitedIsKilledAndTheServiceRestartedOnce() {
        LabHost host = LicenseServers.add(stage, "ls-stuck", "connected");
        host.fail(Fault.STUCK);
        JsonNode ended = completed(upgrade(host));
        assertThat(host.count(Kind.KILL, UNIT)).isOne();
        assertThat(host.count(Kind.START, UNIT)).isOne();
        assertThat(Stage.step(ended, "await.ls-stuck").at("/checks").findValuesAsText("name"))
                .containsExactly("killed-and-restarted", "health");
    }

    @Test
    @Clause("L9")
    void aStorageThatWasModifiedMeanwhileIsNamedAsWhatKeepsTheServerDown() {
        LabHost host = LicenseServers.add(stage, "ls-corrupt", "connected");
        stage.lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDue due
                    && due.host().equals("ls-corrupt")
                    && due.effect().kind() == Kind.UPGRADE) {
                host.fail(Fault.BADSTORAGE);
            }
        });
        UUID run = upgrade(host);
        JsonNode step = failed(run, "trusted-storage-corrupt");
        assertThat(reason(step)).startsWith("ls-corrupt refuses to start: its trusted storage was moved or modified");
        assertThat(host.count(Kind.KILL, UNIT)).isZero();
        host.heal();
        retry(run, step);
        completed(run);
        assertThat(host.count(Kind.START, UNIT)).isOne();
    }

    @Test
    @Clause("L88")
    void aMissingCertificateBundleIsNamed() {
        LabHost host = LicenseServers.add(stage, "ls-cert", "connected");
        host.console("rm /opt/flexnetls/TERADICI/flexnet.certs");
        assertThat(reason(failed(upgrade(host), "no-certificates")))
                .startsWith("The certificate bundle /opt/flexnetls/TERADICI/flexnet.certs on ls-cert is missing");
    }

    @Test
    @Clause("L87")
    void aServerThatIsDownBeforehandIsSaidToBeInactive() {
        LabHost host = LicenseServers.add(stage, "ls-down", "connected");
        host.console("systemctl stop " + UNIT);
        JsonNode step = failed(upgrade(host), "not-answering");
        assertThat(reason(step))
                .isEqualTo("The license server on ls-down does not answer: flexnetls-TERADICI is inactive (L87).");
    }

    @Test
    void serversAreUpdatedOneAfterAnotherAndAFailureSparesTheRest() {
        LabHost first = LicenseServers.add(stage, "ls-a", "connected");
        LabHost second = LicenseServers.add(stage, "ls-b", "connected");
        first.fail(Fault.LOSTLICENSES);
        failed(upgrade(first, second), "licenses-changed");
        assertThat(changes(second)).isEmpty();
        assertThat(changes(first)).hasSize(3);
    }
}
