package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.Client.Answer;
import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Effect.Kind;
import dev.interlock.testkit.PrivateInfrastructure;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A UMS High Availability network as its update document tells of it, on a real PostgreSQL. */
class UmsHostTest {
    private static final String CLI = "umsadmin-cli --machine-readable --no-header ";
    private static final String STATUS = "curl -sk https://127.0.0.1:8443/umsapi/v3/serverstatus";
    private static final String CHECK = "curl -sk https://127.0.0.1:8443/ums/check-status";
    private static PrivateInfrastructure infrastructure;

    private Lab lab;
    private List<LabHost> servers;

    @BeforeAll
    static void database() {
        infrastructure = PrivateInfrastructure.start();
    }

    @AfterAll
    static void noDatabase() {
        infrastructure.close();
    }

    @BeforeEach
    void start() {
        lab = Lab.builder()
                .timeScale(50)
                .umsDatabase(infrastructure.jdbcUrl("umslab"), infrastructure.username(), infrastructure.password())
                .start();
        servers = lab.addUms("ums", 3, 0, 0);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    private static String install(String type) {
        return "cd /root && ./setup-igel-ums-linux_12.05.100.bin --nox11 -- --accept-eula yes --silent yes"
                + " --installation-type " + type;
    }

    private static Output install(LabHost host) {
        return host.console(install("ha-server"));
    }

    private static void awaitNormal(LabHost host, String version) {
        await().untilAsserted(() -> assertThat(host.console(STATUS).out())
                .contains("\"rmGuiServerVersion\":\"" + version + "\"")
                .contains("\"mode\":\"normal\""));
    }

    private long all(Kind kind) {
        return lab.effects().stream().filter(e -> e.kind() == kind).count();
    }

    private static String inDatabase(String sql) {
        try (var connection = DriverManager.getConnection(
                        infrastructure.jdbcUrl("umslab"), infrastructure.username(), infrastructure.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String schema() {
        return inDatabase("select version || ' ' || renewals from ums.schema_info");
    }

    // ---- the update as it should be

    @Test
    void eachServerGoesIntoUpdateModeTheLastRenewsTheSchemaAndTheOthersComeBackByThemselves() throws IOException {
        LabHost first = servers.get(0);
        assertThat(first.console(CLI + "web-certs list-assigned-server").out().lines())
                .hasSize(3)
                .first()
                .asString()
                .matches("ums-server-1;127\\.0\\.0\\.1;[0-9a-f-]{36};12\\.04\\.100");
        try (var client = Client.of(lab, first)) {
            Answer answer = client.run("sudo -n sh -c '" + install("ha-server") + "'", 60);
            assertThat(answer.exit()).isZero();
            assertThat(answer.out()).contains("\n1 of 3 servers updated\n");
        }
        assertThat(first.console(STATUS).out())
                .contains("\"rmGuiServerVersion\":\"12.05.100\"")
                .contains("\"mode\":\"update\"")
                .contains("\"activeDataSource\":2");
        assertThat(first.console("cat /opt/IGEL/RemoteManager/rmguiserver/update-mode")
                        .out())
                .contains("from=12.04.100");
        assertThat(first.console(CLI + "db list").out().lines())
                .anyMatch(l -> l.startsWith("1;productive;PostgreSQL;127.0.0.1;") && l.endsWith(";false"))
                .anyMatch(l -> l.startsWith("2;local-copy;") && l.endsWith(";true"));
        assertThat(schema()).as("the productive database is as it was").isEqualTo("12.04 0");

        assertThat(install(servers.get(1)).out())
                .contains("\n2 of 3 servers updated\n")
                .doesNotContain("Renewing");
        assertThat(schema()).isEqualTo("12.04 0");
        assertThat(all(Kind.RECONNECT)).isZero();

        Output last = install(servers.get(2));
        assertThat(last.exit()).isZero();
        assertThat(last.out())
                .contains("\n3 of 3 servers updated\n")
                .contains("Schema of the productive database renewed: 12.05\n");
        assertThat(schema()).isEqualTo("12.05 1");
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        for (LabHost server : servers) {
            assertThat(server.count(Kind.DECOUPLE, "igel-ums-server")).isOne();
            assertThat(server.count(Kind.UPGRADE, "igel-ums")).isOne();
            assertThat(server.count(Kind.RECONNECT, "igel-ums-server")).isOne();
            await().untilAsserted(() -> assertThat(server.console(CHECK).out()).isEqualTo("{\"status\":\"ok\"}"));
        }
        assertThat(all(Kind.RENEW)).isOne();
        assertThat(servers.get(2).count(Kind.RENEW, "schema")).isOne();
        assertThat(first.console(CLI + "network list").out().lines())
                .hasSize(3)
                .allMatch(l -> l.endsWith(";12.05.100;normal"));
        assertThat(first.console("ls /opt/IGEL/RemoteManager/rmguiserver/update-mode")
                        .exit())
                .isNotZero();
    }

    @Test
    void aServerAnswersWhileItsNewVersionIsUnpacked() throws Exception {
        LabHost host = servers.getFirst();
        var decoupled = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        CommandListener wait = moment -> {
            if (moment instanceof CommandListener.Moment.EffectDone done
                    && done.effect().kind() == Kind.DECOUPLE) {
                decoupled.countDown();
                hold(goOn);
            }
        };
        lab.onCommand(wait);
        var installing = CompletableFuture.supplyAsync(() -> install(host));
        assertThat(decoupled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(host.console(STATUS).out())
                .contains("\"rmGuiServerVersion\":\"12.04.100\"")
                .contains("\"mode\":\"update\"");
        assertThat(host.console(CHECK).out()).isEqualTo("{\"status\":\"warn\"}");
        assertThat(install(host)).satisfies(another -> {
            assertThat(another.exit()).isEqualTo(9);
            assertThat(another.err()).isEqualTo("Another installation is running.\n");
        });
        goOn.countDown();
        assertThat(installing.get(20, TimeUnit.SECONDS).exit()).isZero();
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void twoLastServersAtOnceRenewTheSchemaOnce() {
        install(servers.get(0));
        var both = servers.subList(1, 3).stream()
                .map(host -> CompletableFuture.supplyAsync(() -> install(host)))
                .toList();
        assertThat(both).allSatisfy(each -> assertThat(each.join().exit()).isZero());
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        assertThat(schema()).isEqualTo("12.05 1");
        assertThat(all(Kind.RENEW)).isOne();
        assertThat(all(Kind.RECONNECT)).isEqualTo(3);
    }

    @Test
    void anInstallerThatRanAlreadyCountsAndChangesNothing() {
        servers.forEach(UmsHostTest::install);
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        int before = lab.effects().size();
        Output again = install(servers.getFirst());
        assertThat(again.exit()).isZero();
        assertThat(again.out()).contains("\n3 of 3 servers updated\n");
        assertThat(lab.effects()).hasSize(before);
    }

    @Test
    void balancersAndConsolesAreInstalledByTheSameFileAndBearTheirRolesInTheInventory() {
        List<LabHost> more = List.of(
                lab.add("lb", "igel-ums", "load-balancer", "ums"),
                lab.add("console", "igel-ums", "console", "ums"),
                lab.add("both", "igel-ums", "server+load-balancer", "ums"));
        assertThat(lab.inventoryCsv().lines().filter(l -> l.contains(",ums,igel-ums,")))
                .extracting(l -> l.split(",")[0] + " " + l.split(",")[8])
                .containsExactly(
                        "ums-server-1 server",
                        "ums-server-2 server",
                        "ums-server-3 server",
                        "lb load-balancer",
                        "console console",
                        "both server");
        assertThat(more.get(0).console(install("ha-load-balancer")).exit()).isZero();
        assertThat(more.get(0).count(Kind.UPGRADE, "igel-ums")).isOne();
        await().untilAsserted(() -> assertThat(
                        servers.getFirst().console(CLI + "network list").out().lines())
                .anyMatch(l -> l.startsWith("load-balancer;lb;") && l.endsWith(";12.05.100;normal")));
        assertThat(more.get(1).console(install("console")).exit()).isZero();
        assertThat(more.get(1).console("cat /opt/IGEL/RemoteManager/version").out())
                .isEqualTo("12.05.100\n");
        assertThat(more.get(2).console("ss -ltnH | grep -c -E ':3000[12] '").out())
                .isEqualTo("2\n");
        assertThat(more.get(2).console(install("ha-server-load-balancer")).out())
                .contains("\n1 of 4 servers updated\n");
        assertThat(more.get(2)
                        .console("systemctl is-active igel-ums-server igel-ums-broker igel-ums-watchdog")
                        .out())
                .isEqualTo("active\nactive\nactive\n");
    }

    @Test
    void aPatchReleaseHasTheSameSchemaAndAllComeBack() {
        List<LabHost> two = List.of(
                lab.add("p1", "igel-ums", "server", "user", "12.05.100", "12.05.120"),
                lab.add("p2", "igel-ums", "server", "user", "12.05.100", "12.05.120"));
        two.forEach(host -> assertThat(host.console(install("ha-server").replace("12.05.100", "12.05.120"))
                        .exit())
                .isZero());
        two.forEach(host -> awaitNormal(host, "12.05.120"));
        assertThat(all(Kind.RENEW)).isZero();
        assertThat(all(Kind.RECONNECT)).isEqualTo(2);
    }

    @Test
    void aNetworkIsMadeThroughTheAdminApi() throws Exception {
        try (var other = Lab.builder().timeScale(50).start();
                var client = HttpClient.newHttpClient()) {
            String network = "{\"deployment\":\"api-ums\",\"servers\":1,\"loadBalancers\":1,\"consoles\":1}";
            assertThat(send(client, other, "POST", "/ums", network).body()).contains("PUT /ums-database");
            assertThat(send(
                                    client,
                                    other,
                                    "PUT",
                                    "/ums-database",
                                    "{\"url\":\"%s\",\"user\":\"%s\",\"password\":\"%s\"}"
                                            .formatted(
                                                    infrastructure.jdbcUrl("umslab"),
                                                    infrastructure.username(),
                                                    infrastructure.password()))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(client, other, "POST", "/ums", network).statusCode())
                    .isEqualTo(201);
            assertThat(other.hosts())
                    .extracting(LabHost::name)
                    .containsExactly("api-ums-server-1", "api-ums-balancer-1", "api-ums-console-1");
            assertThat(other.inventoryIni().lines().filter(l -> l.startsWith("api-ums-")))
                    .extracting(l -> l.replaceFirst(".*\"", "").strip())
                    .containsExactly("", "interlock_role=load-balancer", "interlock_role=console");
            assertThat(send(client, other, "GET", "/hosts/api-ums-server-1", "").body())
                    .containsPattern("\"mode\" : \"normal\"");
        }
    }

    private static HttpResponse<String> send(HttpClient client, Lab lab, String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(lab.api().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    // ---- what the installer refuses

    @Test
    void theInstallerRefusesAnOlderVersionAWrongTypeNoLicenseAndNoRoot() {
        LabHost newer = lab.add("newer", "igel-ums", "server", "ums", "12.06.100", "12.05.100");
        LabHost host = servers.getFirst();
        assertThat(install(newer)).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(4);
            assertThat(o.err()).contains("it is not possible to install the older version 12.05.100");
        });
        assertThat(host.console(install("console")).exit()).isEqualTo(1);
        assertThat(host.console(install("ha-server").replace("eula yes", "eula no"))
                        .exit())
                .isEqualTo(1);
        assertThat(host.console(install("ha-server").replace("--nox11", "")).exit())
                .isEqualTo(1);
        assertThat(host.console("cd /root && ./setup-igel-ums-linux_12.05.100.bin --check")
                        .exit())
                .isZero();
        host.fail(Fault.NOROOT);
        assertThat(install(host).exit()).isEqualTo(3);
        assertThat(host.console("[ -w /root ]").exit()).isEqualTo(1);
        assertThat(host.console("echo x > /root/f").err()).contains("Read-only file system");
        host.heal();
        assertThat(host.console("[ -w /root ] && echo x > /root/f").exit()).isZero();
        assertThat(lab.effects()).isEmpty();
    }

    @Test
    void theInstallerFailsBeforeAnyChangeOrInTheMiddleAndGoesOnWhenRunAgain() {
        LabHost host = servers.getFirst();
        host.fail(Fault.BADINSTALLER);
        assertThat(install(host).exit()).isEqualTo(7);
        host.fail(Fault.BADINSTALLER, "corrupt");
        assertThat(host.console("/root/setup-igel-ums-linux_12.05.100.bin --check"))
                .satisfies(o -> {
                    assertThat(o.exit()).isEqualTo(2);
                    assertThat(o.err()).startsWith("Error in MD5 checksums");
                });
        assertThat(install(host).exit()).isEqualTo(2);
        assertThat(lab.effects()).isEmpty();

        host.fail(Fault.BADINSTALLER, "middle");
        assertThat(install(host).exit()).isEqualTo(8);
        assertThat(host.console("systemctl is-active igel-ums-server; cat /opt/IGEL/RemoteManager/version")
                        .out())
                .isEqualTo("inactive\n12.04.100\n");
        host.heal();
        assertThat(install(host).out()).contains("\n1 of 3 servers updated\n");
        assertThat(host.count(Kind.DECOUPLE, "igel-ums-server")).isOne();
        assertThat(host.count(Kind.UPGRADE, "igel-ums")).isOne();
    }

    @Test
    void aFullDiskStopsTheInstallerWhileTheServerRuns() {
        LabHost host = servers.getFirst().fail(Fault.DISK);
        Output full = install(host);
        assertThat(full.exit()).isEqualTo(8);
        assertThat(full.err()).isEqualTo("Installation failed: No space left on device\n");
        assertThat(host.console("systemctl is-active igel-ums-server").out()).isEqualTo("active\n");
        assertThat(host.heal().console(CLI + "server end-update-mode").out()).isEqualTo("Update mode ended.\n");
        awaitNormal(host, "12.04.100");
    }

    // ---- power

    private void crashAt(LabHost host, Kind kind, boolean done) {
        var once = new AtomicInteger();
        lab.onCommand(moment -> {
            Effect effect = done
                    ? moment instanceof CommandListener.Moment.EffectDone d ? d.effect() : null
                    : moment instanceof CommandListener.Moment.EffectDue d ? d.effect() : null;
            if (effect != null
                    && effect.kind() == kind
                    && effect.host().equals(host.name())
                    && once.getAndIncrement() == 0) {
                host.fail(Fault.CRASH);
            }
        });
    }

    @Test
    void powerLossInTheMiddleOfTheInstallerIsFinishedByRunningItAgain() {
        LabHost host = servers.getFirst();
        crashAt(host, Kind.UPGRADE, false);
        assertThat(install(host).exit()).isEqualTo(137);
        assertThat(host.count(Kind.UPGRADE, "igel-ums")).isZero();
        host.heal();
        await().untilAsserted(() ->
                assertThat(host.console(STATUS).out()).contains("12.04.100").contains("\"mode\":\"update\""));
        assertThat(install(host).out()).contains("\n1 of 3 servers updated\n");
        assertThat(host.count(Kind.DECOUPLE, "igel-ums-server")).isOne();
        assertThat(host.count(Kind.UPGRADE, "igel-ums")).isOne();
    }

    @Test
    void powerLossOfTheLastServerBeforeAndAfterTheRenewalStillRenewsOnce() {
        install(servers.get(0));
        install(servers.get(1));
        LabHost last = servers.get(2);
        crashAt(last, Kind.RENEW, false);
        assertThat(install(last).exit()).isEqualTo(137);
        assertThat(schema()).isEqualTo("12.04 0");
        last.heal();
        crashAt(last, Kind.RENEW, true);
        assertThat(install(last).exit()).isEqualTo(137);
        assertThat(schema()).isEqualTo("12.05 1");
        last.heal();
        assertThat(install(last).exit()).isZero();
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        assertThat(schema()).isEqualTo("12.05 1");
        assertThat(all(Kind.RENEW)).isOne();
        assertThat(all(Kind.RECONNECT)).isEqualTo(3);
    }

    @Test
    void powerLossOfTheLastServerAfterItCameBackLeavesNobodyBehind() {
        install(servers.get(0));
        install(servers.get(1));
        LabHost last = servers.get(2);
        crashAt(last, Kind.RECONNECT, true);
        assertThat(install(last).exit()).isEqualTo(137);
        servers.subList(0, 2).forEach(server -> awaitNormal(server, "12.05.100"));
        last.heal();
        awaitNormal(last, "12.05.100");
        assertThat(all(Kind.RENEW)).isOne();
        assertThat(all(Kind.RECONNECT)).isEqualTo(3);
    }

    @Test
    void aServerThatIsOffDuringTheRenewalComesBackWhenItIsSwitchedOn() {
        install(servers.get(0));
        install(servers.get(1));
        servers.get(0).fail(Fault.CRASH);
        assertThat(install(servers.get(2)).out()).contains("\n3 of 3 servers updated\n");
        awaitNormal(servers.get(1), "12.05.100");
        assertThat(servers.get(0).count(Kind.RECONNECT, "igel-ums-server")).isZero();
        servers.get(0).heal();
        awaitNormal(servers.get(0), "12.05.100");
        assertThat(servers.get(0).count(Kind.RECONNECT, "igel-ums-server")).isOne();
    }

    @Test
    void aFrozenServerAndOneThatRefusesConnectionsComeBackAllTheSame() throws IOException {
        install(servers.get(0));
        install(servers.get(1));
        servers.get(0).fail(Fault.HANG);
        servers.get(1).fail(Fault.REFUSE);
        try (var client = Client.of(lab, servers.get(2))) {
            servers.get(2).fail(Fault.SLOW, "50");
            assertThat(client.run("sudo -n sh -c '" + install("ha-server") + "'", 60)
                            .out())
                    .contains("\n3 of 3 servers updated\n");
        }
        awaitNormal(servers.get(1), "12.05.100");
        assertThat(servers.get(0).count(Kind.RECONNECT, "igel-ums-server")).isZero();
        servers.get(0).heal();
        awaitNormal(servers.get(0), "12.05.100");
        assertThat(all(Kind.RECONNECT)).isEqualTo(3);
    }

    // ---- orphans and servers that stay behind

    @Test
    void withAnOrphanNobodyIsTheLastUntilADataSourceIsSwitchedByHand() {
        servers.get(1).fail(Fault.ORPHAN);
        servers.get(1).fail(Fault.ORPHAN);
        assertThat(servers.get(0)
                        .console(CLI + "web-certs list-assigned-server")
                        .out()
                        .lines())
                .hasSize(4)
                .anyMatch(l -> l.startsWith("ums-server-2-old;10.99.0.1;"));
        servers.forEach(UmsHostTest::install);
        assertThat(install(servers.get(2)).out()).contains("\n3 of 4 servers updated\n");
        assertThat(schema()).isEqualTo("12.04 0");

        LabHost first = servers.get(0);
        assertThat(first.console(CLI + "server end-update-mode").exit()).isEqualTo(1);
        assertThat(first.console(CLI + "db activate -i 1"))
                .isEqualTo(new Output(
                        0, "Schema of the productive database renewed: 12.05\nData source 1 activated.\n", ""));
        awaitNormal(first, "12.05.100");
        assertThat(servers.get(1).console(STATUS).out()).contains("\"mode\":\"update\"");
        servers.subList(1, 3)
                .forEach(server -> assertThat(server.console(CLI + "db activate -i 1"))
                        .isEqualTo(new Output(0, "Data source 1 activated.\n", "")));
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        assertThat(schema()).isEqualTo("12.05 1");
        assertThat(all(Kind.RENEW)).isOne();
        assertThat(all(Kind.RECONNECT)).isEqualTo(3);
    }

    @Test
    void anOrphanDeletedLateLetsTheInstallerOfAnyServerFinish() {
        servers.get(0).fail(Fault.ORPHAN);
        servers.forEach(UmsHostTest::install);
        servers.get(0).heal();
        assertThat(install(servers.get(1)).out())
                .contains("\n3 of 3 servers updated\n")
                .contains("renewed: 12.05");
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        assertThat(all(Kind.RENEW)).isOne();
    }

    @Test
    void anOrphanedBalancerIsListedAndDeleted() {
        LabHost host = servers.getFirst().fail(Fault.ORPHAN, "load-balancer");
        assertThat(host.console(CLI + "network list | grep ^load").out())
                .matches("load-balancer;ums-server-1-old;10\\.99\\.0\\.1;[0-9a-f-]{36};12\\.04\\.100;normal\n");
        host.heal();
        assertThat(host.console(CLI + "network list").out()).doesNotContain("load-balancer");
    }

    @Test
    void aServerThatDoesNotReconnectStaysOnItsCopyUntilItIsSwitchedOrHealed() {
        servers.get(0).fail(Fault.NORECONNECT);
        servers.get(1).fail(Fault.NORECONNECT);
        servers.forEach(UmsHostTest::install);
        awaitNormal(servers.get(2), "12.05.100");
        assertThat(servers.get(0).console(STATUS).out()).contains("\"mode\":\"update\"");
        assertThat(servers.get(0).console(CLI + "db activate -i 1").out()).isEqualTo("Data source 1 activated.\n");
        awaitNormal(servers.get(0), "12.05.100");
        assertThat(servers.get(1).count(Kind.RECONNECT, "igel-ums-server")).isZero();
        servers.get(1).heal();
        awaitNormal(servers.get(1), "12.05.100");
        assertThat(all(Kind.RENEW)).isOne();
    }

    @Test
    void activatingTooEarlyBreaksTheServersThatAreStillOld() {
        install(servers.get(0));
        assertThat(servers.get(0).console(CLI + "db activate -i 1").exit()).isZero();
        assertThat(schema()).isEqualTo("12.05 1");
        assertThat(servers.get(1).console(CLI + "db test")).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(1);
            assertThat(o.err()).isEqualTo("Connection test failed: the schema 12.05 does not fit UMS 12.04.100\n");
        });
    }

    // ---- services

    @Test
    void theWatchdogStartsWhatIsStoppedUnlessItIsStoppedFirst() {
        LabHost host = servers.getFirst();
        assertThat(host.console("systemctl stop igel-ums-server").exit()).isZero();
        await().until(() -> host.count(Kind.START, "igel-ums-server") == 1);
        assertThat(host.console("systemctl stop igel-ums-watchdog; " + CLI + "server stop")
                        .exit())
                .isZero();
        assertThat(host.console("sleep 20; systemctl is-active igel-ums-server").out())
                .isEqualTo("inactive\n");
        assertThat(host.count(Kind.START, "igel-ums-server")).isOne();
    }

    @Test
    void aStuckBalancerMustBeKilled() {
        LabHost host = lab.add("lb", "igel-ums", "load-balancer", "ums").fail(Fault.STUCKBROKER);
        assertThat(host.console("systemctl stop igel-ums-watchdog; timeout 5 systemctl stop igel-ums-broker")
                        .exit())
                .isEqualTo(124);
        assertThat(host.console("systemctl show -p ActiveState --value igel-ums-broker")
                        .out())
                .isEqualTo("deactivating\n");
        assertThat(host.console(install("ha-load-balancer"))).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(6);
            assertThat(o.err()).contains("The UMS Load Balancer does not stop");
        });
        assertThat(host.count(Kind.UPGRADE, "igel-ums")).isZero();
        assertThat(host.console("systemctl stop igel-ums-watchdog; systemctl kill -s KILL igel-ums-broker;"
                                + " systemctl is-active igel-ums-broker")
                        .out())
                .isEqualTo("failed\n");
        assertThat(host.console(install("ha-load-balancer")).exit()).isZero();
        assertThat(host.console("systemctl is-active igel-ums-broker igel-ums-watchdog")
                        .out())
                .isEqualTo("active\nactive\n");
        assertThat(host.console("systemctl stop igel-ums-watchdog; kill -9 $(systemctl show -p MainPID --value"
                                + " igel-ums-broker); systemctl is-active igel-ums-broker")
                        .out())
                .isEqualTo("failed\n");
    }

    @Test
    void theStatusPageWantsHttpsWithoutTrustAndWarnsOfAWrongClock() {
        LabHost host = servers.getFirst().fail(Fault.CLOCK, "90");
        assertThat(host.console("curl -s https://127.0.0.1:8443/ums/check-status")
                        .exit())
                .isEqualTo(60);
        await().untilAsserted(() -> assertThat(host.console(CHECK).out()).isEqualTo("{\"status\":\"warn\"}"));
        assertThat(host.console("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9080/nosuch")
                        .out())
                .isEqualTo("404");
    }

    // ---- the database

    @Test
    void theDatabaseMayGoAwayAndComeBack() {
        LabHost host = servers.getFirst();
        install(host);
        install(servers.get(1));
        LabHost last = servers.get(2);
        assertThat(last.console(CLI + "db test")).isEqualTo(new Output(0, "Connection test successful.\n", ""));
        infrastructure.stopPostgres();
        try {
            assertThat(last.console(CLI + "db test")).satisfies(o -> {
                assertThat(o.exit()).isEqualTo(1);
                assertThat(o.err()).startsWith("Connection test failed: ");
            });
            await().untilAsserted(() -> assertThat(last.console(CHECK).out()).isEqualTo("{\"status\":\"err\"}"));
            assertThat(last.console(CLI + "web-certs list-assigned-server").exit())
                    .isEqualTo(1);
            assertThat(host.console(CLI + "web-certs list-assigned-server")
                            .out()
                            .lines())
                    .as("from the copy")
                    .hasSize(3);
            assertThat(install(last)).satisfies(o -> {
                assertThat(o.exit()).isEqualTo(5);
                assertThat(o.err()).contains("No copy of the productive database can be made");
            });
            assertThat(last.effects()).isEmpty();
        } finally {
            infrastructure.startPostgres();
        }
        assertThat(install(last).out()).contains("renewed: 12.05");
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
    }

    @Test
    void aRenewalThatFindsNoDatabaseIsMadeUpForWhenItIsBack() {
        install(servers.get(0));
        install(servers.get(1));
        LabHost last = servers.get(2);
        lab.onCommand(moment -> {
            if (moment instanceof CommandListener.Moment.EffectDone done
                    && done.effect().kind() == Kind.UPGRADE
                    && done.host().equals(last.name())) {
                infrastructure.stopPostgres();
            }
        });
        Output installed;
        try {
            installed = install(last);
        } finally {
            infrastructure.startPostgres();
        }
        assertThat(installed.exit()).isZero();
        assertThat(installed.out()).contains("\n3 of 3 servers updated\n").doesNotContain("renewed:");
        assertThat(installed.err()).startsWith("The productive database does not answer: ");
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        assertThat(schema()).isEqualTo("12.05 1");
        assertThat(all(Kind.RENEW)).isOne();
    }

    private static String dump(LabHost host, String more) {
        String[] source = host.console(CLI + "db list").out().strip().split(";");
        return "pg_dump -Fc -w -h " + source[3] + " -p " + source[4] + " -U " + source[6] + " -d " + source[5]
                + " -f /var/tmp/ums.dump " + more;
    }

    @Test
    void theRealDatabaseIsDumpedAndItsContentsAreListed() {
        LabHost host = servers.getFirst();
        assertThat(host.console(CLI + "db backup -o /var/tmp/b")).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(1);
            assertThat(o.err()).contains("not an embedded database");
        });
        assertThat(host.console(dump(host, ""))).isEqualTo(new Output(0, "", ""));
        assertThat(host.count(Kind.BACKUP, "umslab")).isOne();
        Output list = host.console("pg_restore --list /var/tmp/ums.dump");
        assertThat(list.exit()).isZero();
        assertThat(list.out()).contains(";     dbname: umslab\n").contains(";     Format: CUSTOM\n");
        String oid = inDatabase("select 'ums.device'::regclass::oid");
        assertThat(list.out().lines())
                .anyMatch(l -> l.matches("\\d+; 1259 " + oid + " TABLE ums device interlock"))
                .anyMatch(l -> l.matches("\\d+; 0 " + oid + " TABLE DATA ums device interlock"));
        assertThat(host.console("grep -a -c device-0200 /var/tmp/ums.dump").out())
                .isEqualTo("1\n");
        assertThat(host.console("sha256sum /var/tmp/ums.dump; wc -c < /var/tmp/ums.dump")
                        .out())
                .matches("[0-9a-f]{64}  /var/tmp/ums.dump\n\\d{4,}\n");
        assertThat(host.console("pg_restore -f /dev/null /var/tmp/ums.dump").exit())
                .isZero();
    }

