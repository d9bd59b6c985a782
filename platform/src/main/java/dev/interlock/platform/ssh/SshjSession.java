package dev.interlock.platform.ssh;

import dev.interlock.platform.credentials.Secret;
import dev.interlock.platform.ssh.SshFailure.During;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection through sshj. */
final class SshjSession implements SshSession {

    private static final Logger LOG = LoggerFactory.getLogger(SshjSession.class);

    /** Larger scripts go by standard input; a packet has a limit of 256 KiB at OpenSSH and 35,000 bytes at the least by RFC. */
    static final int EXEC_BYTES = 60_000;

    /** How long a host may take to close the channel of a killed command before the whole connection counts as broken. */
    private static final long CLOSE_SECONDS = 5;

    private static final int UNANSWERED = 3;

    private final SshTarget target;
    private final SSHClient client;
    private final Socket socket;
    private final SshSettings settings;
    private final ScheduledExecutorService timer;
    private final Runnable whenClosed;
    private final Channels channels;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable ScheduledFuture<?> keepAlive;
    private volatile @Nullable String broken;
    private volatile @Nullable Promise<?, ?> question;
    private int unanswered;

    /** Places for commands. Learns how many the host really allows. */
    private static final class Channels extends Semaphore {
        private static final long serialVersionUID = 1L;

        private final AtomicInteger limit;
        private final AtomicInteger open = new AtomicInteger();

        Channels(int limit) {
            super(limit, true);
            this.limit = new AtomicInteger(limit);
        }

        /** The host refused one more; returns false if there is none to wait for. */
        boolean shrink() {
            if (open.get() < 1) {
                return false;
            }
            int before = limit.getAndUpdate(n -> Math.max(1, n - 1));
            if (before > 1) {
                reducePermits(1);
            }
            return true;
        }
    }

    SshjSession(
            SshTarget target,
            SSHClient client,
            SshSettings settings,
            ScheduledExecutorService timer,
            Runnable whenClosed) {
        this.target = target;
        this.client = client;
        this.socket = client.getSocket();
        this.settings = settings;
        this.timer = timer;
        this.whenClosed = whenClosed;
        this.channels = new Channels(settings.channels());
        long every = settings.keepAlive().toNanos();
        this.keepAlive = every <= 0
                ? null
                : timer.scheduleAtFixedRate(this::askWhetherAlive, every, every, TimeUnit.NANOSECONDS);
    }

    @Override
    public SshTarget target() {
        return target;
    }

    @Override
    public boolean alive() {
        return !closed.get() && broken == null && client.isConnected();
    }

    @Override
    public CommandResult run(String script, Duration total, Output live) {
        return run(script, null, total, live);
    }

    @Override
    public CommandResult run(String script, Secret input, Duration total) {
        if (script.getBytes(StandardCharsets.UTF_8).length > EXEC_BYTES) {
            throw new IllegalArgumentException(
                    "a script that reads a secret may have " + EXEC_BYTES + " bytes at most");
        }
        if (input.reveal().indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a secret for a script must be one line");
        }
        return run(script, input, total, Output.NONE);
    }

    private CommandResult run(String script, @Nullable Secret input, Duration total, Output live) {
        long start = System.nanoTime();
        long deadline = start + total.toNanos();
        while (true) {
            takeChannel(total, deadline);
            if (!alive()) {
                channels.release();
                throw lost(During.CHANNEL, null);
            }
            var channel = new ExecChannel(
                    client.getConnection(), settings.output(), !live.equals(Output.NONE), () -> channels.release());
            // A write into a full socket cannot be interrupted; should one hang, this ends it together with the
            // connection.
            var guard = timer.schedule(
                    () -> breakOff("it takes nothing more"),
                    total.toNanos() + TimeUnit.SECONDS.toNanos(2),
                    TimeUnit.NANOSECONDS);
            try {
                if (open(channel, total, deadline)) {
                    return command(channel, script, input, total, start, deadline, live);
                }
            } finally {
                guard.cancel(false);
            }
        }
    }

