package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.Client.Answer;
import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.machine.Effect.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The update as its document tells of it: servers into update mode, the last renews the schema, all come back. */
class UmsUpdateTest extends UmsNetworkFixture {
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
        servers.forEach(UmsNetworkFixture::install);
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        int before = lab.effects().size();
        Output again = install(servers.getFirst());
        assertThat(again.exit()).isZero();
        assertThat(again.out()).contains("\n3 of 3 servers updated\n");
        assertThat(lab.effects()).hasSize(before);
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
}
