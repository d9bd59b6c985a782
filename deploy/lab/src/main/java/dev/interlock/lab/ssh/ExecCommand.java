package dev.interlock.lab.ssh;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.faults.Faults;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.OpenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * One exec channel. As with OpenSSH without a terminal: the answer comes when the command has ended and nobody holds its output
 * any more, and a command whose connection is gone runs on until it writes.
 */
final class ExecCommand implements Command {
    private final SshHost host;
    private final ServerSession session;
    private final String script;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;

    ExecCommand(SshHost host, ServerSession session, String script) {
        this.host = host;
        this.session = session;
        this.script = script;
    }

    @Override
    public void setInputStream(InputStream given) {
        in = given;
    }

    @Override
    public void setOutputStream(OutputStream given) {
        out = given;
    }

    @Override
    public void setErrorStream(OutputStream given) {
        err = given;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        Thread.ofVirtual().name("exec " + host.machine().name()).start(this::run);
    }

    private void run() {
        Machine machine = host.machine();
        Faults faults = machine.faults();
        String id = host.nextCommandId();
        SshHosts.delay(faults);
        host.started(id, script);
        InputStream from = in;
        OutputStream to = out;
        OutputStream toErr = err;
        ExitCallback done = exit;
        if (from == null || to == null || toErr == null || done == null) {
            throw new IllegalStateException("streams are set before the start");
        }
        String user = String.valueOf(session.getUsername());
        Integer uid = machine.uid(user);
        int by = uid == null ? 1000 : uid;
        var outClosed = new CompletableFuture<Boolean>();
        var errClosed = new CompletableFuture<Boolean>();
        Fds fds = Fds.of(
                input(from),
                OpenFile.outside(to, () -> outClosed.complete(true)),
                OpenFile.outside(toErr, () -> errClosed.complete(true)));
        HostProcess process = Logins.start(machine, by, id, List.of("sh", "-c", script), fds);
        drop(faults, process);
        int status = process.exit().join();
        CompletableFuture.allOf(outClosed, errClosed).join();
        if (!machine.isOn() || process.killedBy() == HostProcess.SIGKILL && faults.has(Fault.CRASH)) {
            return; // nobody is left to answer
        }
        SshHosts.delay(faults);
        host.answering(id, status);
        done.onExit(status);
        host.answered(id, status);
    }

    private static OpenFile input(InputStream from) {
        return new OpenFile() {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return from.read(into, offset, length);
            }
        };
    }

    private void drop(Faults faults, HostProcess process) {
        String value = faults.value(Fault.DROP);
        if (value.startsWith("#")) {
            long left = faults.number(Fault.DROP) - 1;
            if (left > 0) {
                faults.put(Fault.DROP, "#" + left);
            } else {
                faults.remove(Fault.DROP);
                session.close(true);
            }
        } else if (value.equals("0")) {
            session.close(true); // a command may be over before a timer of no time fires
        } else if (!value.isEmpty()) {
            CompletableFuture.delayedExecutor(Long.parseLong(value), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (!process.exit().isDone()) {
                            session.close(true);
                        }
                    });
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        // the process does not notice until it writes
    }
}
