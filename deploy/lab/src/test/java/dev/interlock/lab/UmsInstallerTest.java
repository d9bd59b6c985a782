package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect.Kind;
import org.junit.jupiter.api.Test;

/** What the installer refuses, and where it fails. */
class UmsInstallerTest extends UmsNetworkFixture {
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
}
