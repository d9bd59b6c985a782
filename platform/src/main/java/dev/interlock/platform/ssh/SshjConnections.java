package dev.interlock.platform.ssh;

import dev.interlock.platform.credentials.Credential;
import dev.interlock.platform.credentials.Credentials;
import dev.interlock.platform.credentials.PasswordAttempts;
import dev.interlock.platform.ssh.SshFailure.During;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.SocketFactory;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.jspecify.annotations.Nullable;

/** SSH by sshj. One reader thread a connection is sshj's; all else runs on the caller's thread and one timer. */
@Singleton
@Bean(typed = SshConnections.class)
final class SshjConnections implements SshConnections, AutoCloseable {

    /** For 200 commands at once: what a host may send before we have looked at it. */
    private static final int WINDOW_BYTES = 256 * 1024;

    private final SshSettings settings;
    private final Credentials credentials;
    private final PasswordAttempts attempts;
    private final @Nullable MeterRegistry meters;
    private final WiringConfig config = new WiringConfig();
    private final ClientKeys keys = new ClientKeys(config);
    private final ConnectionLimits limits;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<SshjSession> open = ConcurrentHashMap.newKeySet();

    /** Passwords that a host has accepted; others are tried one at a time for each host, so that a wrong one is tried once (L43). */
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();

    private final ConcurrentHashMap<String, ReentrantLock> firstTries = new ConcurrentHashMap<>();

    SshjConnections(
            SshSettings settings, Credentials credentials, PasswordAttempts attempts, @Nullable MeterRegistry meters) {
        this.settings = settings;
        this.credentials = credentials;
        this.attempts = attempts;
        this.meters = meters;
        this.limits = new ConnectionLimits(settings.connections(), settings.connectionsPerHost());
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ssh-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        if (meters != null) {
            meters.gauge("interlock.ssh.connections", open, Set::size);
        }
    }

    @Override
    public SshSession open(SshTarget target) {
        var credential = credentials.resolve(target.credential());
        try {
            return switch (credential) {
                case Credential.PrivateKey key -> queued(target, key);
                case Credential.Password password -> once(target, password);
            };
        } catch (SshException failed) {
            count(failed.reason().getClass().getSimpleName());
            throw failed;
        }
    }

