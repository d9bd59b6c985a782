package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect.Kind;
import org.junit.jupiter.api.Test;

/** Orphans, and servers that stay behind in update mode or are left with a schema too new for them. */
class UmsStragglersTest extends UmsNetworkFixture {
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
        servers.forEach(UmsNetworkFixture::install);
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
        servers.forEach(UmsNetworkFixture::install);
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
        servers.forEach(UmsNetworkFixture::install);
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
}
