package dev.interlock.lab.machine;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.faults.Faults;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One host. Everything it does takes its own time (divided by the lab's scale), can be frozen, and dies with the power.
 * {@link #effect} is the only way in which a service or a package changes, so that each change is counted.
 */
public final class Machine {
    public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    static final String BINARY = "\u007fELF ";

    /** From power on to power off. */
    public static final class Boot {
        private final UUID id;
        private final Instant at;
        private volatile boolean on = true;

        Boot(UUID id, Instant at) {
            this.id = id;
            this.at = at;
        }

        public UUID id() {
            return id;
        }

        public Instant at() {
            return at;
        }
    }

    /** What a process does; the number is its exit status. */
    @FunctionalInterface
    public interface Body {
        int run(HostProcess process) throws IOException;
    }

    /** Is told of each effect, and may block it. */
    public interface Witness {
        void before(Effect effect);

        void after(Effect effect);
    }

    private final String name;
    private final Clock clock;
    private final DoubleSupplier scale;
    private final Faults faults;
    private final Function<String, @Nullable Program> programs;
    private final Function<String, Program> scripts;
    private final Witness witness;
    private final FileSystem files;
    private final Map<Integer, HostProcess> processes = new TreeMap<>();
    private final Units units;
    private final Packages packages;
    private final Journal journal;
    private final List<Effect> effects = new CopyOnWriteArrayList<>();
    private final AtomicInteger nextPid = new AtomicInteger(40);
    private final Object power = new Object();
    private volatile Boot boot;
    private volatile boolean frozen;
    private final Map<String, Integer> users = new ConcurrentHashMap<>(Map.of("root", 0, "interlock", 1000));
    private final Map<Class<?>, Object> attached = new ConcurrentHashMap<>();
    private final Map<Integer, Site> sites = new ConcurrentHashMap<>();

    /**
     * @param programs by name, the programs that are in {@code /usr/bin}
     * @param scripts makes a program of a script's text
     */
    public Machine(
            String name,
            Clock clock,
            DoubleSupplier scale,
            Faults faults,
            Function<String, @Nullable Program> programs,
            Function<String, Program> scripts,
            Witness witness) {
        this.name = name;
        this.clock = clock;
        this.scale = scale;
        this.faults = faults;
        this.programs = programs;
        this.scripts = scripts;
        this.witness = witness;
        this.boot = new Boot(
                UUID.nameUUIDFromBytes((name + "/boot/0").getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                clock.instant());
        this.files = new FileSystem(
                this::now,
                20L << 30,
                () -> faults.has(Fault.DISK),
                path -> faults.has(Fault.NOROOT) && (path.equals("/root") || path.startsWith("/root/")),
                this::about);
        this.journal = new Journal(this);
        this.units = new Units(this);
        this.packages = new Packages(this);
    }

    public String name() {
        return name;
    }

    public FileSystem files() {
        return files;
    }

    public Units units() {
        return units;
    }

    public Packages packages() {
        return packages;
    }

    public Journal journal() {
        return journal;
    }

    public Faults faults() {
        return faults;
    }

    public Boot boot() {
        return boot;
    }

    /** What the host's own clock shows. */
    public Instant now() {
        return clock.instant().plusSeconds(faults.number(Fault.CLOCK));
    }

    public Duration uptime() {
        return Duration.between(boot.at(), clock.instant());
    }

    public @Nullable Integer uid(String user) {
        return users.get(user);
    }

    public String user(int uid) {
        return users.entrySet().stream()
                .filter(e -> e.getValue() == uid)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(String.valueOf(uid));
    }

    public void addUser(String user, int uid) {
        users.put(user, uid);
    }

    /** What a product keeps for this machine, for its programs to find. */
    public <T> void attach(Class<T> type, T value) {
        attached.put(type, value);
    }

    public <T> T attached(Class<T> type) {
        Object value = attached.get(type);
        if (value == null) {
            throw new IllegalStateException(name + " has no " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /** Lets a service's port answer HTTP, to the host's own curl and, at a loopback port, to everybody else. */
    public void serve(int port, Site site) {
        sites.put(port, site);
    }

    public @Nullable Site site(int port) {
        return sites.get(port);
    }

    public Set<Integer> sitePorts() {
        return Set.copyOf(sites.keySet());
    }

    public String home(int uid) {
        return uid == 0 ? "/root" : "/home/" + user(uid);
    }

    // ---- power and time

    void checkpoint(Boot mine) {
        if (!mine.on) {
            throw new Killed();
        }
        if (frozen) {
            synchronized (power) {
                while (frozen && mine.on) {
                    try {
                        power.wait();
                    } catch (InterruptedException e) {
                        // a signal to a frozen process is delivered when it thaws
                    }
                }
            }
            if (!mine.on) {
                throw new Killed();
            }
        }
    }

    /** Whoever answers from outside the machine's processes waits here while it is frozen, and dies with the power. */
    public void waitWhileFrozen() {
        checkpoint(boot);
    }

    public void freeze(boolean on) {
        synchronized (power) {
            frozen = on;
            power.notifyAll();
        }
    }

    public boolean isOn() {
        return boot.on;
    }

    /** Power loss: every process is gone at once, nothing of what they were doing goes on. */
    public void powerOff() {
        List<HostProcess> all;
        synchronized (power) {
            boot.on = false;
            power.notifyAll();
        }
        synchronized (processes) {
            all = List.copyOf(processes.values());
            processes.clear();
        }
        all.forEach(process -> process.kill(HostProcess.SIGKILL));
        units.powerLost();
        packages.powerLost();
        synchronized (this) {
            files.empty("/run");
            files.empty("/tmp");
        }
    }

    public void powerOn() {
        if (boot.on) {
            return;
        }
        boot = new Boot(UUID.randomUUID(), clock.instant());
        nextPid.set(40);
        units.boot();
    }

    /** How long something of the machine's takes in the world. */
    public Duration scaled(Duration duration) {
        return Duration.ofNanos((long) (duration.toNanos() / Math.max(scale.getAsDouble(), 0.000_001)));
    }

    /** Lets machine time pass; {@code look} is asked whether the waiting process still lives. */
    void pass(Duration duration, Runnable look) {
        long nanos = scaled(duration).toNanos();
        long until = System.nanoTime() + nanos;
        look.run();
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            try {
                Thread.sleep(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                look.run();
            }
        }
        look.run();
    }

    /** Waits for an end, but no longer than a machine time. */
    public void wait(HostProcess waiting, Duration limit, CompletableFuture<Integer> end) {
        try {
            end.get(Math.max(1, scaled(limit).toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            waiting.checkpoint();
        } catch (InterruptedException e) {
            waiting.checkpoint();
            throw new Killed(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- processes

    /** Starts a process; its files are closed when it ends. */
    public HostProcess spawn(
            @Nullable HostProcess parent, int uid, String commandId, List<String> argv, Fds fds, Body body) {
        Boot in = parent == null ? boot : parent.boot();
        var process = new HostProcess(this, in, nextPid.incrementAndGet(), parent, uid, commandId, argv);
        synchronized (processes) {
            processes.put(process.pid(), process);
        }
        Thread thread = Thread.ofVirtual().name(name + "/" + process.pid()).unstarted(() -> live(process, fds, body));
        process.runs(thread);
        thread.start();
        return process;
    }

    private void live(HostProcess process, Fds fds, Body body) {
        int status;
        try {
            status = body.run(process) & 0xff;
        } catch (Killed e) {
            status = 128 + (process.killedBy() == 0 ? HostProcess.SIGKILL : process.killedBy());
        } catch (Errno e) {
            status = complain(process, fds, e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        synchronized (processes) {
            processes.remove(process.pid(), process);
        }
        process.end(status);
        fds.closeAll();
    }

    private static int complain(HostProcess process, Fds fds, Errno e) {
        try {
            OpenFile err = fds.get(2);
            if (err != null) {
                byte[] bytes = (process.name() + ": write error: " + e.text() + "\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                err.write(bytes, 0, bytes.length);
            }
        } catch (IOException again) {
            return 1; // nobody left to tell
        }
        return 1;
    }

    /** What {@code /proc/<pid>} holds. */
    private @Nullable Map<String, String> about(String text) {
        if (!text.matches("\\d{1,8}")) {
            return null;
        }
        int pid = Integer.parseInt(text);
        HostProcess process = process(pid);
        Unit unit = units.ownerOf(pid);
        if (process == null && unit == null && pid != 1) {
            return null;
        }
        List<String> arguments = process != null
                ? process.arguments()
                : List.of(
                        unit != null ? unit.file().execStart().split(" ") : new String[] {"/usr/lib/systemd/systemd"});
        return Map.of(
                "comm", FileSystem.baseName(arguments.getFirst()) + "\n",
                "cmdline", String.join("\0", arguments) + "\0");
    }

    /** A pid for a service's main process, which has no thread. */
    int servicePid() {
        return nextPid.incrementAndGet();
    }

    public @Nullable HostProcess process(int pid) {
        synchronized (processes) {
            return processes.get(pid);
        }
    }

    public List<HostProcess> processes() {
        synchronized (processes) {
            return List.copyOf(processes.values());
        }
    }

    /** @return null if there is no such program */
    public @Nullable Program resolve(String command, String path, String cwd, int uid) {
        var candidates = new ArrayList<String>();
        if (command.contains("/")) {
            candidates.add(FileSystem.absolute(cwd, command));
        } else {
            for (String directory : path.split(":")) {
                candidates.add(FileSystem.absolute(cwd, directory + "/" + command));
            }
        }
        for (String candidate : candidates) {
            if (files.isExecutable(candidate, uid)) {
                try {
                    String text = files.text(candidate);
                    return text.startsWith(BINARY)
                            ? programs.apply(text.substring(BINARY.length())
                                    .lines()
                                    .findFirst()
                                    .orElse(""))
                            : scripts.apply(candidate);
                } catch (Errno e) {
                    // unreadable: the next one on the path
                }
            }
        }
        return null;
    }

    /** Where a command lies, or null. */
    public @Nullable String which(String command, String path, String cwd, int uid) {
        if (command.contains("/")) {
            return files.isExecutable(FileSystem.absolute(cwd, command), uid) ? command : null;
        }
        for (String directory : path.split(":")) {
            String candidate = FileSystem.absolute(cwd, directory + "/" + command);
            if (files.isExecutable(candidate, uid)) {
                return directory + "/" + command;
            }
        }
        return null;
    }

    public void install(String program, String directory) {
        files.put(directory + "/" + program, binary(program), 0755);
    }

    /** The text of a file that is such a program, for packages that bring one. */
    public static String binary(String program) {
        return BINARY + program;
    }

    // ---- effects

    public List<Effect> effects() {
        return List.copyOf(effects);
    }

    /** As one of this process's doings. */
    public void effect(HostProcess process, Effect.Kind kind, String subject, String detail, Runnable act) {
        process.checkpoint();
        effect(process.boot(), process.commandId(), kind, subject, detail, act);
    }

    /** Does something that the world sees: told before, done only if the power is still on, counted, told after. */
    void effect(Boot mine, String commandId, Effect.Kind kind, String subject, String detail, Runnable act) {
        checkpoint(mine);
        var effect = new Effect(name, kind, subject, detail, clock.instant(), commandId);
        witness.before(effect);
        checkpoint(mine);
        synchronized (this) {
            if (!mine.on) {
                throw new Killed();
            }
            act.run();
            effects.add(effect);
        }
        witness.after(effect);
    }
}
