package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host answers was taken from real dnf 4.14, rpm 4.18 and systemd 252. */
class KeeperHostTest {
    private Lab lab;
    private LabHost host;

    @BeforeEach
    void start() {
        lab = Lab.builder().seed("keeper").timeScale(50).start();
        host = lab.addKeeper("kcm-001");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private int exit(String script) {
        return host.console(script).exit();
    }

    private String out(String script) {
        return host.console(script).out();
    }

    @Test
    void listUpdatesExitsZeroWithUpdatesAndOneWithout() {
        assertThat(exit("dnf -q list updates 'kcm-*'")).isZero();
        assertThat(exit("dnf -q -y upgrade 'kcm-*' kcm keeper-guacamole-standalone"))
                .isZero();
        Output none = host.console("dnf -q list updates 'kcm-*'");
        assertThat(none).isEqualTo(new Output(1, "", "Error: No matching Packages to list\n"));
    }

    @Test
    void checkUpdateExitsHundredWithUpdatesAndZeroWithout() {
        assertThat(exit("dnf -q check-update 'kcm-*'")).isEqualTo(100);
        assertThat(exit("dnf -q -y upgrade")).isZero();
        assertThat(exit("dnf -q check-update")).isZero();
    }

    @Test
    void theGlobMissesTheTwoPackagesThatItsPatternDoesNotName() {
        assertThat(exit("dnf -y upgrade 'kcm-*'")).isZero();
        assertThat(out("rpm -q --qf '%{NAME} %{VERSION}\\n' kcm keeper-guacamole-standalone kcm-guacd"))
                .isEqualTo("kcm 1.4.0\nkeeper-guacamole-standalone 1.4.0\nkcm-guacd 1.5.0\n");
        assertThat(out("dnf -q list updates | grep -c ^k")).isEqualTo("2\n");
    }

    @Test
    void rpmSaysWhatIsNotInstalledAndExitsWithOne() {
        assertThat(host.console("rpm -q kcm-guacd nosuch"))
                .isEqualTo(new Output(1, "kcm-guacd-1.4.0-1.el9.x86_64\npackage nosuch is not installed\n", ""));
        assertThat(exit("rpm -V kcm-guacd")).isZero();
        assertThat(host.console("echo x >> /etc/guacamole/guacd.conf; rpm -V kcm-guacd"))
                .isEqualTo(new Output(1, "S.5....T.  c /etc/guacamole/guacd.conf\n", ""));
    }

    @Test
    void systemctlExitsAsTheRealOneDoes() {
        assertThat(host.console("systemctl is-active guacamole guacd; systemctl is-active nosuch; echo $?"))
                .isEqualTo(new Output(0, "active\nactive\ninactive\n3\n", ""));
        assertThat(exit("systemctl status nosuch")).isEqualTo(4);
        assertThat(exit("systemctl start nosuch")).isEqualTo(5);
        assertThat(exit("systemctl stop nosuch")).isEqualTo(5);
        assertThat(exit("systemctl stop guacamole && systemctl is-active guacamole"))
                .isEqualTo(3);
        assertThat(out("systemctl show -p ActiveState,SubState,LoadState --value guacamole guacd nosuch"))
                .isEqualTo("loaded\ninactive\ndead\n\nloaded\nactive\nrunning\n\nnot-found\ninactive\ndead\n");
        assertThat(exit("systemctl start guacamole nosuch")).isEqualTo(5);
        assertThat(exit("systemctl is-active guacamole")).isEqualTo(3);
    }

    @Test
    void anUpdateTakesEffectOnlyWhenTheServiceIsRestarted() {
        assertThat(exit("dnf -q -y upgrade kcm-guacd")).isZero();
        assertThat(out("curl -s http://localhost:4822/version")).isEqualTo("1.4.0\n");
        assertThat(exit("systemctl restart guacd")).isZero();
        assertThat(out("curl -s http://localhost:4822/version")).isEqualTo("1.5.0\n");
    }

    @Test
    void updatingTheWebApplicationWhileItRunsRedeploysItUnderItsUsers() {
        assertThat(exit("dnf -q -y upgrade kcm-guacamole")).isZero();
        assertThat(host.count(Effect.Kind.REDEPLOY, "guacamole")).isOne();
        LabHost stopped = lab.addKeeper("kcm-002");
        stopped.console("systemctl stop guacamole guacd; dnf -q -y upgrade 'kcm-*'");
        assertThat(stopped.count(Effect.Kind.REDEPLOY, "guacamole")).isZero();
    }

    @Test
    void anOwnTomcatHasNoGuacamoleUnit() {
        LabHost tomcat = lab.add("kcm-t", "keeper-connection-manager", "tomcat", "keeper");
        assertThat(tomcat.console("systemctl is-active tomcat guacd").out()).isEqualTo("active\nactive\n");
        assertThat(tomcat.console("systemctl stop guacamole").exit()).isEqualTo(5);
        assertThat(tomcat.console("rpm -q keeper-guacamole-standalone").exit()).isEqualTo(1);
    }

    @Test
    void effectsAreCountedOnceHoweverOftenTheyAreAskedFor() {
        host.console(
                "systemctl stop guacamole guacd; systemctl stop guacamole guacd; dnf -q -y upgrade 'kcm-*'; dnf -q -y upgrade 'kcm-*'; systemctl start guacd; systemctl start guacd");
        assertThat(host.count(Effect.Kind.STOP, "guacamole")).isOne();
        assertThat(host.count(Effect.Kind.STOP, "guacd")).isOne();
        assertThat(host.count(Effect.Kind.UPGRADE, "kcm-guacd")).isOne();
        assertThat(host.count(Effect.Kind.START, "guacd")).isOne();
        assertThat(host.effects())
                .allSatisfy(effect -> assertThat(effect.commandId()).isEqualTo("kcm-001#console"));
    }

    @Test
    void powerLossInMidTransactionLeavesTwoVersionsThatOnlyRemoveDuplicatesRepairs() {
        host.fail(Fault.SLOWRPM, "300");
        Thread.ofVirtual().start(() -> host.console("dnf -y upgrade 'kcm-*'"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !host.effects().isEmpty());
        host.fail(Fault.CRASH);
        host.heal();
        assertThat(out("rpm -q kcm-guacamole"))
                .isEqualTo("kcm-guacamole-1.4.0-1.el9.noarch\nkcm-guacamole-1.5.0-1.el9.noarch\n");
        assertThat(host.console("dnf -q check --duplicates"))
                .isEqualTo(new Output(
                        1,
                        "kcm-guacamole-1.4.0-1.el9.noarch is a duplicate with kcm-guacamole-1.5.0-1.el9.noarch\n",
                        "Error: Check discovered 1 problem(s)\n"));
        assertThat(exit("dnf -q -y upgrade 'kcm-*'")).isZero();
        assertThat(exit("dnf -q check --duplicates")).isEqualTo(1);
        assertThat(exit("dnf -q -y remove --duplicates")).isZero();
        assertThat(exit("dnf -q check --duplicates")).isZero();
        assertThat(out("rpm -q kcm-guacamole")).isEqualTo("kcm-guacamole-1.5.0-1.el9.noarch\n");
        assertThat(host.console("dnf -y remove --duplicates").exit()).isEqualTo(1);
    }

    @Test
    void aBadServiceStartsAndIsDeadASecondLater() {
        host.fail(Fault.BADSVC);
        assertThat(exit("systemctl stop guacamole guacd; dnf -q -y upgrade 'kcm-*'; systemctl start guacd"))
                .isZero();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(out("systemctl show -p ActiveState,Result,ExecMainStatus guacd"))
                        .isEqualTo("Result=exit-code\nExecMainStatus=1\nActiveState=failed\n"));
        assertThat(exit("systemctl is-active guacd")).isEqualTo(3);
        host.heal(Fault.BADSVC);
        assertThat(exit("dnf -q -y upgrade 'kcm-*'")).isZero();
        assertThat(out("rpm -q --qf '%{RELEASE}\\n' kcm-guacd")).isEqualTo("3.el9\n");
        assertThat(exit("dnf -q -y distro-sync 'kcm-*'; systemctl restart guacd"))
                .isZero();
        assertThat(out("rpm -q --qf '%{RELEASE}\\n' kcm-guacd")).isEqualTo("1.el9\n");
    }

    @Test
    void aBadPackageFailsInItsScriptAndChangesNothing() {
        host.fail(Fault.BADRPM);
        Output failed = host.console("dnf -y upgrade kcm-guacd");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out())
                .contains("kcm-guacd: pre-installation check failed")
                .contains("Failed:");
        assertThat(failed.err())
                .isEqualTo("Error in PREIN scriptlet in rpm package kcm-guacd\nError: Transaction failed\n");
        assertThat(out("rpm -q kcm-guacd")).isEqualTo("kcm-guacd-1.4.0-1.el9.x86_64\n");
        assertThat(host.effects()).isEmpty();
    }

