package dev.interlock.platform.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.interlock.platform.credentials.Credential;
import dev.interlock.platform.credentials.CredentialException;
import dev.interlock.platform.credentials.Credentials;
import dev.interlock.platform.credentials.PasswordAttempts;
import dev.interlock.platform.credentials.Secret;
import dev.interlock.platform.ssh.SshFailure.During;
// CL import dev.interlock.testkit.Clause;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SshConnectionsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final KeyPair CLIENT = SshHost.newKey("ssh-ed25519");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final RememberedRefusals refusals = new RememberedRefusals();
    private volatile String password = "open sesame";
    private volatile String passwordVersion = "1";

    @AfterEach
    void closeAll() throws Exception {
        for (var each : opened.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"})
    void runsACommandOnAHostWhoseKeyIsPinned(String type) throws Exception {
        var host = host(type);
        try (var session = connections().open(target(host))) {
            var result = session.run("printf 'hello %s\\n' \"$((40 + 2))\"; echo oops >&2; exit 3", SOON);

            assertThat(result).returns(3, CommandResult::exit).returns("hello 42\n", CommandResult::out);
            assertThat(result).returns("oops\n", CommandResult::err).returns(false, CommandResult::truncated);
            assertThat(result.took()).isPositive().isLessThan(SOON);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"})
    void asksForThePinnedKindOfKeyOfAHostThatHasSeveral(String type) throws Exception {
        var keys = new ArrayList<>(List.of(
                SshHost.newKey("ssh-ed25519"), SshHost.newKey("ecdsa-sha2-nistp256"), SshHost.newKey("ssh-rsa")));
        var pinned = keys.stream()
                .filter(k -> SshHost.line(k).startsWith(type))
                .findFirst()
                .orElseThrow();
        keys.remove(pinned);
        keys.add(pinned);
        var host = keep(new SshHost(keys, CLIENT));
        try (var session = connections().open(target(host))) {
            assertThat(session.run("echo in", SOON).out()).isEqualTo("in\n");
        }
    }

    @Test
    void refusesAHostWhoseKeyHasChangedAndTellsBothKeys() throws Exception {
        var host = host("ssh-ed25519");
        var before = SshHost.line(SshHost.newKey("ssh-ed25519"));
        var failure = failure(connections(), target(host, before));

        assertThat(failure.reason()).isEqualTo(new SshFailure.HostKeyChanged(before, host.publicKey()));
        assertThat(failure).hasMessageContaining(HostKeys.fingerprint(before));
        assertThat(failure).hasMessageContaining(HostKeys.fingerprint(host.publicKey()));
    }

    @Test
    void refusesAHostWithoutPinnedKeyAndTellsTheKeyItShows() throws Exception {
        var host = host("ssh-ed25519");
        var failure = failure(connections(), target(host, null));

        assertThat(failure.reason()).isEqualTo(new SshFailure.HostKeyUnknown(host.publicKey()));
        assertThat(HostKeys.normalise(host.publicKey() + " root@kcm-01")).contains(host.publicKey());
    }

    @Test
    void saysThatNothingListens() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var failure = failure(connections(), target(port, "ssh-ed25519 AAAA"));

        assertThat(failure.reason()).isEqualTo(new SshFailure.Unreachable("Connection refused"));
        assertThat(failure.reason().mayHaveRun()).isFalse();
    }

    @Test
    void saysThatANameIsNotKnown() {
        var target = new SshTarget(UUID.randomUUID(), "no-such-host.invalid", 22, "fleet", "key", null);
        assertThat(failure(connections(), target).reason())
                .isEqualTo(new SshFailure.Unreachable("the name no-such-host.invalid is not known"));
    }

    @Test
    void givesUpAHostThatHangsAfterAccept() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var connections =
                    connections(settings().handshake(Duration.ofMillis(300)).build());
            var failure = failure(connections, target(silent.getLocalPort(), "ssh-ed25519 AAAA"));

            assertThat(failure.reason()).isEqualTo(new SshFailure.TimedOut(During.HANDSHAKE, Duration.ofMillis(300)));
            assertNothingLeft();
        }
    }

    @Test
    void givesUpAHostThatDripsItsGreeting() throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var dripping = Thread.startVirtualThread(() -> {
                try (var socket = server.accept()) {
                    while (true) {
                        socket.getOutputStream().write('x');
                        var ignored = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                    }
                } catch (IOException | InterruptedException gone) {
                    // the client has hung up, which is the point
                }
            });
            var connections =
                    connections(settings().handshake(Duration.ofMillis(400)).build());
            var failure = failure(connections, target(server.getLocalPort(), "ssh-ed25519 AAAA"));

            assertThat(failure.reason()).isEqualTo(new SshFailure.TimedOut(During.HANDSHAKE, Duration.ofMillis(400)));
            dripping.join();
        }
    }

    @Test
    void saysThatTheHostHungUpWhileAgreeingOnKeys() throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var closing = Thread.startVirtualThread(() -> {
                try (var socket = server.accept()) {
                    socket.getOutputStream()
                            .write("SSH-2.0-none\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                } catch (IOException unexpected) {
                    throw new java.io.UncheckedIOException(unexpected);
                }
            });
            var failure = failure(connections(), target(server.getLocalPort(), "ssh-ed25519 AAAA"));

            assertThat(failure.reason())
                    .isInstanceOfSatisfying(
                            SshFailure.ConnectionLost.class,
                            lost -> assertThat(lost.during()).isEqualTo(During.HANDSHAKE));
            closing.join();
        }
    }

    @Test
    void saysThatTheHostDoesNotAcceptTheKey() throws Exception {
        var host = keep(new SshHost("ssh-ed25519", SshHost.newKey("ssh-ed25519")));
        var failure = failure(connections(), target(host));

        assertThat(failure.reason()).isEqualTo(new SshFailure.AuthenticationFailed("fleet", "key", "refused"));
        assertNothingLeft();
    }

    @Test
    void logsInWithAPassword() throws Exception {
        var host = host("ssh-ed25519");
        try (var session = connections().open(target(host, host.publicKey(), "password"))) {
            assertThat(session.run("echo in", SOON).out()).isEqualTo("in\n");
        }
        assertThat(host.passwordTries).hasValue(1);
    }

    @Test
    // CL @Clause("L43")
    void triesAWrongPasswordOnceOnlyUntilItsFileChanges() throws Exception {
        var host = host("ssh-ed25519");
        password = "wrong";
        var connections = connections();
        var target = target(host, host.publicKey(), "password");

        assertThat(failure(connections, target).reason())
                .isEqualTo(new SshFailure.AuthenticationFailed("fleet", "password", "refused"));
        assertThatExceptionOfType(CredentialException.class)
                .isThrownBy(() -> connections.open(target))
                .withMessageContaining("is not tried again")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("wrong"));
        assertThat(host.passwordTries).hasValue(1);

        password = "open sesame";
        passwordVersion = "2";
        connections.open(target).close();
        assertThat(host.passwordTries).hasValue(2);
    }

    @Test
    // CL @Clause("L43")
    void triesAWrongPasswordOnceEvenWhenTwentyWantItAtOnce() throws Exception {
        var host = host("ssh-ed25519");
        password = "wrong";
        var connections = connections();
        var target = target(host, host.publicKey(), "password");

        var outcomes = all(20, () -> {
            try (var session = connections.open(target)) {
                return "in";
            } catch (SshException refused) {
                return "refused";
            } catch (CredentialException notTried) {
                return "not tried";
            }
        });

        assertThat(outcomes).containsOnlyOnce("refused").doesNotContain("in");
        assertThat(host.passwordTries).hasValue(1);
    }

    @Test
    void killsACommandThatTakesTooLongAndTheConnectionGoesOn() throws Exception {
        var host = host("ssh-ed25519");
        try (var session = connections().open(target(host))) {
            var beside = Executors.newVirtualThreadPerTaskExecutor();
            try (beside) {
                var other = beside.submit(() -> session.run("sleep 1; echo other", SOON));
                var failure = failure(() -> session.run("echo begun; sleep 30", Duration.ofMillis(300)));

                assertThat(failure.reason()).isEqualTo(new SshFailure.TimedOut(During.COMMAND, Duration.ofMillis(300)));
                assertThat(failure.reason().mayHaveRun()).isTrue();
                assertThat(other.get().out()).isEqualTo("other\n");
            }
            await().untilAsserted(() -> assertThat(host.running).hasValue(0));
            assertThat(session.run("echo again", SOON).out()).isEqualTo("again\n");
        }
    }

    @Test
    void endsWithConnectionLostWhenTheHostDropsTheConnectionInMidCommand() throws Exception {
        var host = host("ssh-ed25519");
        try (var session = connections().open(target(host));
                var caller = Executors.newVirtualThreadPerTaskExecutor()) {
            var lost = caller.submit(() -> failure(() -> session.run("echo begun; sleep 30", SOON)));
            await().untilAsserted(() -> assertThat(host.running).hasValue(1));
            host.server.getActiveSessions().forEach(s -> s.close(true));

            assertThat(lost.get().reason())
                    .isEqualTo(new SshFailure.ConnectionLost(During.COMMAND, "the host closed the connection"));
            assertThat(session.alive()).isFalse();
            assertThat(failure(() -> session.run("echo more", SOON)).reason().mayHaveRun())
                    .isFalse();
        }
        assertNothingLeft();
    }

    @Test
    void noticesByKeepAliveThatAHostHasGoneSilent() throws Exception {
        var host = host("ssh-ed25519");
        try (var wire = new Wire(host.port())) {
            var connections =
                    connections(settings().keepAlive(Duration.ofMillis(100)).build());
            try (var session = connections.open(target(wire.port(), host.publicKey()))) {
                wire.cut();
                var failure = failure(() -> session.run("echo begun; sleep 30", SOON));

                assertThat(failure.reason())
                        .isInstanceOfSatisfying(
                                SshFailure.ConnectionLost.class,
                                lost -> assertThat(lost.detail()).isEqualTo("no answer to 3 keep-alive questions"));
            }
        }
        assertNothingLeft();
    }

    @Test
    void keepsABoundedPartOfAFlood() throws Exception {
        var host = host("ssh-ed25519");
        var connections = connections(settings().output(2001).build());
        try (var session = connections.open(target(host))) {
            var result = session.run(
                    "i=0; while [ $i -lt 40000 ]; do echo 'grüße und küsse aus dem süden'; i=$((i+1)); done", SOON);

            assertThat(result.exit()).isZero();
            assertThat(result.truncated()).isTrue();
            assertThat(result.out()).startsWith("grüße").doesNotContain("\uFFFD");
            assertThat(result.out().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                    .isBetween(1999, 2001);
        }
    }

    @Test
    void showsOutputWhileTheCommandRuns() throws Exception {
        var host = host("ssh-ed25519");
        var seen = new StringWriter();
        try (var session = connections().open(target(host));
                var caller = Executors.newVirtualThreadPerTaskExecutor()) {
            var result = caller.submit(() -> session.run(
                    "echo one; while [ ! -e /tmp/interlock-$PPID-never ]; do sleep 0.2; i=$((i+1)); [ $i -lt 5 ] || exit 0; echo grün; done",
                    SOON,
                    new SshSession.Output() {
                        @Override
                        public void out(String text) {
                            seen.append(text);
                        }
                    }));
            await().untilAsserted(() -> assertThat(seen.toString()).startsWith("one\n"));
            assertThat(result.isDone()).isFalse();
            assertThat(result.get().out()).isEqualTo(seen.toString()).contains("grün");
        }
    }

    @Test
    void aSecretGoesByStandardInputAndIsInNoCommand() throws Exception {
        var host = host("ssh-ed25519");
        try (var session = connections().open(target(host))) {
            var script =
                    "IFS= read -r SECRET; export SECRET; sh -c 'printf %s \"$SECRET\" | wc -c'; wc -c; echo \"$0 $*\"";
            var result = session.run(script, new Secret(" pass 'word\\ "), SOON);

            assertThat(result.err()).isEmpty();
            assertThat(result.out().lines().map(String::strip)).startsWith("13", "0");
            assertThat(script + result.out()).doesNotContain("word");
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> session.run("true", new Secret("two\nlines"), SOON));
        }
    }

    @Test
    void givesTheScriptAnEmptyInputEvenIfItIsTooLongForACommandLine() throws Exception {
        var host = host("ssh-ed25519");
        var long1 = "# " + "x".repeat(200_000) + "\n";
        try (var session = connections().open(target(host))) {
            var script = "n=$(wc -c); echo \"input: $((n + 0))\"; exit 7\n";

            assertThat(session.run(script, SOON))
                    .returns("input: 0\n", CommandResult::out)
                    .returns(7, CommandResult::exit);
            assertThat(session.run(long1 + script, SOON))
                    .returns("input: 0\n", CommandResult::out)
                    .returns(7, CommandResult::exit);
        }
    }

    @Test
    void doesNotWaitForADaemonThatHoldsTheOutputOpen() throws Exception {
        var host = host("ssh-ed25519");
        try (var session = connections().open(target(host))) {
            assertThat(session.run("sleep 0.1 & echo started", SOON).out()).isEqualTo("started\n");
        }
    }

    @Test
    void reports255ForACommandKilledByASignal() throws Exception {
        var host = host("ssh-ed25519");
        try (var session = connections().open(target(host))) {
            assertThat(session.run("kill -9 $$", SOON).exit()).isNotZero();
        }
    }

    @Test
    void runsCommandsSideBySideButNoMoreThanTheHostAllows() throws Exception {
        var host = host("ssh-ed25519");
        host.allowChannels(3);
        try (var session = connections().open(target(host))) {
            var outputs =
                    all(12, () -> session.run("sleep 0.1; echo done", SOON).out());

            assertThat(outputs).hasSize(12).containsOnly("done\n");
            assertThat(host.mostRunning.get()).isBetween(2, 3);
        }
    }

    @Test
    void letsOnlySoManyConnectToOneHostAndTheOthersWait() throws Exception {
        var host = host("ssh-ed25519");
        var connections = connections(settings().connectionsPerHost(2).build());
        var answers = all(10, () -> {
            try (var session = connections.open(target(host))) {
                assertThat(host.server.getActiveSessions().size()).isLessThanOrEqualTo(4);
                return session.run("echo in", SOON).out();
            }
        });
        assertThat(answers).hasSize(10).containsOnly("in\n");
    }

    @Test
    void whoWaitsTooLongForAPlaceIsTold() throws Exception {
        var host = host("ssh-ed25519");
        var connections = connections(
                settings().connections(1).queue(Duration.ofMillis(100)).build());
        try (var session = connections.open(target(host))) {
            assertThat(session.alive()).isTrue();
            assertThat(failure(connections, target(host)).reason())
                    .isEqualTo(new SshFailure.TimedOut(During.QUEUE, Duration.ofMillis(100)));
        }
        connections.open(target(host)).close();
    }

    @Test
    void holdsTwoHundredSessionsAtOnceAndLeavesNoThreadBehind() throws Exception {
        var host = host("ssh-ed25519");
        var connections = connections(settings().connectionsPerHost(256).build());
        int before = readers();
        var allOpen = new CountDownLatch(200);
        var answers = all(200, () -> {
            try (var session = connections.open(target(host))) {
                allOpen.countDown();
                assertThat(allOpen.await(40, TimeUnit.SECONDS)).isTrue();
                return session.run("echo in", Duration.ofSeconds(40)).out();
            }
        });

        assertThat(answers).hasSize(200).containsOnly("in\n");
        assertThat(connections.sessions()).isZero();
        await().untilAsserted(() -> assertThat(readers()).isEqualTo(before));
    }

    @Test
    void closingTheServiceClosesItsConnections() throws Exception {
        var host = host("ssh-ed25519");
        var connections = connections();
        var session = connections.open(target(host));
        connections.close();

        assertThat(session.alive()).isFalse();
        await().untilAsserted(() -> assertThat(host.server.getActiveSessions()).isEmpty());
        assertNothingLeft();
    }

    private static <T> List<T> all(int times, Callable<T> work) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < times; i++) {
                futures.add(executor.submit(work));
            }
            var answers = new ArrayList<T>();
            for (var future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private static void assertNothingLeft() {
        await().untilAsserted(() -> assertThat(readers()).isZero());
    }

    private static int readers() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("sshj-Reader"))
                .count();
    }

    private SshException failure(SshConnections connections, SshTarget target) {
        return failure(() -> connections.open(target));
    }

    private static SshException failure(Callable<?> work) {
        try {
            var unexpected = work.call();
            throw new AssertionError("no failure but " + unexpected);
        } catch (SshException expected) {
            return expected;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    private SshHost host(String keyType) throws IOException {
        return keep(new SshHost(keyType, CLIENT));
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private static SshTarget target(SshHost host) {
        return target(host, host.publicKey());
    }

    private static SshTarget target(SshHost host, @Nullable String hostKey) {
        return target(host, hostKey, "key");
    }

    private static SshTarget target(SshHost host, @Nullable String hostKey, String credential) {
        return new SshTarget(UUID.randomUUID(), "127.0.0.1", host.port(), "fleet", credential, hostKey);
    }

    private static SshTarget target(int port, @Nullable String hostKey) {
        return new SshTarget(UUID.randomUUID(), "127.0.0.1", port, "fleet", "key", hostKey);
    }

    private SshjConnections connections() {
        return connections(settings().build());
    }

    private SshjConnections connections(SshSettings settings) {
        Credentials credentials = name -> name.equals("password")
                ? new Credential.Password(name, passwordVersion, new Secret(password))
                : new Credential.PrivateKey(name, "1", new Secret(pem(CLIENT)), null);
        return keep(new SshjConnections(settings, credentials, refusals, null));
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static Settings settings() {
        return new Settings();
    }

    private static final class Settings {
        private int connections = 256;
        private int connectionsPerHost = 4;
        private int output = 262144;
        private Duration queue = Duration.ofSeconds(30);
        private Duration handshake = Duration.ofSeconds(30);
        private Duration keepAlive = Duration.ofSeconds(15);

        Settings connections(int n) {
            connections = n;
            return this;
        }

        Settings connectionsPerHost(int n) {
            connectionsPerHost = n;
            return this;
        }

        Settings output(int bytes) {
            output = bytes;
            return this;
        }

        Settings queue(Duration most) {
            queue = most;
            return this;
        }

        Settings handshake(Duration most) {
            handshake = most;
            return this;
        }

        Settings keepAlive(Duration every) {
            keepAlive = every;
            return this;
        }

        SshSettings build() {
            return new SshSettings(
                    connections,
                    connectionsPerHost,
                    10,
                    queue,
                    Duration.ofSeconds(5),
                    handshake,
                    Duration.ofSeconds(30),
                    keepAlive,
                    output);
        }
    }

    /** A wire that can be cut so that neither end notices. */
    private static final class Wire implements AutoCloseable {
        private final ServerSocket entry = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final List<Socket> ends = new ArrayList<>();
        private volatile boolean cut;

        Wire(int to) throws IOException {
            var accepting = Thread.startVirtualThread(() -> {
                try {
                    var near = entry.accept();
                    var far = new Socket(InetAddress.getLoopbackAddress(), to);
                    synchronized (ends) {
                        ends.addAll(List.of(near, far));
                    }
                    Thread.startVirtualThread(() -> carry(near, far));
                    Thread.startVirtualThread(() -> carry(far, near));
                } catch (IOException closed) {
                    // the test is over
                }
            });
            assertThat(accepting.isVirtual()).isTrue();
        }

        int port() {
            return entry.getLocalPort();
        }

        void cut() {
            cut = true;
        }

        private void carry(Socket from, Socket to) {
            var buffer = new byte[8192];
            try {
                for (int n = from.getInputStream().read(buffer);
                        n >= 0;
                        n = from.getInputStream().read(buffer)) {
                    if (!cut) {
                        to.getOutputStream().write(buffer, 0, n);
                    }
                }
            } catch (IOException closed) {
                // one end has gone
            }
        }

        @Override
        public void close() throws IOException {
            entry.close();
            synchronized (ends) {
                for (var end : ends) {
                    end.close();
                }
            }
        }
    }

    /** What the table does, in memory. */
    private static final class RememberedRefusals implements PasswordAttempts {
        private final ConcurrentHashMap<String, Refused> refused = new ConcurrentHashMap<>();

        @Override
        public void check(Credential.Password password, String place) {
            var before = refused.get(password.name() + " " + place);
            if (before != null && before.version().equals(password.version())) {
                throw PasswordAttempts.refusal(password, place);
            }
        }

        @Override
        public void failed(Credential.Password password, String place) {
            refused.put(
                    password.name() + " " + place,
                    new Refused(password.name(), place, password.version(), Instant.EPOCH));
        }

        @Override
        public int clear(String credential) {
            int before = refused.size();
            refused.values().removeIf(r -> r.credential().equals(credential));
            return before - refused.size();
        }

        @Override
        public List<Refused> list() {
            return List.copyOf(refused.values());
        }
    }
}
