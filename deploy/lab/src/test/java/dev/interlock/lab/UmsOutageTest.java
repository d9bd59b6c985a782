package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Effect.Kind;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that lose their power, freeze or cannot be reached in the middle of the update. */
class UmsOutageTest extends UmsNetworkFixture {
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
}
