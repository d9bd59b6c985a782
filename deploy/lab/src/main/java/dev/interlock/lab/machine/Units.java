package dev.interlock.lab.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A host's services and the jobs that start and stop them; a job goes on when the client that asked for it is gone. */
public final class Units {
    private static final Duration DIES_AFTER = Duration.ofSeconds(1);
    private static final Duration LOOKS_AGAIN = Duration.ofMillis(500);
    private static final String BROKEN = "interlock-lab-broken";

    private static final class State {
        final ReentrantLock job = new ReentrantLock();
        UnitFile file;
        String description;
        boolean enabled = true;
        Unit.Active active = Unit.Active.INACTIVE;
        int pid;

        @Nullable
        Instant activeSince;

        @Nullable
        Instant inactiveSince;

        @Nullable
        Instant startedAt;

        String result = "success";
        int exitStatus;

        @Nullable
        UUID invocation;

        @Nullable
        String running;

        State(UnitFile file, String description) {
            this.file = file;
            this.description = description;
        }
    }

    private final Machine machine;
    private final Map<String, State> states = new TreeMap<>();
    private final Map<String, Daemon> daemons = new ConcurrentHashMap<>();

    Units(Machine machine) {
        this.machine = machine;
    }

    /** {@code guacd} for {@code guacd.service}. */
    public static String full(String name) {
        return name.contains(".") ? name : name + ".service";
    }

    /** A package brought a unit file, as daemon-reload finds it. */
    synchronized void load(UnitFile file, String description) {
        State state = states.get(file.name());
        if (state == null) {
            states.put(file.name(), new State(file, description));
        } else {
            state.file = file;
            state.description = description;
        }
    }

    /** Says what the unit's program is like. */
    public void runs(String name, Daemon daemon) {
        daemons.put(full(name), daemon);
    }

    public @Nullable Daemon daemon(String name) {
        return daemons.get(full(name));
    }

    private @Nullable String refusal(State state) {
        if (broken(state.file)) {
            return "cannot read its configuration";
        }
        Daemon daemon = daemons.get(state.file.name());
        return daemon == null ? null : daemon.refusal();
    }

    private void tell(State state, boolean up) {
        Daemon daemon = daemons.get(state.file.name());
        if (daemon != null) {
            if (up) {
                daemon.started();
            } else {
                daemon.stopped();
            }
        }
    }

    synchronized void unload(String name) {
        states.remove(name);
    }

    public synchronized List<Unit> all() {
        return states.values().stream().map(Units::view).toList();
    }

    public synchronized @Nullable Unit find(String name) {
        State state = states.get(full(name));
        return state == null ? null : view(state);
    }

    private static Unit view(State s) {
        return new Unit(
                s.file,
                s.description,
                s.enabled,
                s.active,
                s.pid,
                s.activeSince,
                s.inactiveSince,
                s.startedAt,
                s.result,
                s.exitStatus,
                s.invocation,
                s.running);
    }

    private synchronized State state(String name) {
        State state = states.get(full(name));
        if (state == null) {
            throw new IllegalArgumentException(name);
        }
        return state;
    }

    public synchronized void enable(String name, boolean on) {
        state(name).enabled = on;
    }

    public synchronized void resetFailed(String name) {
        State state = state(name);
        if (state.active == Unit.Active.FAILED) {
            state.active = Unit.Active.INACTIVE;
            state.result = "success";
        }
    }

    /** The service whose main process this is. */
    public synchronized @Nullable Unit ownerOf(int pid) {
        return states.values().stream()
                .filter(s -> s.pid == pid && pid != 0)
                .findFirst()
                .map(Units::view)
                .orElse(null);
    }

    /** The active service that listens on a port. */
    public synchronized @Nullable Unit listener(int port) {
        return states.values().stream()
                .filter(s -> s.file.ports().contains(port) && listens(s))
                .findFirst()
                .map(Units::view)
                .orElse(null);
    }

    private boolean listens(State state) {
        return state.active == Unit.Active.ACTIVE
                && state.startedAt != null
                && !machine.now().isBefore(state.startedAt.plus(machine.scaled(listening(state))));
    }

    private Duration listening(State state) {
        Daemon daemon = daemons.get(state.file.name());
        return daemon == null ? state.file.listens() : daemon.listens(state.file.listens());
    }

