package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.lab.CommandListener;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestInfrastructure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whole upgrades of IGEL UMS networks, over real SSH, on a real productive database; and each fault that the source warns of. */
class UmsOnLabTest {
    private static final String TARGET = "12.05.100";
    private static final Map<String, Object> SETTINGS = Map.of(
            "interlock.upgrade.ums.stop-patience", "10s",
            "interlock.upgrade.ums.renew-patience", "60s",
            "interlock.upgrade.ums.reconnect-patience", "60s",
            "interlock.upgrade.ums.answer-patience", "90s");

    private static Stage stage;
    private static String umsDatabase = "";
    private final List<LabHost> hosts = new ArrayList<>();
    private String name = "";
    private UUID deployment = UUID.randomUUID();
    private UUID run = UUID.randomUUID();

    private static Lab lab(String jdbcUrl, String user, String password) {
        return Lab.builder().timeScale(50).umsDatabase(jdbcUrl, user, password).start();
    }

    @BeforeAll
    static void open() {
        var shared = TestInfrastructure.get();
        umsDatabase = shared.jdbcUrl("ums_" + UUID.randomUUID().toString().replace("-", ""));
        stage = new Stage(
                ServiceUnderTest.properties("upgrade"),
                lab(umsDatabase, shared.username(), shared.password()),
                SETTINGS);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    // ---- what people do

    private void network(Stage on, String name, int servers, int loadBalancers, int consoles) {
        this.name = name;
        hosts.addAll(on.lab.addUms(name, servers, loadBalancers, consoles));
        deployment = on.network(name, Map.of(), hosts);
    }

    private LabHost host(String which) {
        return hosts.stream()
                .filter(h -> h.name().equals(name + "-" + which))
                .findFirst()
                .orElseThrow();
    }

    private void start(Stage on) {
        JsonNode plan = on.plan(deployment, TARGET, 10);
        on.approve(plan);
        run = on.start(plan);
    }

    /** Confirms every gate as it opens, until the run has come to rest. */
    private JsonNode rests(Stage on) {
        return Awaitility.await("run comes to rest")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            confirm(on);
                            return on.run(run);
                        },
                        now -> List.of("paused", "failed", "completed", "aborted")
                                .contains(now.at("/status").asText()));
    }

    private void confirm(Stage on) {
        for (String gate : steps(on.run(run), "waiting")) {
            assertThat(on.vera.get("/activity").body().at("/waiting"))
                    .as("an open gate is among what waits for a person")
                    .anySatisfy(each -> {
                        assertThat(each.at("/stepId").asText()).isEqualTo(gate);
                        assertThat(each.at("/kind").asText()).isEqualTo("gate");
                        assertThat(each.at("/role").asText()).isNotBlank();
                    });
            on.olga.post(
                    "/runs/" + run + "/gates/" + gate,
                    Api.JSON.createObjectNode().put("confirmed", true).put("comment", "done"));
        }
    }

    private static List<String> steps(JsonNode run, String state) {
        var found = new ArrayList<String>();
        run.at("/stages")
                .forEach(stage -> stage.at("/lanes")
                        .forEach(lane -> lane.at("/steps").forEach(step -> {
                            if (step.at("/state").asText().equals(state)) {
                                found.add(step.at("/stepId").asText());
                            }
                        })));
        return found;
    }

    private void retryAll(Stage on, JsonNode rested) {
        for (String step : steps(rested, "failed")) {
            on.olga
                    .wish("/runs/" + run + "/steps/" + step + "/retry", "put right")
                    .is(202);
        }
        on.olga.wish("/runs/" + run + "/resume", "goes on").is(202);
    }

    private void completes(Stage on) {
        JsonNode ended = rests(on);
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
    }

    private JsonNode pausedAt(JsonNode rested, String step, String code) {
        assertThat(rested.at("/status").asText()).as("%s", rested).isEqualTo("paused");
        JsonNode failed = Stage.step(rested, step);
        assertThat(failed.at("/failure/code").asText()).as("%s", failed).isEqualTo(code);
        return failed;
    }

    private static String reason(JsonNode step) {
        return step.at("/failure/reason").asText();
    }

    private static String next(JsonNode step) {
        return step.at("/failure/nextStep").asText();
    }

    private void eachEffectOnce() {
        for (LabHost host : hosts) {
            assertThat(host.count(Kind.UPGRADE, "igel-ums"))
                    .as("%s installed", host.name())
                    .isEqualTo(1);
            boolean server = host.variant().startsWith("server");
            assertThat(host.count(Kind.DECOUPLE, "igel-ums-server"))
                    .as("%s decoupled", host.name())
                    .isEqualTo(server ? 1 : 0);
            assertThat(host.count(Kind.RECONNECT, "igel-ums-server"))
                    .as("%s reconnected", host.name())
                    .isEqualTo(server ? 1 : 0);
        }
        assertThat(all(Kind.RENEW)).as("renewals of the schema").hasSize(1);
    }

    private List<Effect> all(Kind kind) {
        return hosts.stream()
                .flatMap(h -> h.effects().stream())
                .filter(e -> e.kind() == kind)
                .toList();
    }

    private void nothingWasChanged() {
        assertThat(hosts.stream().flatMap(h -> h.effects().stream()).map(Effect::kind))
                .doesNotContain(Kind.STOP, Kind.UPGRADE, Kind.DECOUPLE, Kind.RENEW);
    }

    private List<String> story(int atLeast) {
        return KafkaProbe.shared()
                .await(
                        "interlock.upgrade.events.v1",
                        atLeast,
                        m -> deployment.toString().equals(m.key()))
                .stream()
                .map(m -> {
                    JsonNode data = parsed(m.value());
                    String type = m.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1");
                    // they come back side by side: which is first is not promised
                    String host = type.equals("NodeReturnedToNormalMode")
                            ? ""
                            : data.path("hostName").asText("").replace(name + "-", "");
                    return type
                            + (host.isEmpty() || host.equals("null") ? "" : " " + host)
                            + (data.has("n")
                                    ? " " + data.path("n").asText() + "/"
                                            + data.path("m").asText()
                                    : "");
                })
                .toList();
    }

    private static JsonNode parsed(@Nullable String json) {
        try {
            return Api.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private CommandListener when(Stage on, String host, Kind kind, Runnable then) {
        var once = new AtomicBoolean();
        CommandListener listener = moment -> {
            if (moment instanceof Moment.EffectDone done
                    && done.host().equals(name + "-" + host)
                    && done.effect().kind() == kind
                    && once.compareAndSet(false, true)) {
                then.run();
            }
        };
        on.lab.onCommand(listener);
        return listener;
    }

    // ---- the whole way

    @Test
    @Clause({"G1", "G2", "G3", "G5", "G8", "G11", "G12", "G14", "G16", "G17", "G18", "G22", "G23", "G25"})
    void aNetworkIsUpdatedServerByServerTheLastRenewsTheSchemaAndTheWorldHearsOfIt() {
        network(stage, "calm", 3, 1, 1);
        start(stage);
        JsonNode ended = rests(stage);
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        eachEffectOnce();
        assertThat(all(Kind.RENEW).getFirst().host()).isEqualTo("calm-server-3");
        assertThat(story(29))
                .filteredOn(e -> !e.startsWith("PreflightPassed") && !e.startsWith("Gate"))
                .containsExactly(
                        "UpgradePlanned",
                        "UpgradeApproved",
                        "UpgradeStarted",
                        "BackupTaken server-1",
                        "NodeEnteredUpdateMode server-1 1/3",
                        "NodeUpdated server-1 1/5",
                        "NodeEnteredUpdateMode server-2 2/3",
                        "NodeUpdated server-2 2/5",
                        "NodeEnteredUpdateMode server-3 3/3",
                        "NodeUpdated server-3 3/5",
                        "SchemaRenewed server-3",
                        "NodeReturnedToNormalMode 1/3",
                        "NodeReturnedToNormalMode 2/3",
                        "NodeReturnedToNormalMode 3/3",
                        "NodeDrained balancer-1",
                        "NodeUpdated balancer-1 4/5",
                        "NodeUpdated console-1 5/5",
                        "UpgradeCompleted");
    }

    @Test
    @Clause({"G3", "G22", "G23", "G25"})
    void whatWasFoundOutStandsInTheRunAndInItsEvents() {
        network(stage, "found", 2, 0, 0);
        start(stage);
        JsonNode ended = rests(stage);
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        JsonNode backup = Stage.step(ended, "backup.found-server-1").at("/findings");
        String file = backup.at("/backupReference").asText().replaceFirst(".*:", "");
        LabHost first = host("server-1");
        assertThat(first.console("sha256sum " + file + " | cut -d ' ' -f 1")
                        .out()
                        .strip())
                .isEqualTo(backup.at("/backupSha256").asText());
        assertThat(first.console("pg_restore --list " + file).out())
                .contains("TABLE")
                .contains("found");
        assertThat(Stage.step(ended, "renew.found-server-2")
                        .at("/findings/schemaVersion")
                        .asText())
                .isEqualTo("12.05");
        assertThat(Stage.step(ended, "install.found-server-1").at("/checks").findValuesAsText("observed"))
                .contains("1 of 2 servers updated");
        JsonNode proof = Stage.step(ended, "prove.found-server-1").at("/checks");
        assertThat(proof.findValuesAsText("name"))
                .containsExactly(
                        "updated",
                        "processes-running",
                        "answers",
                        "normal-mode",
                        "data-source",
                        "servers-registered",
                        "load-balancers-registered",
                        "everyone-updated");
        assertThat(proof.findValuesAsText("held")).containsOnly("true");
    }

    @Test
    @Clause("G21")
    void serversWithALoadBalancerBesideThemAreUpdatedInOneGoEvenIfItHangs() {
        name = "both";
        for (int i = 1; i <= 2; i++) {
            hosts.add(stage.lab.add("both-server-" + i, "igel-ums", "server+load-balancer", "both"));
        }
        deployment = stage.network(name, Map.of(), hosts);
        host("server-2").fail(Fault.STUCKBROKER);
        start(stage);
        JsonNode ended = rests(stage);
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        eachEffectOnce();
    }

    // ---- faults: the right state, the right sentence, the right next step

    @Test
    @Clause({"G2", "G24"})
    void anOrphanIsFoundBeforeAnythingIsChanged() {
        network(stage, "orphan", 3, 1, 1);
        host("server-2").fail(Fault.ORPHAN);
        start(stage);
        JsonNode rested = rests(stage);
        JsonNode step = pausedAt(rested, "check.orphan-server-1", "orphans");
        assertThat(reason(step))
                .contains("registered but not in the plan: orphan-server-2-old (10.99.0.1)")
                .contains("keeps servers from coming back");
        assertThat(next(step)).contains("delete its entry in the console under UMS Administration > UMS Network");
        nothingWasChanged();
        hosts.forEach(LabHost::heal);
        retryAll(stage, rested);
        completes(stage);
        eachEffectOnce();
    }

    @Test
    @Clause("G2")
    void anOrphanedLoadBalancerIsFoundToo() {
        network(stage, "orphanlb", 2, 1, 0);
        host("balancer-1").fail(Fault.ORPHAN, "load-balancer");
        start(stage);
        JsonNode step = pausedAt(rests(stage), "check.orphanlb-server-1", "orphans");
        assertThat(reason(step)).contains("other load balancers than the plan").contains("orphanlb-balancer-1-old");
        nothingWasChanged();
    }

    @Test
    @Clause({"G5", "G6"})
    void aClockThatIsAheadByNinetySecondsIsFoundWithItsErrorAndWhatToDoAfterSettingIt() {
        network(stage, "skew", 3, 1, 1);
        host("server-2").fail(Fault.CLOCK, "90");
        start(stage);
        JsonNode rested = rests(stage);
        JsonNode step = pausedAt(rested, "check.skew-server-2", "clock-skew");
        assertThat(reason(step))
                .containsPattern("is (89\\.\\d|90\\.\\d)\\d s ahead of Interlock's clock \\(± \\d+\\.\\d\\d s\\)");
        assertThat(next(step)).contains("set the clock by hand, restart the HA services there");
        assertThat(Stage.step(rested, "check.skew-server-1").at("/state").asText())
                .isEqualTo("succeeded");
        nothingWasChanged();
        hosts.forEach(LabHost::heal);
        retryAll(stage, rested);
        completes(stage);
        eachEffectOnce();
    }

    @Test
    @Clause({"G1", "G8"})
    void aDamagedInstallerAndARootThatCannotWriteAreFoundBeforeAnythingIsChanged() {
        network(stage, "pre", 2, 1, 1);
        host("console-1").fail(Fault.BADINSTALLER, "corrupt");
        host("server-2").fail(Fault.NOROOT);
        host("balancer-1").console("rm /root/setup-igel-ums-linux_12.05.100.bin");
        start(stage);
        JsonNode rested = rests(stage);
        assertThat(next(pausedAt(rested, "check.pre-console-1", "installer-damaged")))
                .contains("compare its checksum");
        assertThat(reason(pausedAt(rested, "check.pre-server-2", "root-not-writable")))
                .contains("/root cannot be written to");
        assertThat(reason(pausedAt(rested, "check.pre-balancer-1", "installer-missing")))
                .contains("It has to be on all systems with UMS components before the first is updated");
        nothingWasChanged();
        assertThat(stage.olga
                        .wish("/runs/" + run + "/steps/check.pre-server-2/skip", "never mind")
                        .status())
                .isEqualTo(409);
    }

    @Test
    @Clause("G3")
    void aBackupThatCannotBeRestoredStopsTheRunUntilOneCan() {
        network(stage, "dump", 3, 1, 1);
        LabHost first = host("server-1");
        first.fail(Fault.BADBACKUP, "cut");
        start(stage);
        for (String then : List.of("data", "empty", "")) {
            JsonNode rested = rests(stage);
            JsonNode step = pausedAt(rested, "backup.dump-server-1", "backup-unusable");
            assertThat(reason(step))
                    .contains("could not be restored: pg_restore on dump-server-1 says: ")
                    .contains("Nothing was changed");
            assertThat(next(step)).contains("dumps anew");
            nothingWasChanged();
            first.heal();
            if (!then.isEmpty()) {
                first.fail(Fault.BADBACKUP, then);
            }
            retryAll(stage, rested);
        }
        completes(stage);
        eachEffectOnce();
    }

    @Test
    @Clause({"G4", "G11", "G13"})
    void anInstallerThatBreaksOnTheSecondOfThreeServersLeavesOnlyTheWayForward() {
        network(stage, "broke", 3, 1, 1);
        host("server-2").fail(Fault.BADINSTALLER, "middle");
        start(stage);
        JsonNode rested = rests(stage);
        JsonNode step = pausedAt(rested, "install.broke-server-2", "installer-broke");
        assertThat(reason(step)).contains("broke in the middle").contains("no way back but forward");
        assertThat(next(step)).contains("runs the installer again");
        assertThat(host("server-1")
                        .console("curl -sk https://127.0.0.1:8443/ums/check-status")
                        .out())
                .as("the first one answers devices on its copy")
                .contains("warn");
        assertThat(host("server-3").effects()).isEmpty();
        var abort = stage.olga.wish("/runs/" + run + "/abort", "home");
        assertThat(abort.status()).isEqualTo(409);
        assertThat(abort.http().body()).contains("a separate HA network with the restored backup");
        assertThat(stage.olga
                        .wish("/runs/" + run + "/steps/install.broke-server-2/skip", "never mind")
                        .status())
                .isEqualTo(409);
        hosts.forEach(LabHost::heal);
        retryAll(stage, rested);
        completes(stage);
        eachEffectOnce();
    }

    @Test
    void anInstallerThatRefusesToBeginChangesNothingAndTheWatchdogWatchesAgain() {
        network(stage, "refuse", 3, 0, 0);
        host("server-2").fail(Fault.BADINSTALLER, "before");
        start(stage);
        JsonNode rested = rests(stage);
        JsonNode step = pausedAt(rested, "enter.refuse-server-2", "installer-refused");
        assertThat(reason(step)).contains("libc version is too old").contains("Nothing was changed");
        assertThat(host("server-2")
                        .console("systemctl is-active igel-ums-watchdog igel-ums-server")
                        .out())
                .isEqualTo("active\nactive\n");
        hosts.forEach(LabHost::heal);
        retryAll(stage, rested);
        completes(stage);
        eachEffectOnce();
    }

    @Test
    @Clause({"G17", "G24"})
    void aServerThatNeverReconnectsIsNamedAndTheRetrySwitchesItsDataSource() {
        network(stage, "stay", 3, 1, 0);
        host("server-1").fail(Fault.NORECONNECT);
        start(stage);
        JsonNode rested = rests(stage);
        JsonNode step = pausedAt(rested, "return.stay-server-1", "stays-on-copy");
        assertThat(reason(step))
                .contains("did not reconnect to the productive database: it still works on its own copy");
        assertThat(next(step))
                .contains("it switches the data source with 'umsadmin-cli db activate'")
                .contains("by hand in the UMS Administrator, Datasource");
        assertThat(Stage.step(rested, "return.stay-server-2").at("/state").asText())
                .isEqualTo("succeeded");
        assertThat(host("balancer-1").effects()).isEmpty();
        retryAll(stage, rested);
        completes(stage);
        eachEffectOnce();
    }

    @Test
    @Clause({"G24", "G16"})
    void anOrphanThatAppearsMeanwhileKeepsTheSchemaOldUntilTheDataSourceIsSwitchedTheFirstRenewsThenTheRest() {
        network(stage, "late", 3, 0, 0);
        CommandListener listener =
                when(stage, "server-1", Kind.DECOUPLE, () -> host("server-1").fail(Fault.ORPHAN));
        start(stage);
        JsonNode rested = rests(stage);
        stage.lab.noLonger(listener);
        JsonNode step = pausedAt(rested, "renew.late-server-3", "schema-not-renewed");
        assertThat(reason(step))
                .contains("counted 3 of 4 servers updated: an entry is registered for which there is no server");
        assertThat(next(step)).contains("the first server to connect renews the schema");
        assertThat(all(Kind.RENEW)).isEmpty();
        retryAll(stage, rested);
        rested = rests(stage);
        assertThat(all(Kind.RENEW)).hasSize(1);
        pausedAt(rested, "return.late-server-1", "stays-on-copy");
        pausedAt(rested, "return.late-server-2", "stays-on-copy");
        retryAll(stage, rested);
        rested = rests(stage);
        pausedAt(rested, "prove.late-server-1", "orphans");
        hosts.forEach(LabHost::heal);
        retryAll(stage, rested);
        completes(stage);
        eachEffectOnce();
    }

    @Test
    @Clause("G21")
    void aLoadBalancerThatDoesNotStopIsKilledOnceItIsSeenToHangAndTheRunSaysSo() {
        network(stage, "stuck", 2, 2, 0);
        host("balancer-1").fail(Fault.STUCKBROKER);
        start(stage);
        JsonNode ended = rests(stage);
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        assertThat(Stage.step(ended, "stop.stuck-balancer-1")
                        .at("/checks/0/observed")
                        .asText())
                .isEqualTo("igel-ums-broker did not stop within 10 s and was killed");
        assertThat(Stage.step(ended, "stop.stuck-balancer-2")
                        .at("/checks/0/observed")
                        .asText())
                .isEqualTo("stopped by itself");
        eachEffectOnce();
    }

    @Test
    @Clause({"G11", "G13"})
    void theProductiveDatabaseMayGoAwayInTheMiddleAndTheRunGoesOnWhenItIsBack() {
        try (var servers = PrivateInfrastructure.start();
                var own = new Stage(
                        ServiceUnderTest.properties("upgrade"),
                        lab(servers.jdbcUrl("ums"), servers.username(), servers.password()),
                        SETTINGS)) {
            network(own, "gone", 3, 1, 0);
            CommandListener listener = when(own, "server-1", Kind.UPGRADE, servers::stopPostgres);
            start(own);
            JsonNode rested = rests(own);
            own.lab.noLonger(listener);
            JsonNode step = pausedAt(rested, "enter.gone-server-2", "database-gone");
            assertThat(reason(step))
                    .contains("does not reach the productive database, so no copy could be made")
                    .contains("Nothing was changed");
            assertThat(next(step)).startsWith("Bring the database back");
            assertThat(host("server-1")
                            .console("curl -sk https://127.0.0.1:8443/ums/check-status")
                            .out())
                    .as("devices are answered")
                    .contains("warn");
            servers.startPostgres();
            retryAll(own, rested);
            completes(own);
            eachEffectOnce();
        }
    }

    @Test
    void aControllerThatWasGoneForTenMinutesTakesTheRunUpAgainAndRepeatsNothing() throws Exception {
        var shared = TestInfrastructure.get();
        Map<String, Object> properties = ServiceUnderTest.properties("upgrade");
        var lab = lab(
                shared.jdbcUrl("ums_" + UUID.randomUUID().toString().replace("-", "")),
                shared.username(),
                shared.password());
        var installing = new CountDownLatch(1);
        var first = new Stage(properties, lab, SETTINGS);
        network(first, "away", 3, 1, 1);
        lab.onCommand(moment -> {
            if (moment instanceof Moment.EffectDue due
                    && due.host().equals("away-server-2")
                    && due.effect().kind() == Kind.UPGRADE) {
                installing.countDown();
            }
        });
        start(first);
        Awaitility.await("the second server is being installed")
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    confirm(first);
                    return installing.getCount() == 0;
                });
        first.service.close();
        // the installer goes on alone; for whoever takes the run up ten minutes have passed
        var later = new HashMap<>(SETTINGS);
        later.put("test.clock-ahead", "10m");
        try (var second = new Stage(properties, lab, later)) {
            completes(second);
            eachEffectOnce();
            JsonNode ended = second.run(run);
            assertThat(Duration.between(
                            Instant.parse(ended.at("/startedAt").asText()),
                            Instant.parse(ended.at("/endedAt").asText())))
                    .isGreaterThan(Duration.ofMinutes(10));
        }
    }

    @Test
    @Clause("G3")
    void theDatabasesPasswordIsInNoScriptAndNoFileAndAWrongOneIsTriedOnce() throws Exception {
        String right = "right-" + UUID.randomUUID();
        var shared = TestInfrastructure.get();
        try (var db = DriverManager.getConnection(umsDatabase, shared.username(), shared.password());
                var sql = db.createStatement()) {
            sql.execute("DROP ROLE IF EXISTS ums_backup");
            sql.execute("CREATE ROLE ums_backup SUPERUSER LOGIN PASSWORD '" + right + "'");
        }
        name = "secret";
        hosts.addAll(stage.lab.addUms(name, 2, 0, 0));
        deployment =
                stage.network(name, Map.of("database.user", "ums_backup", "database.credential", "secret-db"), hosts);
        Path file = stage.lab.credentials().resolve("secret-db.password");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "not-the-password\n");
        var scripts = new ConcurrentLinkedQueue<String>();
        CommandListener listener = moment -> {
            if (moment instanceof Moment.Started started && started.host().equals("secret-server-1")) {
                scripts.add(started.script());
            }
        };
        stage.lab.onCommand(listener);
        start(stage);
        JsonNode rested = rests(stage);
        pausedAt(rested, "backup.secret-server-1", "password-refused");
        int sent = scripts.size();
        retryAll(stage, rested);
        rested = rests(stage);
        assertThat(reason(pausedAt(rested, "backup.secret-server-1", "credential")))
                .contains("is not tried again");
        assertThat(scripts).as("nothing more was sent").hasSize(sent);
        Files.writeString(file, right + "\n");
        retryAll(stage, rested);
        completes(stage);
        stage.lab.noLonger(listener);
        assertThat(scripts).noneMatch(s -> s.contains(right) || s.contains("not-the-password"));
        assertThat(host("server-1")
                        .console("cat /var/lib/interlock/jobs/*/* | grep -c -e '" + right + "' -e not-the-password")
                        .out()
                        .strip())
                .isEqualTo("0");
        assertThat(stage.run(run).toString()).doesNotContain("not-the-password");
    }
}
