package dev.interlock.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.embedded.EmbeddedInfrastructure;
import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.embedded.FolderLock;
import dev.interlock.embedded.Folders;
import dev.interlock.embedded.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the process tree: one process for PostgreSQL and Kafka, one for the four services and the console (or one each), on
 * request one for the lab. Starts them side by side, starts one again that ends by itself, and stops all in order.
 */
final class Supervisor {
    private static final int MOST_RESTARTS = 5;
    private static final Duration RESTART_WINDOW = Duration.ofMinutes(10);
    private static final Duration TOKEN_VALIDITY = Duration.ofDays(90);
    private static final String INFRASTRUCTURE = "infrastructure";

    private final Settings settings;
    private final Home home;
    private final Consumer<String> say;
    private final Map<Part, Integer> ports = new EnumMap<>(Part.class);
    private final Map<String, Child> children = new LinkedHashMap<>();
    private final Map<String, StartArchive> archives = new ConcurrentHashMap<>();
    private final BlockingQueue<Child> ended = new LinkedBlockingQueue<>();
    private final ArrayDeque<Instant> restarts = new ArrayDeque<>();
    private @Nullable FolderLock lock;
    private @Nullable State state;
    private int siemPort;
    private boolean stopping;
    private volatile boolean wasReady;

    Supervisor(Settings settings, Consumer<String> say) {
        this.settings = settings;
        this.home = Home.at(settings.data());
        this.say = say;
    }

    /** Returns when every service is ready. On a failure everything that was started is stopped again. */
    void start() {
        Preflight.requireRoom(home);
        home.create();
        lock = FolderLock.take(home.lock(), home.folder());
        try {
            Preflight.stopLeftovers(home, say);
            Preflight.requireFreePorts(settings);
            prepare();
            launch();
            awaitReady();
            wasReady = true;
            publish(state().with("ready", null));
        } catch (RuntimeException e) {
            fail(e.getMessage() == null ? e.toString() : e.getMessage());
            throw e;
        }
    }

    State state() {
        if (state == null) {
            throw new IllegalStateException("not started");
        }
        return state;
    }

    private synchronized void publish(State newState) {
        state = newState;
        newState.write(home.state());
    }

    private void prepare() {
        var taken = new ArrayList<Integer>();
        for (var part : Part.values()) {
            ports.put(part, wanted(part, taken));
        }
        siemPort = settings.siem() == null ? 0 : free(taken);
        var key = home.signingKey();
        Home.writePrivate(home.jwks(), key.jwksJson());
        var now = Instant.now();
        var tokens = new LinkedHashMap<String, String>();
        for (var person : settings.lab() ? Person.CAST : List.of(Person.ADMIN)) {
            var file = home.tokenFile(person.token());
            Home.writePrivate(file, key.token(person.name(), person.roles(), now, TOKEN_VALIDITY));
            tokens.put(person.token(), file.getFileName().toString());
        }
        var instances = new LinkedHashMap<String, String>();
        var services = new LinkedHashMap<String, String>();
        for (var part : Part.DOORS) {
            services.put(part.word(), "http://" + Ports.LOOPBACK + ":" + port(part));
            instances.put(part.word(), "http://" + Ports.LOOPBACK + ":" + port(part));
        }
        for (var part : settings.second()) {
            instances.put(part.word() + "-2", "http://" + Ports.LOOPBACK + ":" + free(taken));
        }
        publish(new State(
                "starting",
                null,
                services,
                instances,
                tokens,
                Ports.LOOPBACK + ":" + port(Part.POSTGRES),
                Ports.LOOPBACK + ":" + port(Part.KAFKA),
                null,
                Map.of(State.SUPERVISOR, State.Running.of(ProcessHandle.current()))));
    }

    private int wanted(Part part, List<Integer> taken) {
        int port = settings.ports().getOrDefault(part, 0);
        return port == 0 ? free(taken) : port;
    }

    private static int free(List<Integer> taken) {
        int port = Ports.free();
        while (taken.contains(port)) {
            port = Ports.free();
        }
        taken.add(port);
        return port;
    }

    private int port(Part part) {
        return ports.getOrDefault(part, 0);
    }