    /** As pkill: what the user's services run is gone. @return whether there was anything */
    public boolean kill(HostProcess client, String user) {
        boolean any = false;
        for (String name : List.copyOf(daemons.keySet())) {
            Daemon daemon = daemons.get(name);
            Unit unit = find(name);
            if (daemon == null || unit == null || !daemon.user().equals(user)) {
                continue;
            }
            any = true;
            machine.effect(client, Effect.Kind.KILL, name, user, () -> {
                daemon.killed();
                if (unit.pid() != 0) {
                    fail(state(name), "signal", 0);
                }
            });
        }
        return any;
    }

    public synchronized List<Unit> listeners() {
        return states.values().stream().filter(this::listens).map(Units::view).toList();
    }

    /** @return names of those that could not be started */
    public List<String> start(HostProcess client, List<String> names) {
        return jobs(client, names, true);
    }

    public List<String> stop(HostProcess client, List<String> names) {
        return jobs(client, names, false);
    }

    private List<String> jobs(HostProcess client, List<String> names, boolean start) {
        Machine.Boot boot = client.boot();
        var jobs = new LinkedHashMap<String, CompletableFuture<Boolean>>();
        for (String name : names) {
            State state = state(name);
            var done = new CompletableFuture<Boolean>();
            jobs.put(name, done);
            Thread.ofVirtual().name(machine.name() + "/" + name).start(() -> {
                state.job.lock();
                try {
                    done.complete(
                            start
                                    ? startNow(boot, client.commandId(), state)
                                    : stopNow(boot, client.commandId(), state));
                } catch (Killed e) {
                    done.complete(false);
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                } finally {
                    state.job.unlock();
                }
            });
        }
        var failed = new ArrayList<String>();
        jobs.forEach((name, done) -> {
            try {
                if (!done.get()) {
                    failed.add(name);
                }
            } catch (InterruptedException e) {
                client.checkpoint();
                throw new Killed(e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        client.checkpoint();
        return failed;
    }

    private boolean startNow(Machine.Boot boot, String commandId, State state) {
        if (state.active == Unit.Active.ACTIVE) {
            return true;
        }
        String unit = state.file.name();
        log(state, unit, "Starting " + unit + " - " + state.description + "...");
        synchronized (this) {
            state.active = Unit.Active.ACTIVATING;
            state.invocation = UUID.randomUUID();
        }
        String refusal = refusal(state);
        if (refusal != null) {
            machine.journal()
                    .add(unit, FileSystem.baseName(state.file.execStart().replaceFirst(" .*", "")), 1, refusal);
            log(state, unit, unit + ": Control process exited, code=exited, status=1/FAILURE");
            fail(state, "exit-code", 0);
            log(state, unit, unit + ": Failed with result 'exit-code'.");
            log(state, unit, "Failed to start " + unit + " - " + state.description + ".");
            return false;
        }
        machine.pass(state.file.starts(), () -> machine.checkpoint(boot));
        machine.effect(boot, commandId, Effect.Kind.START, unit, state.description, () -> {
            synchronized (this) {
                RpmPackage runs = machine.packages().newest(state.file.runs());
                state.active = Unit.Active.ACTIVE;
                state.pid = machine.servicePid();
                state.activeSince = machine.now();
                state.startedAt = state.activeSince;
                state.result = "success";
                state.exitStatus = 0;
                state.running = runs == null ? "unknown" : runs.version();
                if (runs != null && runs.fault() == RpmPackage.Fault.SERVICES_DIE) {
                    die(boot, commandId, state, state.pid);
                }
                tell(state, true);
            }
        });
        log(state, unit, "Started " + unit + " - " + state.description + ".");
        return true;
    }

    private boolean broken(UnitFile file) {
        try {
            return !file.config().isEmpty()
                    && machine.files().exists(file.config())
                    && machine.files().text(file.config()).contains(BROKEN);
        } catch (Errno e) {
            return false;
        }
    }

    private void die(Machine.Boot boot, String commandId, State state, int pid) {
        Thread.ofVirtual().start(() -> {
            try {
                machine.pass(DIES_AFTER, () -> machine.checkpoint(boot));
                synchronized (this) {
                    if (state.pid != pid) {
                        return;
                    }
                }
                String unit = state.file.name();
                machine.journal().add(unit, "sh", pid, "cannot initialise");
                machine.effect(
                        boot, commandId, Effect.Kind.FAIL, unit, state.description, () -> fail(state, "exit-code", 1));
                log(state, unit, unit + ": Main process exited, code=exited, status=1/FAILURE");
                log(state, unit, unit + ": Failed with result 'exit-code'.");
            } catch (Killed e) {
                return; // the machine lost power before the service could die
            }
        });
    }

    private synchronized void fail(State state, String result, int exitStatus) {
        state.active = Unit.Active.FAILED;
        state.pid = 0;
        state.result = result;
        state.exitStatus = exitStatus;
        state.inactiveSince = machine.now();
        state.running = null;
        tell(state, false);
    }

    private boolean stopNow(Machine.Boot boot, String commandId, State state) {
        if (state.active == Unit.Active.INACTIVE || state.active == Unit.Active.FAILED) {
            return true;
        }
        String unit = state.file.name();
        log(state, unit, "Stopping " + unit + " - " + state.description + "...");
        synchronized (this) {
            state.active = Unit.Active.DEACTIVATING;
        }
        machine.pass(state.file.stops(), () -> machine.checkpoint(boot));
        Daemon daemon = daemons.get(unit);
        while (daemon != null && !daemon.stops() && state.active != Unit.Active.FAILED) {
            machine.pass(LOOKS_AGAIN, () -> machine.checkpoint(boot));
        }
        if (state.active == Unit.Active.FAILED) {
            return true; // killed meanwhile
        }
        machine.effect(boot, commandId, Effect.Kind.STOP, unit, state.description, () -> {
            synchronized (this) {
                state.active = Unit.Active.INACTIVE;
                state.pid = 0;
                state.result = "success";
                state.inactiveSince = machine.now();
                state.running = null;
                tell(state, false);
            }
        });
        log(state, unit, unit + ": Deactivated successfully.");
        log(state, unit, "Stopped " + unit + " - " + state.description + ".");
        return true;
    }

    /** As {@code systemctl kill -s KILL}: the main process is gone, whatever it was doing. */
    public void killMain(HostProcess client, String name) {
        State state = state(name);
        if (state.active != Unit.Active.ACTIVE && state.active != Unit.Active.DEACTIVATING) {
            return;
        }
        String unit = state.file.name();
        machine.effect(client, Effect.Kind.STOP, unit, "killed", () -> fail(state, "signal", HostProcess.SIGKILL));
        log(state, unit, unit + ": Main process exited, code=killed, status=9/KILL");
        log(state, unit, unit + ": Failed with result 'signal'.");
    }

    private void log(State state, String unit, String message) {
        machine.journal().add(state.file.name().equals(unit) ? unit : null, "systemd", 1, message);
    }

    /** The package of a running web application changed under it. */
    void redeploy(Machine.Boot boot, String commandId, RpmPackage changed) {
        List<State> hit;
        synchronized (this) {
            hit = states.values().stream()
                    .filter(s -> s.active == Unit.Active.ACTIVE
                            && s.file.redeploys()
                            && s.file.runs().equals(changed.name()))
                    .toList();
        }
        for (State state : hit) {
            String unit = state.file.name();
            machine.effect(boot, commandId, Effect.Kind.REDEPLOY, unit, changed.nevra(), () -> {
                synchronized (this) {
                    state.running = changed.version();
                }
            });
            machine.journal()
                    .add(
                            unit,
                            "tomcat",
                            state.pid,
                            "Undeploying and deploying web application [guacamole] while it was in use");
        }
    }

    synchronized void powerLost() {
        for (State state : states.values()) {
            state.active = Unit.Active.INACTIVE;
            state.pid = 0;
            state.running = null;
            tell(state, false);
        }
    }

    /** Starts what is enabled, as a boot does; not an effect of anybody's command. */
    public synchronized void boot() {
        for (State state : states.values()) {
            if (state.enabled) {
                RpmPackage runs = machine.packages().newest(state.file.runs());
                state.active = refusal(state) != null ? Unit.Active.FAILED : Unit.Active.ACTIVE;
                state.pid = state.active == Unit.Active.ACTIVE ? machine.servicePid() : 0;
                state.activeSince = machine.now();
                state.startedAt = state.activeSince;
                state.invocation = UUID.randomUUID();
                state.result = state.active == Unit.Active.ACTIVE ? "success" : "exit-code";
                state.running = runs == null ? "unknown" : runs.version();
                tell(state, state.active == Unit.Active.ACTIVE);
                if (state.active == Unit.Active.ACTIVE
                        && runs != null
                        && runs.fault() == RpmPackage.Fault.SERVICES_DIE) {
                    die(machine.boot(), "boot", state, state.pid);
                }
            }
        }
    }
}
