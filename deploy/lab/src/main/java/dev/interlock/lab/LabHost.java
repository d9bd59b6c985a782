package dev.interlock.lab;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.faults.Faults;
import dev.interlock.lab.http.WebDoor;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.OpenFile;
import dev.interlock.lab.product.Product;
import dev.interlock.lab.ssh.Keys;
import dev.interlock.lab.ssh.Logins;
import dev.interlock.lab.ssh.SshHost;
import dev.interlock.lab.ssh.SshHosts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A host of the lab: where it is, what goes wrong on it, what was done to it. */
public final class LabHost {
    /** What a command at the host's console printed. */
    public record Output(int exit, String out, String err) {}

    private final String name;
    private final Product product;
    private final String variant;
    private final String deployment;
    private final Machine machine;
    private final Faults faults;
    private final SshHosts ssh;
    private final String seed;
    private final AtomicInteger commands = new AtomicInteger();
    private final KeyPair key;
    private final CommandListener listener;
    private final int port;
    private final Map<Integer, WebDoor> doors = new TreeMap<>();
    private @Nullable HostProcess locker;

    LabHost(
            String name,
            Product product,
            String variant,
            String deployment,
            Machine machine,
            SshHosts ssh,
            String seed,
            CommandListener listener,
            int port)
            throws IOException {
        this.name = name;
        this.product = product;
        this.variant = variant;
        this.deployment = deployment;
        this.machine = machine;
        this.faults = machine.faults();
        this.ssh = ssh;
        this.seed = seed;
        this.listener = listener;
        this.key = Keys.derive(seed, "host/" + name);
        this.port = ssh.add(port, side());
        for (int served : machine.sitePorts()) {
            doors.put(served, new WebDoor(machine, served));
        }
    }

    /** Where a port of the host that answers HTTP is reached from outside, as {@code http://127.0.0.1:21234}. */
    public URI http(int served) {
        WebDoor door = doors.get(served);
        if (door == null) {
            throw new IllegalArgumentException(name + " answers HTTP at " + doors.keySet() + ", not at " + served);
        }
        return door.uri();
    }

    public Map<Integer, URI> http() {
        var all = new TreeMap<Integer, URI>();
        doors.forEach((served, door) -> all.put(served, door.uri()));
        return all;
    }

    void closeDoors() {
        doors.values().forEach(WebDoor::close);
    }

    private SshHost side() {
        return new SshHost() {
            @Override
            public Machine machine() {
                return machine;
            }

            @Override
            public KeyPair hostKey() {
                return faults.has(Fault.HOSTKEY) ? Keys.derive(seed, "other/" + name) : key;
            }

            @Override
            public void started(String commandId, String script) {
                listener.on(new Moment.Started(name, commandId, script));
            }

            @Override
            public void answering(String commandId, int exit) {
                listener.on(new Moment.Answering(name, commandId, exit));
            }

            @Override
            public void answered(String commandId, int exit) {
                listener.on(new Moment.Answered(name, commandId, exit));
            }

            @Override
            public String nextCommandId() {
                return name + "#" + commands.incrementAndGet();
            }
        };
    }

    public String name() {
        return name;
    }

    public String address() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    public Product product() {
        return product;
    }

    public String variant() {
        return variant;
    }

    public String deployment() {
        return deployment;
    }

    /** The key that the host should present, {@code ssh-ed25519 AAAA…}. */
    public String hostKey() {
        return Keys.publicText(key);
    }

    public Machine machine() {
        return machine;
    }

    public List<Effect> effects() {
        return machine.effects();
    }

    public long count(Effect.Kind kind, String subject) {
        return effects().stream()
                .filter(e -> e.kind() == kind
                        && (e.subject().equals(subject) || e.subject().equals(subject + ".service")))
                .count();
    }

    /** Commands received by SSH so far. */
    public int commands() {
        return commands.get();
    }

    /** SSH connections now open. */
    public int connections() {
        return ssh.sessions(port).size();
    }

    public LabHost fail(Fault fault) {
        return fail(fault, "");
    }