    private void launch() {
        say.accept("Starting PostgreSQL on port " + port(Part.POSTGRES) + " and Kafka on port " + port(Part.KAFKA));
        var infrastructure = new ArrayList<>(List.of(
                "--data",
                home.data().toString(),
                "--postgres-port",
                Integer.toString(port(Part.POSTGRES)),
                "--kafka-port",
                Integer.toString(port(Part.KAFKA)),
                "--controller-port",
                Integer.toString(port(Part.KAFKA_CONTROLLER))));
        Part.SERVICES.forEach(part -> infrastructure.addAll(List.of("--database", part.database())));
        if (settings.lab()) {
            infrastructure.addAll(List.of("--database", LabProcess.UMS_DATABASE));
        }
        if (!settings.throwAway()) {
            infrastructure.add("--durable");
        }
        begin(Child.start(
                INFRASTRUCTURE,
                Java.command(
                        options(INFRASTRUCTURE, EmbeddedInfrastructure.class, "-Xmx384m"),
                        EmbeddedInfrastructure.class,
                        infrastructure),
                Map.of("INTERLOCK_POSTGRES_PASSWORD", home.postgresPassword()),
                home.log(INFRASTRUCTURE)));
        if (settings.lab()) {
            forgetLab();
            say.accept("Starting the lab: " + settings.labHosts()
                    + " Keeper hosts, hosts of UMS networks and license servers,"
                    + " each behind an SSH server of its own");
            begin(Child.start(
                    "lab",
                    Java.command(
                            options("lab", LabProcess.class, "-Xmx256m"),
                            LabProcess.class,
                            List.of(
                                    home.lab().toString(),
                                    home.credentials().toString(),
                                    "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port(Part.POSTGRES) + "/"
                                            + LabProcess.UMS_DATABASE,
                                    Integer.toString(settings.labHosts()))),
                    Map.of("INTERLOCK_POSTGRES_PASSWORD", home.postgresPassword()),
                    home.log("lab")));
        }
        var siem = settings.siem();
        if (siem != null) {
            say.accept("Starting the feed of the SIEM at " + siem.address());
            begin(Child.start(
                    Siem.PROCESS,
                    Java.command(
                            List.of("-Xmx256m"),
                            Siem.classPath(),
                            SiemWorker.class,
                            siem.prepare(home, state().kafka(), siemPort)),
                    Map.of(),
                    home.log(Siem.PROCESS)));
        }
        say.accept("Starting inventory, license, upgrade, agent and the console"
                + (settings.isolate() ? ", one process each" : ", in one process"));
        if (settings.isolate()) {
            state().instances().forEach((name, address) -> startServices(name, List.of(name), "-Xmx256m"));
        } else {
            startServices("services", List.copyOf(state().instances().keySet()), "-Xmx512m");
        }
    }