    private SshSession once(SshTarget target, Credential.Password password) {
        var place = target.user() + "@" + target.address() + ":" + target.port();
        var tried = password.name() + " " + password.version() + " " + place;
        if (accepted.contains(tried)) {
            return queued(target, password);
        }
        var turn = firstTries.computeIfAbsent(password.name() + " " + place, k -> new ReentrantLock(true));
        try {
            if (!turn.tryLock(settings.queue().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SshException(target, new SshFailure.TimedOut(During.QUEUE, settings.queue()), null);
            }
        } catch (InterruptedException stop) {
            throw interrupted(target, stop);
        }
        try {
            attempts.check(password, place);
            var session = queued(target, password);
            accepted.add(tried);
            return session;
        } catch (SshException failed) {
            if (failed.reason() instanceof SshFailure.AuthenticationFailed) {
                attempts.failed(password, place);
            }
            throw failed;
        } finally {
            turn.unlock();
        }
    }

    private SshSession queued(SshTarget target, Credential credential) {
        ConnectionLimits.Place place;
        try {
            place = limits.take(
                    target.address() + ":" + target.port(), settings.queue().toNanos());
        } catch (InterruptedException stop) {
            throw interrupted(target, stop);
        }
        if (place == null) {
            throw new SshException(target, new SshFailure.TimedOut(During.QUEUE, settings.queue()), null);
        }
        boolean opened = false;
        try {
            var session = connect(target, credential, place);
            opened = true;
            count("opened");
            return session;
        } finally {
            if (!opened) {
                place.giveBack();
            }
        }
    }

    private SshSession connect(SshTarget target, Credential credential, ConnectionLimits.Place place) {
        var opening = new Opening();
        var pinned = new PinnedKey(target.hostKey());
        var client = new SSHClient(config);
        boolean opened = false;
        try {
            client.setSocketFactory(opening);
            client.setConnectTimeout(millis(settings.connect()));
            client.addHostKeyVerifier(pinned);
            // our own timer ends each phase; sshj's waits only have to be longer
            client.getTransport().setTimeoutMs(2 * millis(settings.handshake().plus(settings.authentication())));
            client.getConnection().setWindowSize(WINDOW_BYTES);
            client.connect(target.address(), target.port());
            opening.enter(During.AUTHENTICATION, settings.authentication());
            authenticate(client, target, credential);
            opening.leave();
            client.getSocket().setSoTimeout(0);
            var session = new SshjSession[1];
            session[0] = new SshjSession(target, client, settings, timer, () -> {
                open.remove(session[0]);
                place.giveBack();
            });
            open.add(session[0]);
            opened = true;
            return session[0];
        } catch (IOException failed) {
            throw new SshException(target, reason(failed, opening, pinned, target, client), failed);
        } finally {
            opening.leave();
            if (!opened) {
                opening.close();
                closeQuietly(client);
            }
        }
    }

    private void authenticate(SSHClient client, SshTarget target, Credential credential) throws IOException {
        switch (credential) {
            case Credential.PrivateKey key -> client.auth(target.user(), new SignedPublicKey(keys.of(key)));
            case Credential.Password password -> {
                var text = password.password().reveal().toCharArray();
                try {
                    client.auth(target.user(), new AuthPassword(PasswordUtils.createOneOff(text.clone())));
                } catch (UserAuthException refused) {
                    var allowed = client.getUserAuth().getAllowedMethods();
                    // where sshd has switched "password" off it has not looked at it, so this is still the first try
                    if (!client.isConnected()
                            || allowed.contains("password")
                            || !allowed.contains("keyboard-interactive")) {
                        throw refused;
                    }
                    client.auth(
                            target.user(),
                            new AuthKeyboardInteractive(
                                    new PasswordResponseProvider(PasswordUtils.createOneOff(text.clone()))));
                }
            }
        }
    }

    private static SshFailure reason(
            IOException failed, Opening opening, PinnedKey pinned, SshTarget target, SSHClient client) {
        var verdict = pinned.verdict();
        if (verdict != null) {
            return verdict;
        }
        if (opening.timedOut || caused(failed, SocketTimeoutException.class) != null) {
            return new SshFailure.TimedOut(opening.phase, opening.limit);
        }
        if (opening.phase == During.CONNECT) {
            return new SshFailure.Unreachable(Reasons.of(failed));
        }
        var ended = caused(failed, TransportException.class);
        boolean saidGoodbye = ended != null && ended.getDisconnectReason() != DisconnectReason.UNKNOWN;
        if (opening.phase == During.AUTHENTICATION && (client.isConnected() || saidGoodbye)) {
            return new SshFailure.AuthenticationFailed(
                    target.user(), target.credential(), saidGoodbye ? Reasons.of(failed) : "refused");
        }
        return new SshFailure.ConnectionLost(opening.phase, Reasons.of(failed));
    }

    private static <T extends Throwable> @Nullable T caused(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }

    private static SshException interrupted(SshTarget target, InterruptedException stop) {
        Thread.currentThread().interrupt();
        return new SshException(target, new SshFailure.ConnectionLost(During.QUEUE, "interrupted"), stop);
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE / 4, Math.max(1, duration.toMillis()));
    }

    private static void closeQuietly(SSHClient client) {
        try {
            client.disconnect();
        } catch (IOException worthless) {
            // it was not open, or it is not any more
        }
    }

    private void count(String outcome) {
        if (meters != null) {
            meters.counter("interlock.ssh.opens", "outcome", outcome).increment();
        }
    }

    int sessions() {
        return open.size();
    }

    @Override
    @PreDestroy
    public void close() {
        open.forEach(SshjSession::close);
        timer.shutdownNow();
    }

    /** The socket of a connection that is being made; closing it when a phase takes too long ends whatever waits on it. */
    private final class Opening extends SocketFactory {
        private volatile During phase = During.CONNECT;
        private volatile Duration limit = settings.connect();
        private volatile boolean timedOut;
        private @Nullable Socket socket;
        private @Nullable ScheduledFuture<?> alarm;

        @Override
        public Socket createSocket() {
            var made = new Socket() {
                @Override
                public void connect(SocketAddress to, int timeout) throws IOException {
                    setTcpNoDelay(true);
                    super.connect(to, timeout);
                    enter(During.HANDSHAKE, settings.handshake());
                }
            };
            socket = made;
            return made;
        }

        synchronized void enter(During next, Duration most) {
            leave();
            phase = next;
            limit = most;
            alarm = timer.schedule(
                    () -> {
                        timedOut = true;
                        close();
                    },
                    most.toNanos(),
                    TimeUnit.NANOSECONDS);
        }

        synchronized void leave() {
            if (alarm != null) {
                alarm.cancel(false);
                alarm = null;
            }
        }

        void close() {
            var made = socket;
            if (made != null) {
                try {
                    made.close();
                } catch (IOException worthless) {
                    // it is gone either way
                }
            }
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("sockets are made unconnected");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("sockets are made unconnected");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("sockets are made unconnected");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("sockets are made unconnected");
        }
    }
}