    /** @param value empty for the usual one */
    public LabHost fail(Fault fault, String value) {
        check(fault, value);
        synchronized (this) {
            boolean was = faults.has(fault);
            faults.put(fault, value);
            if (was) {
                return this;
            }
            try {
                switch (fault) {
                    case REFUSE -> {
                        if (!dark(fault)) {
                            ssh.refuse(port);
                        }
                    }
                    case HANG -> {
                        machine.freeze(true);
                        if (!dark(fault)) {
                            ssh.hang(port);
                        }
                    }
                    case CRASH -> {
                        machine.powerOff();
                        if (!dark(fault)) {
                            if (value.equals("reset")) {
                                ssh.refuse(port);
                                ssh.cut(port);
                            } else {
                                ssh.off(port);
                            }
                        }
                    }
                    case DNFLOCK -> locker = lockDnf();
                    case DROP,
                            HOSTKEY,
                            AUTH,
                            DISK,
                            BADRPM,
                            BADSVC,
                            SLOW,
                            SLOWRPM,
                            REPO404,
                            CLOCK,
                            NOROOT,
                            BADBACKUP,
                            BADINSTALLER,
                            STUCKBROKER -> {} // looked up where they bite
                    case BADSTORAGE, SLOWSTART, LOSTLICENSES, WRONGPASSWORD, STUCK, ORPHAN, NORECONNECT ->
                        product.failed(machine, fault, faults.value(fault));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    /** Another program that has dnf's lock and does not let go of it. */
    private HostProcess lockDnf() {
        HostProcess process = Logins.start(
                machine,
                0,
                name + "#dnflock",
                List.of("sleep", "infinity"),
                Fds.of(OpenFile.text(""), OpenFile.text(""), OpenFile.text("")));
        int holder = machine.packages().seize(process.pid());
        if (holder != 0) {
            throw new IllegalStateException("dnf's lock is held by " + holder);
        }
        return process;
    }

    private static void check(Fault fault, String value) {
        boolean fine = switch (fault) {
            case DROP -> value.isEmpty() || value.matches("#?\\d+");
            case CRASH -> value.isEmpty() || value.equals("reset");
            case BADSTORAGE -> value.isEmpty() || value.equals("modified") || value.equals("moved");
            case SLOW, SLOWRPM, SLOWSTART, LOSTLICENSES -> value.isEmpty() || value.matches("\\d+");
            case ORPHAN -> List.of("", "server", "load-balancer").contains(value);
            case BADBACKUP -> List.of("", "cut", "data", "empty").contains(value);
            case BADINSTALLER -> List.of("", "before", "middle", "corrupt").contains(value);
            case CLOCK -> value.isEmpty() || value.matches("[+-]?\\d+");
            default -> value.isEmpty();
        };
        if (!fine) {
            throw new IllegalArgumentException(
                    "'" + value + "' is no value for the fault " + fault.word() + ": " + fault.meaning());
        }
    }

    /** Whether another fault already keeps the port from being served. */
    private boolean dark(Fault but) {
        return List.of(Fault.REFUSE, Fault.HANG, Fault.CRASH).stream().anyMatch(f -> f != but && faults.has(f));
    }

    /** Undoes all faults and boots the host if it is off. */
    public LabHost heal() {
        for (Fault fault : Fault.values()) {
            heal(fault);
        }
        return this;
    }

    public LabHost heal(Fault fault) {
        synchronized (this) {
            boolean off = !machine.isOn();
            if (!faults.remove(fault)) {
                return this;
            }
            try {
                switch (fault) {
                    case REFUSE -> {
                        if (!dark(fault)) {
                            ssh.serve(port, true);
                        }
                    }
                    case HANG -> {
                        machine.freeze(false);
                        if (!dark(fault)) {
                            ssh.serve(port, !off);
                        }
                    }
                    case CRASH -> {
                        machine.powerOn();
                        if (!dark(fault)) {
                            ssh.serve(port, false);
                        }
                    }
                    case DNFLOCK -> {
                        HostProcess process = locker;
                        if (process != null) {
                            process.kill(HostProcess.SIGKILL);
                        }
                    }
                    case DROP,
                            HOSTKEY,
                            AUTH,
                            DISK,
                            BADRPM,
                            BADSVC,
                            SLOW,
                            SLOWRPM,
                            REPO404,
                            CLOCK,
                            NOROOT,
                            BADBACKUP,
                            BADINSTALLER,
                            STUCKBROKER -> {} // nothing to put back
                    case BADSTORAGE, SLOWSTART, LOSTLICENSES, WRONGPASSWORD, STUCK, ORPHAN, NORECONNECT ->
                        product.healed(machine, fault);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    /** Runs a script at the console, as root, without SSH and without its faults. */
    public Output console(String script) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        HostProcess process = Logins.start(
                machine,
                0,
                name + "#console",
                List.of("sh", "-c", script),
                Fds.of(OpenFile.text(""), OpenFile.outside(out, () -> {}), OpenFile.outside(err, () -> {})));
        int exit = process.exit().join();
        return new Output(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
