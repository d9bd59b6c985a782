package dev.interlock.lab;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.api.AdminServer;
import dev.interlock.lab.faults.Faults;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.product.PcoipPortal;
import dev.interlock.lab.product.Product;
import dev.interlock.lab.product.Products;
import dev.interlock.lab.product.UmsEstate;
import dev.interlock.lab.program.Programs;
import dev.interlock.lab.shell.Sh;
import dev.interlock.lab.ssh.Keys;
import dev.interlock.lab.ssh.SshHosts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A simulated estate: hosts behind real SSH on loopback ports, an admin API, faults on demand, counts of effects. */
public final class Lab implements AutoCloseable {
    public static final String USER = "interlock";

    /** How a lab is to be. */
    public static final class Builder {
        private @Nullable Path dir;
        private @Nullable String seed;
        private int firstPort;
        private int apiPort;
        private double timeScale = 1;
        private String credential = "lab";
        private Clock clock = Clock.systemUTC();
        private final UmsEstate ums = new UmsEstate();

        private Builder() {}

        /** Where keys are kept; a lab started again there has the same keys. Otherwise a folder that goes with the lab. */
        public Builder dir(Path value) {
            dir = value;
            return this;
        }

        public Builder seed(String value) {
            seed = value;
            return this;
        }

        /** The first host's port, the next ones follow; 0 for any free ones. */
        public Builder firstPort(int value) {
            firstPort = value;
            return this;
        }

        public Builder apiPort(int value) {
            apiPort = value;
            return this;
        }

        /** How many times faster than in reality packages install, services start and {@code sleep} sleeps. */
        public Builder timeScale(double value) {
            timeScale = value;
            return this;
        }

        public Builder credential(String value) {
            credential = value;
            return this;
        }

        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /** See {@link Lab#umsDatabase}. */
        public Builder umsDatabase(String url, String user, String password) {
            ums.database(url, user, password);
            return this;
        }

