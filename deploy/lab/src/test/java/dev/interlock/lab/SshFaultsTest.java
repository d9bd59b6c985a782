package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lab seen through sshj, as Interlock sees it. */
@Timeout(60)
class SshFaultsTest {
    private Lab lab;
    private LabHost host;

    @BeforeEach
    void start() {
        lab = Lab.builder().timeScale(20).start();
        host = lab.addKeeper("kcm-001");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void commandsAnswerWithOutputErrorsAndExitStatus() throws IOException {
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("echo out; echo err >&2; exit 7")).isEqualTo(new Client.Answer(7, "out\n", "err\n"));
            assertThat(client.run("whoami; pwd; sudo -n whoami").out()).isEqualTo("interlock\n/home/interlock\nroot\n");
            assertThat(client.run("systemctl stop guacd"))
                    .isEqualTo(
                            new Client.Answer(
                                    4,
                                    "",
                                    "Failed to stop guacd.service: Access denied\nSee system logs and 'systemctl status guacd.service' for details.\n"));
        }
        try (Client root = Client.of(lab, host, "root", 5000)) {
            assertThat(root.run("id -u").out()).isEqualTo("0\n");
        }
    }

    @Test
    void severalCommandsRunAtOnceOnOneConnection() throws Exception {
        try (Client client = Client.of(lab, host)) {
            var all = new ArrayList<CompletableFuture<Client.Answer>>();
            for (int i = 0; i < 8; i++) {
                String script = "sleep 2; echo " + i;
                all.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return client.run(script);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(all.get(i).get(10, TimeUnit.SECONDS).out()).isEqualTo(i + "\n");
            }
        }
    }

    @Test
    void refuseRefusesNewConnectionsAndLetsOldOnesLive() throws IOException {
        try (Client client = Client.of(lab, host)) {
            host.fail(Fault.REFUSE);
            assertThatThrownBy(() -> Client.of(lab, host)).isInstanceOf(ConnectException.class);
            assertThat(client.run("echo alive").out()).isEqualTo("alive\n");
        }
        host.heal();
        try (Client again = Client.of(lab, host)) {
            assertThat(again.run("echo back").out()).isEqualTo("back\n");
        }
    }

    @Test
    void aHungHostAcceptsAndSaysNothingAndGoesOnWhenHealed() throws Exception {
        try (Client client = Client.of(lab, host, Lab.USER, 20_000)) {
            var running = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.run("sleep 4; echo thawed");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Awaitility.await().until(() -> host.commands() == 1);
            host.fail(Fault.HANG);
            assertThatThrownBy(() -> Client.of(lab, host, Lab.USER, 300)).hasMessageContaining("imed out");
            assertThat(running).isNotDone();
            host.heal();
            assertThat(running.get(10, TimeUnit.SECONDS).out()).isEqualTo("thawed\n");
        }
    }

    @Test
    void aHostThatLostPowerDoesNotEvenConnect() throws IOException {
        host.fail(Fault.CRASH);
        assertThatThrownBy(() -> Client.of(lab, host, Lab.USER, 500)).isInstanceOf(SocketTimeoutException.class);
        host.heal();
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("systemctl is-active guacd").out()).isEqualTo("active\n");
        }
    }

    @Test
    void aCrashMayResetItsConnections() throws Exception {
        try (Client client = Client.of(lab, host)) {
            var running = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.run("sleep 1000");
                } catch (IOException e) {
                    return new Client.Answer(null, "", "cut");
                }
            });
            Awaitility.await().until(() -> host.commands() == 1);
            host.fail(Fault.CRASH, "reset");
            assertThat(running.get(10, TimeUnit.SECONDS).exit()).isNull();
            assertThatThrownBy(() -> Client.of(lab, host)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aDroppedConnectionDoesNotEndADetachedJob() throws Exception {
        host.fail(Fault.DROP, "#2");
        String job =
                "mkdir /tmp/job && { setsid sh -c 'sleep 4; echo done > /tmp/job/out; echo 0 > /tmp/job/rc' </dev/null >/dev/null 2>&1 & echo $! > /tmp/job/pid; wait $!; }";
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("echo first").out()).isEqualTo("first\n");
            assertThat(attempt(client, job).exit()).isNull();
        }
        assertThat(host.machine().faults().has(Fault.DROP)).isFalse();
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("mkdir /tmp/job").exit()).isEqualTo(1);
            assertThat(client.run("while [ ! -e /tmp/job/rc ]; do sleep 1; done; cat /tmp/job/out /tmp/job/rc")
                            .out())
                    .isEqualTo("done\n0\n");
        }
    }

    @Test
    void aConnectionIsCutSoManyMillisecondsIntoACommand() throws IOException {
        host.fail(Fault.DROP, "100");
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("echo quick").out()).isEqualTo("quick\n");
            assertThat(attempt(client, "sleep 100").exit()).isNull();
        }
    }

    private static Client.Answer attempt(Client client, String script) {
        try {
            return client.run(script);
        } catch (IOException e) {
            return new Client.Answer(null, "", String.valueOf(e.getMessage()));
        }
    }

    @Test
    void aChangedHostKeyAndARefusedKeyAreSeenByTheClient() throws IOException {
        host.fail(Fault.HOSTKEY);
        assertThatThrownBy(() -> Client.of(lab, host))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("host key");
        host.heal().fail(Fault.AUTH);
        assertThatThrownBy(() -> Client.of(lab, host)).isInstanceOf(UserAuthException.class);
        host.heal();
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("true").exit()).isZero();
        }
    }

    @Test
    void aSlowHostIsSlow() throws IOException {
        host.fail(Fault.SLOW, "200");
        long begin = System.nanoTime();
        try (Client client = Client.of(lab, host)) {
            client.run("true");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(600));
    }

    @Test
    void aBackgroundProcessThatHoldsTheOutputHoldsTheAnswerAsWithOpenSsh() throws IOException {
        try (Client client = Client.of(lab, host)) {
            assertThat(client.run("{ sleep 4; echo late; } & echo now").out()).isEqualTo("now\nlate\n");
            long begin = System.nanoTime();
            assertThat(client.run("sleep 1000 >/dev/null 2>&1 </dev/null & echo now")
                            .out())
                    .isEqualTo("now\n");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void theListenerSeesEachMomentInOrderAndMayHoldTheCommand() throws Exception {
        List<String> moments = Collections.synchronizedList(new ArrayList<>());
        var held = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        lab.onCommand(moment -> {
            moments.add(moment.getClass().getSimpleName());
            if (moment instanceof Moment.EffectDue(Effect effect)) {
                assertThat(effect.commandId()).isEqualTo("kcm-001#1");
                reached.countDown();
                try {
                    assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        try (Client client = Client.of(lab, host)) {
            var answer = CompletableFuture.supplyAsync(() -> attempt(client, "sudo -n systemctl stop guacd"));
            assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(host.effects()).isEmpty();
            assertThat(host.console("systemctl show -p ActiveState --value guacd")
                            .out())
                    .isEqualTo("deactivating\n");
            held.countDown();
            assertThat(answer.get(10, TimeUnit.SECONDS).exit()).isZero();
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(moments)
                        .containsExactly("Started", "EffectDue", "EffectDone", "Answering", "Answered"));
    }
}
