package dev.interlock.lab.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A running program. Lives until it ends, is killed, or its machine loses power – not only as long as the SSH session. */
public final class HostProcess {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGPIPE = 13;

    private final Machine machine;
    private final Machine.Boot boot;
    private final int pid;
    private final int parent;
    private final int uid;
    private final String commandId;
    private final Instant startedAt;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private volatile int group;
    private volatile List<String> arguments;
    private volatile int killedBy;
    private volatile boolean shielded;
    private volatile @Nullable Thread thread;

    HostProcess(
            Machine machine,
            Machine.Boot boot,
            int pid,
            @Nullable HostProcess parent,
            int uid,
            String commandId,
            List<String> arguments) {
        this.machine = machine;
        this.boot = boot;
        this.pid = pid;
        this.parent = parent == null ? 1 : parent.pid;
        this.group = parent == null ? pid : parent.group;
        this.uid = uid;
        this.commandId = commandId;
        this.arguments = List.copyOf(arguments);
        this.startedAt = machine.now();
    }

    void runs(Thread on) {
        thread = on;
    }

    public Machine machine() {
        return machine;
    }

    Machine.Boot boot() {
        return boot;
    }

    public int pid() {
        return pid;
    }

    public int parent() {
        return parent;
    }

    public int uid() {
        return uid;
    }

    public int group() {
        return group;
    }

    /** As setsid(2) or setpgid(2). */
    public void lead() {
        group = pid;
    }

    /** The SSH command from which this process stems. */
    public String commandId() {
        return commandId;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public List<String> arguments() {
        return arguments;
    }

    /** As execve(2): the process goes on as another program. */
    public void becomes(List<String> argv) {
        arguments = List.copyOf(argv);
    }

    public String name() {
        return FileSystem.baseName(arguments.getFirst());
    }

    public CompletableFuture<Integer> exit() {
        return exit;
    }

    public int killedBy() {
        return killedBy;
    }

    void end(int status) {
        exit.complete(status);
    }

    public void kill(int signal) {
        if (shielded && signal != SIGKILL) {
            return;
        }
        killedBy = signal;
        Thread on = thread;
        if (on != null) {
            on.interrupt();
        }
    }

    /** Signals but SIGKILL are ignored from here on, as rpm does in a transaction. */
    public void shield(boolean on) {
        shielded = on;
    }

    public boolean shielded() {
        return shielded;
    }

    /** To be called before anything that the world can see: does not return in a dead process, waits in a frozen one. */
    public void checkpoint() {
        machine.checkpoint(boot);
        if (killedBy != 0) {
            throw new Killed();
        }
    }

    /** Sleeps machine time. */
    public void sleep(Duration duration) {
        machine.pass(duration, this::checkpoint);
    }

    /** Waits for another process to end. */
    public int await(HostProcess other) {
        try {
            int status = other.exit.get();
            checkpoint();
            return status;
        } catch (InterruptedException e) {
            checkpoint();
            throw new Killed(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