    private void startServices(String process, List<String> instances, String heap) {
        var orders = new LinkedHashMap<String, Map<String, Object>>();
        for (var instance : instances) {
            var part = Part.ofWord(instance.replace("-2", ""));
            orders.put(part.word(), properties(instance, part));
        }
        try {
            Home.writePrivate(home.orders(process), new ObjectMapper().writeValueAsString(orders));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        begin(Child.start(
                process,
                Java.command(
                        options(process, Services.class, heap),
                        Services.class,
                        List.of(home.orders(process).toString())),
                Map.of(),
                home.log(process)));
    }

    private List<String> options(String child, Class<?> program, String heap) {
        var options = new ArrayList<>(List.of(heap));
        var archive = StartArchive.of(program, child);
        if (archive != null) {
            archives.put(child, archive);
            options.addAll(archive.options());
        }
        return options;
    }

    private Map<String, Object> properties(String instance, Part part) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("interlock.instance", instance);
        properties.put("interlock.security.jwks", home.jwks().toString());
        properties.put("micronaut.server.host", Ports.LOOPBACK);
        properties.put(
                "micronaut.server.port",
                Integer.parseInt(
                        state().instances().getOrDefault(instance, ":0").replaceFirst(".*:", "")));
        if (part == Part.CONSOLE) {
            properties.put("interlock.edge.session.key-file", home.sessionKey().toString());
            properties.put(
                    "interlock.edge.services.inventory", state().services().get("inventory"));
            properties.put(
                    "interlock.edge.services.licenses", state().services().get("license"));
            properties.put(
                    "interlock.edge.services.upgrades", state().services().get("upgrade"));
            properties.put("interlock.edge.services.agents", state().services().get("agent"));
            return properties;
        }
        properties.put("interlock.credentials.dir", home.credentials().toString());
        if (part == Part.LICENSE) {
            properties.put(
                    "interlock.license.authorities-dir",
                    home.credentials().resolveSibling("authorities").toString());
        }
        if (part == Part.UPGRADE) {
            properties.put("interlock.upgrade.trace.key-file", home.traceKey().toString());
        }
        properties.put(
                "datasources.default.url",
                "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port(Part.POSTGRES) + "/" + part.database());
        properties.put("datasources.default.username", EmbeddedPostgres.USER);
        properties.put("datasources.default.password", home.postgresPassword());
        properties.put("kafka.bootstrap.servers", Ports.LOOPBACK + ":" + port(Part.KAFKA));
        // a consumer that was killed holds up its successor for this long
        properties.put("kafka.session.timeout.ms", 6000);
        properties.put("kafka.heartbeat.interval.ms", 2000);
        return properties;
    }

    private synchronized void begin(Child child) {
        if (stopping) {
            child.stop(1);
            return;
        }
        children.put(child.name(), child);
        var unused = child.process().onExit().thenAccept(process -> ended.add(child));
        var processes = new LinkedHashMap<>(state().processes());
        processes.put(child.name(), State.Running.of(child.process().toHandle()));
        publish(state().with(processes));
    }

    /** Where the lab of the last start was; it has other ports now, and says so when it is ready. */
    private void forgetLab() {
        try {
            Files.deleteIfExists(home.lab().resolve("api"));
        } catch (IOException e) {
            throw new StandaloneException(
                    "The lab's folder " + home.lab() + " cannot be written to: " + e.getMessage());
        }
    }

    private void awaitReady() {
        var deadline = System.nanoTime() + Preflight.startLimit().toNanos();
        var waiting = new ArrayList<>(state().instances().entrySet());
        boolean labReady = !settings.lab();
        while (!waiting.isEmpty() || !labReady) {
            var child = next(100);
            if (child != null) {
                throw new StandaloneException(whyEnded(child));
            }
            if (System.nanoTime() > deadline) {
                throw new StandaloneException("Not ready after "
                        + Preflight.startLimit().toSeconds() + " s: "
                        + String.join(
                                ", ", waiting.stream().map(Map.Entry::getKey).toList()) + ". The logs are in "
                        + home.logs() + ".");
            }
            for (var it = waiting.iterator(); it.hasNext(); ) {
                var instance = it.next();
                if (Health.isReady(instance.getValue())) {
                    say.accept(instance.getKey() + " is ready at " + instance.getValue());
                    it.remove();
                }
            }
            if (!labReady && Files.exists(home.lab().resolve("api"))) {
                labReady = true;
                var known = state();
                publish(new State(
                        known.status(),
                        null,
                        known.services(),
                        known.instances(),
                        known.tokens(),
                        known.postgres(),
                        known.kafka(),
                        labApi(),
                        known.processes()));
            }
        }
    }

    private String labApi() {
        try {
            return Files.readString(home.lab().resolve("api"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            throw new StandaloneException("The lab's address cannot be read: " + e.getMessage());
        }
    }

    private @Nullable Child next(int millis) {
        try {
            return ended.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("Told to stop.");
        }
    }

    private static String whyEnded(Child child) {
        return child.complaint().orElse("The process '" + child.name() + "' ended by itself (" + exit(child) + ").")
                + " Its log is " + child.log() + ".";
    }

    private static String exit(Child child) {
        int code = child.process().exitValue();
        return code > 128 ? "signal " + (code - 128) : "exit code " + code;
    }

    /** Returns only when a process cannot be kept alive; everything is stopped then. */
    String keep() {
        while (true) {
            Child gone;
            try {
                gone = ended.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "Told to stop.";
            }
            synchronized (this) {
                if (stopping) {
                    return "Told to stop.";
                }
            }
            var now = Instant.now();
            while (!restarts.isEmpty() && restarts.peekFirst().isBefore(now.minus(RESTART_WINDOW))) {
                restarts.pop();
            }
            if (restarts.size() >= MOST_RESTARTS) {
                var reason = "'" + gone.name() + "' ended " + (MOST_RESTARTS + 1) + " times within "
                        + RESTART_WINDOW.toMinutes() + " minutes. " + whyEnded(gone);
                fail(reason);
                return reason;
            }
            restarts.add(now);
            say.accept("'" + gone.name() + "' (process " + gone.process().pid() + ") ended by itself (" + exit(gone)
                    + "); starting it again (" + restarts.size() + " of " + MOST_RESTARTS + ")");
            try {
                publish(state().with("recovering", "'" + gone.name() + "' ended by itself and is started again"));
                begin(gone.again());
                settle();
            } catch (RuntimeException e) {
                var reason = String.valueOf(e.getMessage());
                fail(reason);
                return reason;
            }
        }
    }

    /** Ready again, or another child has ended: then the loop of {@link #keep} deals with that one. */
    private void settle() {
        var deadline = System.nanoTime() + Preflight.startLimit().toNanos();
        while (System.nanoTime() < deadline && ended.isEmpty()) {
            if (state().instances().values().stream().allMatch(Health::isReady)) {
                publish(state().with("ready", null));
                say.accept("All services are ready again");
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void fail(String reason) {
        stop("failed", reason);
    }

    /** Stops everything in order: the services finish what they are at, then the servers below them. */
    void stop() {
        stop("stopped", null);
    }

    private void stop(String status, @Nullable String reason) {
        List<Child> all;
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
            all = new ArrayList<>(children.values());
        }
        var above = all.stream()
                .filter(child -> !child.name().equals(INFRASTRUCTURE))
                .toList();
        var threads = new ArrayList<Thread>();
        for (var child : above) {
            threads.add(Thread.ofPlatform().start(() -> end(child, 30)));
        }
        threads.forEach(Supervisor::join);
        all.stream().filter(child -> child.name().equals(INFRASTRUCTURE)).forEach(child -> end(child, 45));
        EmbeddedPostgres.stopOrphan(home.data().resolve("postgres"));
        if (state != null) {
            publish(state.with(Map.<String, State.Running>of()).with(status, reason));
        }
        if (settings.throwAway() && "stopped".equals(status)) {
            Folders.delete(home.data());
        }
        if (lock != null) {
            lock.close();
        }
    }

    private void end(Child child, int patienceSeconds) {
        boolean asTold = child.stop(patienceSeconds);
        var archive = archives.get(child.name());
        if (archive != null) {
            archive.ended(wasReady && asTold);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
