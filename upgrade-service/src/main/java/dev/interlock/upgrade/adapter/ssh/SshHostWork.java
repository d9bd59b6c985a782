package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.platform.credentials.Credential;
import dev.interlock.platform.credentials.CredentialException;
import dev.interlock.platform.credentials.Credentials;
import dev.interlock.platform.credentials.PasswordAttempts;
import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.platform.ssh.SshConnections;
import dev.interlock.platform.ssh.SshException;
import dev.interlock.platform.ssh.SshFailure;
import dev.interlock.platform.ssh.SshSession;
import dev.interlock.platform.ssh.SshTarget;
import dev.interlock.upgrade.app.HostWork;
import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Host;
import dev.interlock.upgrade.domain.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps over SSH. A host keeps its connection from its first step to its last. When a connection breaks while a step is going on,
 * the same attempt is observed again over a new one: what was begun on the host goes on there, and its claim is found made.
 */
final class SshHostWork implements HostWork {
    private static final Logger LOG = LoggerFactory.getLogger(SshHostWork.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** The reason with which a verdict says that the host refused the step's password: it is not tried there again (L43). */
    static final String PASSWORD_REFUSED = "password-refused";

    private final SshConnections connections;
    private final Secrets secrets;
    private final HostScripts scripts;
    private final Settings settings;
    private final Clock clock;
    private final Map<UUID, SshSession> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param patience how long a host that went away in the middle of a step is waited for
     * @param idle most connections kept for hosts that are not being worked on
     */
    record Settings(Duration patience, int idle) {}

    /** Where the passwords that scripts read come from, and which of them were refused. */
    record Secrets(Credentials credentials, PasswordAttempts attempts) {
        Credential.@Nullable Password of(StepOrder order) {
            String name = order.step().action().secret();
            if (name == null) {
                return null;
            }
            if (!(credentials.resolve(name) instanceof Credential.Password password)) {
                throw new CredentialException(
                        name,
                        name + " is a key, and a password is needed.",
                        "Put the password into " + name + ".password.");
            }
            attempts.check(password, place(order));
            return password;
        }

        void refused(StepOrder order, Credential.Password password) {
            attempts.failed(password, place(order));
        }

        private static String place(StepOrder order) {
            return order.step().action().word() + " on " + order.host().name();
        }
    }

    SshHostWork(SshConnections connections, Secrets secrets, HostScripts scripts, Settings settings, Clock clock) {
        this.connections = connections;
        this.secrets = secrets;
        this.scripts = scripts;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public StepOutcome carryOut(StepOrder order) {
        boolean begun = order.again();
        Instant goneSince = null;
        Duration pause = FIRST_PAUSE;
        while (true) {
            SshSession session = take(order.host().id());
            boolean kept = session != null;
            try {
                Credential.Password password = secrets.of(order);
                if (session == null) {
                    session = connections.open(target(order.host()));
                }
                String script = scripts.script(order, begun || order.attempt() > 1, left(order));
                CommandResult result = password == null
                        ? session.run(script, left(order))
                        : session.run(script, password.password(), left(order));
                Instant answered = clock.instant();
                keep(order.host().id(), session);
                StepOutcome outcome = Verdicts.of(order, result, answered);
                Failure failure = outcome.failure();
                if (password != null && failure != null && failure.reason().equals(PASSWORD_REFUSED)) {
                    secrets.refused(order, password);
                }
                return outcome;
            } catch (SshException e) {
                if (session != null) {
                    session.close();
                }
                LOG.info("{}", e.getMessage());
                begun |= e.reason().mayHaveRun();
                Instant now = clock.instant();
                goneSince = goneSince == null ? now : goneSince;
                boolean patient = !certain(e.reason())
                        && (begun || kept || order.step().onFailure() == Step.OnFailure.STOP_AND_ASK)
                        && Duration.between(goneSince, now).compareTo(settings.patience()) < 0
                        && now.isBefore(order.deadline());
                if (!patient || !pause(pause)) {
                    return StepOutcome.failed(sentence(order, e.reason(), begun));
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            } catch (CredentialException e) {
                if (session != null) {
                    keep(order.host().id(), session);
                }
                return StepOutcome.failed(new Failure(
                        "credential",
                        "Credential " + e.credential() + " of " + order.host().name() + " cannot be used: "
                                + e.getMessage(),
                        e.next()));
            }
        }
    }

    /** Trying again would not help, and with a wrong password would do harm (L43). */
    private static boolean certain(SshFailure reason) {
        return switch (reason) {
            case SshFailure.HostKeyChanged c -> true;
            case SshFailure.HostKeyUnknown u -> true;
            case SshFailure.AuthenticationFailed a -> true;
            case SshFailure.Unreachable u -> false;
            case SshFailure.TimedOut t -> false;
            case SshFailure.ConnectionLost l -> false;
        };
    }

    private static SshTarget target(Host host) {
        return new SshTarget(host.id(), host.address(), host.port(), host.user(), host.credential(), host.hostKey());
    }

    private Duration left(StepOrder order) {
        Duration left = Duration.between(clock.instant(), order.deadline());
        return left.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : left;
    }

    private synchronized @Nullable SshSession take(UUID hostId) {
        SshSession session = sessions.remove(hostId);
        if (session != null && !session.alive()) {
            session.close();
            return null;
        }
        return session;
    }

    private void keep(UUID hostId, SshSession session) {
        SshSession tooMany = null;
        synchronized (this) {
            if (closed.getCount() == 0) {
                tooMany = session;
            } else {
                sessions.put(hostId, session);
                if (sessions.size() > settings.idle()) {
                    var oldest = sessions.entrySet().iterator();
                    tooMany = oldest.next().getValue();
                    oldest.remove();
                }
            }
        }
        if (tooMany != null) {
            tooMany.close();
        }
    }

    /** False when the run lets go of its hosts meanwhile. */
    private boolean pause(Duration pause) {
        try {
            return !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void release(UUID hostId) {
        SshSession session;
        synchronized (this) {
            session = sessions.remove(hostId);
        }
        if (session != null) {
            session.close();
        }
    }

    @Override
    public void close() {
        List<SshSession> all;
        synchronized (this) {
            closed.countDown();
            all = List.copyOf(sessions.values());
            sessions.clear();
        }
        all.forEach(SshSession::close);
    }

    private static Failure sentence(StepOrder order, SshFailure reason, boolean begun) {
        String host = order.host().name();
        String went = begun && order.step().onFailure() == Step.OnFailure.STOP_AND_ASK
                ? " What was begun there may have gone on: the retry observes first."
                : "";
        return switch (reason) {
            case SshFailure.Unreachable u ->
                new Failure(
                        "unreachable",
                        host + " cannot be reached: " + u.detail() + "." + went,
                        "See that the host is up and its SSH port open, then retry the step.");
            case SshFailure.TimedOut t ->
                switch (t.during()) {
                    case CONNECT ->
                        new Failure(
                                "unreachable",
                                host + " cannot be reached: " + t.sentence() + "." + went,
                                "See that the host is up and the network lets SSH through, then retry the step.");
                    case QUEUE ->
                        new Failure(
                                "too-many-connections",
                                "There was no free SSH connection for " + host + ": " + t.sentence() + ".",
                                "Retry the step when less is going on, or raise interlock.ssh.connections.");
                    case HANDSHAKE, AUTHENTICATION, CHANNEL, COMMAND ->
                        new Failure(
                                "host-hangs",
                                host + " accepts connections but does not answer: " + t.sentence() + "." + went,
                                "Look at the host's console; restart it if it hangs, then retry the step.");
                };
            case SshFailure.HostKeyChanged c ->
                new Failure(
                        "host-key-changed",
                        host + " shows another SSH host key than the pinned one: " + c.sentence()
                                + ". Nothing was sent to it.",
                        "Find out why. If the new key is right, pin it in the inventory, then retry the step.");
            case SshFailure.HostKeyUnknown u ->
                new Failure(
                        "host-key-unknown",
                        "No SSH host key is pinned for " + host + ": " + u.sentence() + ".",
                        "Compare the key and pin it, then retry the step.");
            case SshFailure.AuthenticationFailed a ->
                new Failure(
                        "credential-refused",
                        host + ": " + a.sentence() + ". It was tried once.",
                        "Put the credential right, then retry the step.");
            case SshFailure.ConnectionLost l ->
                new Failure(
                        "connection-lost",
                        host + " went away: " + l.sentence() + "." + went,
                        "See that the host is up, then retry the step.");
        };
    }
}