    private void takeChannel(Duration total, long deadline) {
        try {
            if (!channels.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new SshException(target, new SshFailure.TimedOut(During.CHANNEL, total), null);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SshException(target, new SshFailure.ConnectionLost(During.CHANNEL, "interrupted"), stop);
        }
    }

    /** Returns false if the host has no room for one more channel now, so that we have to wait for one of ours to end. */
    private boolean open(ExecChannel channel, Duration total, long deadline) {
        try {
            channel.open(deadline - System.nanoTime());
            return true;
        } catch (OpenFailException full) {
            if (channels.shrink()) {
                LOG.debug("{} allows fewer channels than {}", target.address(), settings.channels());
                return false;
            }
            throw lost(During.CHANNEL, full);
        } catch (SSHException failed) {
            if (client.isConnected() && System.nanoTime() >= deadline - TimeUnit.MILLISECONDS.toNanos(1)) {
                channel.abandon();
                breakOffUnlessOver(channel);
                throw new SshException(target, new SshFailure.TimedOut(During.CHANNEL, total), failed);
            }
            channel.notifyError(failed);
            throw lost(During.CHANNEL, failed);
        }
    }

    private CommandResult command(
            ExecChannel channel,
            String script,
            @Nullable Secret secret,
            Duration total,
            long start,
            long deadline,
            Output live) {
        channels.open.incrementAndGet();
        boolean clean = false;
        try {
            var bytes = script.getBytes(StandardCharsets.UTF_8);
            boolean byInput = bytes.length > EXEC_BYTES;
            channel.start(byInput ? "eval \"$(cat)\" < /dev/null" : script, deadline - System.nanoTime());
            if (byInput) {
                Thread.startVirtualThread(() -> feed(channel, bytes));
            } else if (secret != null) {
                var line = (secret.reveal() + "\n").getBytes(StandardCharsets.UTF_8);
                Thread.startVirtualThread(() -> feed(channel, line));
            } else {
                channel.noInput();
            }
            if (!channel.await(deadline, live)) {
                throw new SshException(target, new SshFailure.TimedOut(During.COMMAND, total), null);
            }
            clean = true;
            channel.hangUp();
            var status = channel.getExitStatus();
            return new CommandResult(
                    status == null ? 255 : status,
                    channel.out(),
                    channel.err(),
                    channel.truncated(),
                    Duration.ofNanos(System.nanoTime() - start));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SshException(target, new SshFailure.ConnectionLost(During.COMMAND, "interrupted"), stop);
        } catch (SSHException failed) {
            if (client.isConnected() && System.nanoTime() >= deadline - TimeUnit.MILLISECONDS.toNanos(1)) {
                throw new SshException(target, new SshFailure.TimedOut(During.COMMAND, total), failed);
            }
            throw lost(During.COMMAND, failed);
        } finally {
            channels.open.decrementAndGet();
            if (!clean) {
                Thread.startVirtualThread(() -> kill(channel));
            }
            if (!channel.over()) {
                breakOffUnlessOver(channel);
            }
        }
    }

    private static void feed(ExecChannel channel, byte[] text) {
        try (OutputStream input = channel.getOutputStream()) {
            input.write(text);
        } catch (IOException gone) {
            LOG.debug("the input did not get through: {}", gone.toString());
        }
    }

    private static void kill(ExecChannel channel) {
        try {
            channel.kill();
        } catch (SSHException gone) {
            LOG.debug("nothing left to kill: {}", gone.toString());
        }
    }

    private void breakOffUnlessOver(ExecChannel channel) {
        var ignored = timer.schedule(
                () -> {
                    if (!channel.over()) {
                        breakOff("the host does not close a channel");
                    }
                },
                CLOSE_SECONDS,
                TimeUnit.SECONDS);
    }

    private void askWhetherAlive() {
        var asked = question;
        if (asked != null && !asked.isFulfilled()) {
            unanswered++;
            if (unanswered >= UNANSWERED) {
                breakOff("no answer to " + UNANSWERED + " keep-alive questions");
            }
            return;
        }
        unanswered = 0;
        Thread.startVirtualThread(() -> {
            try {
                question = client.getConnection().sendGlobalRequest("keepalive@openssh.com", true, new byte[0]);
            } catch (SSHException gone) {
                breakOff("keep-alive: " + gone.getMessage());
            }
        });
    }

    /** Ends the connection without a word; everything that waits for it fails with the reason. */
    private void breakOff(String reason) {
        if (broken == null && !closed.get()) {
            broken = reason;
        }
        closeSocket();
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException worthless) {
            LOG.trace("closing a socket", worthless);
        }
    }

    private SshException lost(During during, @Nullable SSHException cause) {
        var reason = broken;
        if (reason == null) {
            reason = closed.get() ? "closed by us" : cause == null ? "it is closed" : Reasons.of(cause);
        }
        return new SshException(target, new SshFailure.ConnectionLost(during, reason), cause);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (keepAlive != null) {
            keepAlive.cancel(false);
        }
        var guard = timer.schedule(this::closeSocket, 1, TimeUnit.SECONDS); // saying goodbye may block
        try {
            client.disconnect();
        } catch (IOException worthless) {
            LOG.trace("disconnecting", worthless);
        } finally {
            guard.cancel(false);
            closeSocket();
            whenClosed.run();
        }
    }
}