    @Test
    void aDumpNeedsTheRightPasswordAndADatabaseThatAnswers() {
        LabHost host = servers.getFirst();
        assertThat(host.console("PGPASSWORD=wrong " + dump(host, ""))).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(1);
            assertThat(o.err())
                    .matches("pg_dump: error: connection to server at \"127\\.0\\.0\\.1\", port \\d+ failed: FATAL: "
                            + " password authentication failed for user \"interlock\"\n");
        });
        assertThat(host.console("chmod 644 /root/.pgpass; " + dump(host, "")).err())
                .startsWith("WARNING: password file \"/root/.pgpass\" has group or world access")
                .endsWith("fe_sendauth: no password supplied\n");
        assertThat(host.console("chmod 600 /root/.pgpass; " + dump(host, "-p 1"))
                        .err())
                .endsWith("port 1 failed: Connection refused\n\tIs the server running on that host and accepting"
                        + " TCP/IP connections?\n");
        assertThat(host.console("PGPASSWORD=" + infrastructure.password() + " " + dump(host, "-d nosuch"))
                        .err())
                .endsWith("FATAL:  database \"nosuch\" does not exist\n");
        host.fail(Fault.DISK);
        assertThat(host.console(dump(host, "")))
                .isEqualTo(
                        new Output(1, "", "pg_dump: error: could not write to output file: No space left on device\n"));
        assertThat(host.count(Kind.BACKUP, "umslab")).isZero();
    }

    @Test
    void aBadBackupIsFoundOut() {
        LabHost host = servers.getFirst();
        for (String value : List.of("cut", "data", "empty")) {
            host.fail(Fault.BADBACKUP, value);
            assertThat(host.console(dump(host, "")).exit()).isZero();
            Output list = host.console("pg_restore --list /var/tmp/ums.dump");
            Output read = host.console("pg_restore -f /dev/null /var/tmp/ums.dump");
            String end = "pg_restore: error: could not read from input file: end of file\n";
            switch (value) {
                case "cut" -> assertThat(list).isEqualTo(new Output(1, "", end));
                case "data" -> assertThat(list.exit()).isZero();
                default ->
                    assertThat(list)
                            .isEqualTo(new Output(
                                    1, "", "pg_restore: error: input file is too short (read 0, expected 5)\n"));
            }
            assertThat(read.exit()).isEqualTo(1);
        }
        assertThat(host.console("echo something else > /var/tmp/x; pg_restore -l /var/tmp/x")
                        .err())
                .isEqualTo("pg_restore: error: input file does not appear to be a valid archive\n");
    }
}