        public Lab start() {
            try {
                return new Lab(this);
            } catch (IOException e) {
                throw new IllegalStateException("The lab could not be started: " + e.getMessage(), e);
            }
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    private final Path dir;
    private final boolean temporary;
    private final String seed;
    private final String credential;
    private final Clock clock;
    private final SshHosts ssh;
    private final AdminServer api;
    private final Map<String, LabHost> hosts = new LinkedHashMap<>();
    private final List<CommandListener> listeners = new CopyOnWriteArrayList<>();
    private final PcoipPortal portal;
    private final UmsEstate ums;
    private volatile double timeScale;
    private int nextPort;

    private Lab(Builder builder) throws IOException {
        temporary = builder.dir == null;
        dir = builder.dir == null ? Files.createTempDirectory("interlock-lab") : builder.dir;
        credential = builder.credential;
        clock = builder.clock;
        ums = builder.ums;
        timeScale = builder.timeScale;
        nextPort = builder.firstPort;
        Files.createDirectories(credentials());
        seed = seed(builder.seed);
        KeyPair client = Keys.derive(seed, "client");
        Keys.write(client, credentials().resolve(credential + ".key"));
        portal = new PcoipPortal(clock);
        ssh = new SshHosts(client.getPublic());
        api = new AdminServer(this, builder.apiPort);
    }

    private String seed(@Nullable String given) throws IOException {
        Path file = dir.resolve("seed");
        if (given == null && Files.exists(file)) {
            return Files.readString(file, StandardCharsets.UTF_8).trim();
        }
        String value = given == null ? UUID.randomUUID().toString() : given;
        Files.writeString(file, value + "\n", StandardCharsets.UTF_8);
        return value;
    }

    /** Adds a Keeper host with the standalone service, installed at 1.4.0 with 1.5.0 on offer. */
    public LabHost addKeeper(String name) {
        return add(name, "keeper-connection-manager", "standalone", "keeper");
    }

    /**
     * The PostgreSQL in which UMS deployments added from now on keep their productive databases, each in a schema named after it.
     * What a schema of that name holds is lost.
     */
    public void umsDatabase(String url, String user, String password) {
        ums.database(url, user, password);
    }

    /** Adds a UMS High Availability network; hosts are named {@code <deployment>-server-1}, {@code -balancer-1}, {@code -console-1}. */
    public List<LabHost> addUms(String deployment, int servers, int balancers, int consoles) {
        var made = new ArrayList<LabHost>();
        for (int i = 1; i <= servers; i++) {
            made.add(add(deployment + "-server-" + i, "igel-ums", "server", deployment));
        }
        for (int i = 1; i <= balancers; i++) {
            made.add(add(deployment + "-balancer-" + i, "igel-ums", "load-balancer", deployment));
        }
        for (int i = 1; i <= consoles; i++) {
            made.add(add(deployment + "-console-" + i, "igel-ums", "console", deployment));
        }
        return made;
    }

    public LabHost add(String name, String product, String variant, String deployment) {
        Product played = Products.named(product);
        return add(name, product, variant, deployment, played.installedByDefault(), played.offeredByDefault());
    }

    public LabHost add(
            String name, String product, String variant, String deployment, String installed, String offered) {
        Product played = Products.named(product);
        if (!played.variants().contains(variant)) {
            throw new IllegalArgumentException("There is no variant '" + variant + "' of " + product + "; there are "
                    + String.join(", ", played.variants()) + ".");
        }
        if (!name.matches("[a-z0-9][a-z0-9.-]*")) {
            throw new IllegalArgumentException("'" + name + "' is no host name: use a-z, 0-9, '-' and '.'.");
        }
        synchronized (hosts) {
            if (hosts.containsKey(name)) {
                throw new IllegalArgumentException("There is a host '" + name + "' already.");
            }
            var machine = new Machine(
                    name,
                    clock,
                    () -> timeScale,
                    new Faults(),
                    program -> played.programs().getOrDefault(program, Programs.find(program)),
                    Sh::script,
                    witness());
            furnish(machine);
            machine.attach(PcoipPortal.class, portal);
            machine.attach(UmsEstate.class, ums);
            played.furnish(machine, deployment, variant, installed, offered);
            machine.units().boot();
            try {
                for (var password : played.passwords().entrySet()) {
                    Keys.writeSecret(
                            password.getValue() + "\n", credentials().resolve(password.getKey() + ".password"));
                }
                var host = new LabHost(name, played, variant, deployment, machine, ssh, seed, this::tell, nextPort);
                nextPort = nextPort == 0 ? 0 : nextPort + 1;
                hosts.put(name, host);
                return host;
            } catch (IOException e) {
                throw new IllegalStateException(
                        "Port " + nextPort + " for " + name + " could not be opened: " + e.getMessage(), e);
            }
        }
    }

    /** What every host has, whatever its product. */
    private static void furnish(Machine machine) {
        var files = machine.files();
        try {
            for (String directory : List.of(
                    "/usr/bin",
                    "/usr/sbin",
                    "/usr/local/bin",
                    "/etc",
                    "/var/lib",
                    "/var/log",
                    "/var/tmp",
                    "/opt",
                    "/run",
                    "/tmp",
                    "/home/interlock",
                    "/root",
                    "/proc")) {
                files.mkdirs(directory, 0755, 0);
            }
            files.chmod("/tmp", 01777, 0);
            files.chmod("/var/tmp", 01777, 0);
            files.chmod("/root", 0700, 0);
            files.chown("/home/interlock", 1000, 0);
            files.symlink("usr/bin", "/bin", 0);
            files.symlink("usr/sbin", "/sbin", 0);
            files.symlink("/run", "/var/run", 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        for (String device : List.of("null", "zero", "full")) {
            files.putDevice("/dev/" + device, device);
        }
        for (String program : Programs.names()) {
            machine.install(program, "/usr/bin");
        }
        files.put("/etc/hostname", machine.name() + "\n", 0644);
        files.put("/etc/hosts", "127.0.0.1 localhost " + machine.name() + "\n", 0644);
        files.put(
                "/etc/machine-id",
                UUID.nameUUIDFromBytes(machine.name().getBytes(StandardCharsets.UTF_8))
                                .toString()
                                .replace("-", "") + "\n",
                0444);
        files.put("/etc/os-release", """
                NAME="Rocky Linux"
                ID="rocky"
                ID_LIKE="rhel centos fedora"
                VERSION_ID="9.4"
                PLATFORM_ID="platform:el9"
                PRETTY_NAME="Rocky Linux 9.4 (Interlock lab)"
                """, 0644);
        files.put("/etc/redhat-release", "Rocky Linux release 9.4 (Interlock lab)\n", 0644);
        files.put("/etc/shadow", "root:*:19000::::::\n", 0600);
        files.putGenerated(
                "/proc/uptime",
                () -> String.format(
                        Locale.ROOT,
                        "%.2f %.2f\n",
                        machine.uptime().toMillis() / 1000.0,
                        machine.uptime().toMillis() / 500.0));
        files.putGenerated(
                "/proc/sys/kernel/random/boot_id", () -> machine.boot().id() + "\n");
        files.putGenerated(
                "/proc/meminfo",
                () -> "MemTotal:        4000000 kB\nMemFree:         2900000 kB\nMemAvailable:    3100000 kB\n");
        files.putGenerated("/proc/loadavg", () -> "0.10 0.10 0.10 1/80 100\n");
    }

    /** The vendor's licensing portal, as far as the lab's license servers need one. */
    public PcoipPortal portal() {
        return portal;
    }

    private Machine.Witness witness() {
        return new Machine.Witness() {
            @Override
            public void before(Effect effect) {
                tell(new Moment.EffectDue(effect));
            }

            @Override
            public void after(Effect effect) {
                tell(new Moment.EffectDone(effect));
            }
        };
    }

    private void tell(Moment moment) {
        listeners.forEach(listener -> listener.on(moment));
    }

    /** The listener runs in the command's own thread: while it blocks, the command does. */
    public void onCommand(CommandListener listener) {
        listeners.add(listener);
    }

    public void noLonger(CommandListener listener) {
        listeners.remove(listener);
    }

    public List<LabHost> hosts() {
        synchronized (hosts) {
            return List.copyOf(hosts.values());
        }
    }

    public @Nullable LabHost find(String name) {
        synchronized (hosts) {
            return hosts.get(name);
        }
    }

    public LabHost host(String name) {
        LabHost host = find(name);
        if (host == null) {
            throw new IllegalArgumentException("There is no host '" + name + "' in the lab.");
        }
        return host;
    }

    /** Of all hosts, in order of time. */
    public List<Effect> effects() {
        return hosts().stream()
                .flatMap(h -> h.effects().stream())
                .sorted(Comparator.comparing(Effect::at))
                .toList();
    }

    public double timeScale() {
        return timeScale;
    }

    public void timeScale(double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("The time scale must be more than 0.");
        }
        timeScale = value;
    }

    /** Where the client key lies, as {@code <credential>.key}: what {@code interlock.credentials.dir} wants. */
    public Path credentials() {
        return dir.resolve("credentials");
    }

    public String credential() {
        return credential;
    }

    public URI api() {
        return api.uri();
    }

    /** What {@code POST /imports?format=csv} wants. */
    public String inventoryCsv() {
        var out = new StringBuilder("name,address,port,user,credential,host_key,deployment,product,role,labels\n");
        for (LabHost h : hosts()) {
            out.append(String.join(
                            ",",
                            h.name(),
                            h.address(),
                            String.valueOf(h.port()),
                            USER,
                            credential,
                            h.hostKey(),
                            h.deployment(),
                            h.product().name(),
                            h.product().role(h.variant()),
                            "lab"))
                    .append('\n');
        }
        return out.toString();
    }

    /** What {@code POST /imports?format=ansible-ini} wants. */
    public String inventoryIni() {
        var groups = new LinkedHashMap<String, List<LabHost>>();
        hosts().forEach(h ->
                groups.computeIfAbsent(h.deployment(), _ -> new ArrayList<>()).add(h));
        var out = new StringBuilder();
        groups.forEach((group, members) -> {
            out.append('[').append(group).append("]\n");
            for (LabHost h : members) {
                out.append(h.name())
                        .append(" ansible_host=")
                        .append(h.address())
                        .append(" ansible_port=")
                        .append(h.port())
                        .append(" ansible_user=")
                        .append(USER)
                        .append(" interlock_credential=")
                        .append(credential)
                        .append(" interlock_host_key=\"")
                        .append(h.hostKey())
                        .append('"');
                String role = h.product().role(h.variant());
                out.append(role.equals(h.product().role()) ? "\n" : " interlock_role=" + role + "\n");
            }
            out.append("\n[").append(group).append(":vars]\n");
            out.append("interlock_product=")
                    .append(members.getFirst().product().name())
                    .append('\n');
            out.append("interlock_role=")
                    .append(members.getFirst().product().role())
                    .append("\n\n");
        });
        return out.toString();
    }

    @Override
    public void close() {
        api.close();
        for (LabHost host : hosts()) {
            host.machine().powerOff();
            host.closeDoors();
        }
        try {
            ssh.close();
            if (temporary) {
                try (Stream<Path> files = Files.walk(dir)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The lab did not close cleanly: " + e.getMessage(), e);
        }
    }
}