    @Test
    void anAbsentRepositoryIsSaidByDnf() {
        host.fail(Fault.REPO404);
        Output failed = host.console("dnf -q check-update");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).startsWith("Error: Failed to download metadata for repo 'vendor'");
    }

    @Test
    void aFullDiskRefusesDataButMakesEmptyFiles() {
        host.fail(Fault.DISK);
        assertThat(host.console(
                                "echo data > /var/lib/f; echo $?; [ -e /var/lib/f ] && [ ! -s /var/lib/f ] && echo empty; echo x > /tmp/f && cat /tmp/f")
                        .out())
                .isEqualTo("1\nempty\nx\n");
        assertThat(out("df -Pk / | tail -n1 | tr -s ' ' | cut -d' ' -f4")).isEqualTo("0\n");
        assertThat(host.console("dnf -y upgrade 'kcm-*'")).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(1);
            assertThat(o.err()).contains("[Errno 28] No space left on device");
        });
        host.heal();
        assertThat(exit("echo data > /var/lib/f")).isZero();
    }

    @Test
    void dnfWaitsForWhoeverHasItsLock() {
        host.fail(Fault.DNFLOCK);
        String holder = out("cat /var/cache/dnf/metadata_lock.pid").trim();
        assertThat(exit("kill -0 " + holder)).isZero();
        assertThat(out("cat /proc/" + holder + "/comm")).isEqualTo("sleep\n");
        assertThat(host.console("timeout 5 dnf -q list updates"))
                .isEqualTo(new Output(124, "", "Waiting for process with pid " + holder + " to finish.\n"));
        assertThat(exit("dnf -y --setopt=exit_on_lock=1 upgrade")).isEqualTo(200);
        assertThat(exit("rpm -q kcm-guacd")).isZero();
        host.heal();
        assertThat(exit("dnf -q list updates")).isZero();
    }

    @Test
    void theClockFaultMovesTheHostsClock() {
        long real = System.currentTimeMillis() / 1000;
        host.fail(Fault.CLOCK, "-300");
        assertThat(Long.parseLong(out("date +%s").trim())).isBetween(real - 301, real - 270);
    }

    @Test
    void aServiceWithABrokenConfigurationRefusesToStart() {
        assertThat(host.console(
                                "systemctl stop guacd; echo interlock-lab-broken >> /etc/guacamole/guacd.conf; systemctl start guacd")
                        .exit())
                .isEqualTo(1);
        assertThat(out("systemctl is-active guacd")).isEqualTo("failed\n");
        assertThat(exit("sed -i /^interlock-lab/d /etc/guacamole/guacd.conf; systemctl start guacd"))
                .isZero();
    }

    @Test
    void aBootStartsWhatIsEnabledAndForgetsWhatIsInMemory() {
        String boot = out("cat /proc/sys/kernel/random/boot_id");
        host.console("systemctl stop guacd; echo x > /run/f; echo y > /var/lib/f");
        host.fail(Fault.CRASH).heal();
        assertThat(out("cat /proc/sys/kernel/random/boot_id")).isNotEqualTo(boot);
        assertThat(out("systemctl is-active guacd; ls /run; cat /var/lib/f")).isEqualTo("active\ny\n");
    }
}
