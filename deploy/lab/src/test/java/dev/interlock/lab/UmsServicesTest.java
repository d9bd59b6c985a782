package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect.Kind;
import org.junit.jupiter.api.Test;

/** The services of a UMS host: watchdog, balancer, status page. */
class UmsServicesTest extends UmsNetworkFixture {
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
}
