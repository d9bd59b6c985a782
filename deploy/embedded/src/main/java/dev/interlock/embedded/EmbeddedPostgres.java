package dev.interlock.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of its own, as a child process on a folder.
 *
 * <p>It listens on the loopback interface only and on no Unix socket, and asks for a password. A server left behind on
 * the same folder by a killed process is stopped first.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    public static final String USER = "interlock";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Object SPAWNING = new Object();
    private static boolean ending;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /**
     * @param data PostgreSQL's own folder; made if missing
     * @param port 0 chooses a free one
     * @param durable whether every commit reaches the disk; false is for data nobody will miss
     * @param password of the user {@value #USER}; must stay the same for a folder
     * @param maxConnections PostgreSQL's limit
     * @param databases are there before anybody can connect
     */
    public record Options(
            Path data, int port, boolean durable, String password, int maxConnections, List<String> databases) {
        public Options {
            databases = List.copyOf(databases);
        }

        public Options(Path data, int port, boolean durable, String password, int maxConnections) {
            this(data, port, durable, password, maxConnections, List.of());
        }

        public static Options throwAway(Path data) {
            return new Options(data, 0, false, "interlock", 300);
        }

        public Options onPort(int newPort) {
            return new Options(data, newPort, durable, password, maxConnections, databases);
        }

        @Override
        public String toString() {
            return "Options[data=" + data + ", port=" + port + ", durable=" + durable + "]";
        }
    }

    private final Options options;
    private final Path home;
    private final FolderLock lock;
    private int port;
    private @Nullable Process process;

    private EmbeddedPostgres(Options options, Path home, FolderLock lock) {
        this.options = options;
        this.home = home;
        this.lock = lock;
    }

    /**
     * Starts a server and returns when it answers queries: 0.4 s on an existing folder, 1.5 s on a new one.
     *
     * @throws FolderInUseException a living process has the folder
     * @throws PortTakenException somebody else listens on the wanted port
     */
    public static EmbeddedPostgres start(Options options) {
        var data = options.data().toAbsolutePath();
        var lock = FolderLock.take(data.resolveSibling(data.getFileName() + ".lock"), data);
        try {
            stopOrphan(data);
            var postgres = new EmbeddedPostgres(
                    options, PostgresBinaries.home(Unprivileged.way().cache()), lock);
            postgres.initialize();
            postgres.prepareDatabases();
            postgres.launch(options.port());
            return postgres;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public String password() {
        return options.password();
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/" + database;
    }

    public boolean isRunning() {
        var running = process;
        return running != null && running.isAlive();
    }

    /** The postmaster's process id. */
    public long pid() {
        var running = process;
        return running == null ? -1 : running.pid();
    }

    /** Completes when the server process ends, for whatever reason. */
    public CompletableFuture<Process> onExit() {
        var running = process;
        return running == null ? new CompletableFuture<>() : running.onExit();
    }

    /** Makes the database where it is not there yet. */
    public void createDatabase(String name) {
        requireName(name);
        try (var connection = connect("postgres");
                var exists = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
            exists.setString(1, name);
            try (var found = exists.executeQuery()) {
                if (found.next()) {
                    return;
                }
            }
            try (var create = connection.createStatement()) {
                create.execute("create database " + name);
            }
        } catch (SQLException e) {
            // 42P04, 23505: another process made it between the question and the order
            if (!"42P04".equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
                throw new EmbeddedException("The database " + name + " cannot be made: " + e.getMessage(), e);
            }
        }
    }

    private static void requireName(String database) {
        if (!database.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("not a database name: " + database);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), USER, options.password());
    }

    /** Stops the server and breaks every connection; the data stays. */
    public synchronized void stop() {
        var running = process;
        if (running != null) {
            shutDown(running.toHandle());
            process = null;
        }
    }

    /** Starts the stopped server again on the same port and data. */
    public synchronized void restart() {
        if (!isRunning()) {
            launch(port);
        }
    }

    /** As a power cut would: no shutdown, no checkpoint. */
    public synchronized void kill() {
        var running = process;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
            running.onExit().join();
            process = null;
        }
    }

    @Override
    public synchronized void close() {
        try {
            stop();
        } finally {
            lock.close();
        }
    }

    private void initialize() {
        var data = options.data().toAbsolutePath();
        if (Files.exists(data.resolve("PG_VERSION"))) {
            requireSameMajorVersion(data);
            return;
        }
        var passwordFile = data.resolveSibling(data.getFileName() + ".pw");
        try {
            Files.deleteIfExists(data.resolveSibling(data.getFileName() + ".databases"));
            Folders.delete(data); // an initdb that was killed leaves half a folder, which the next one would refuse
            Folders.createPrivate(data);
            Files.deleteIfExists(passwordFile);
            Files.createFile(
                    passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile, options.password() + "\n");
            Unprivileged.way().own(data);
            Unprivileged.way().own(passwordFile);
            var command = command("initdb");
            command.addAll(List.of("-D", data.toString(), "-U", USER, "-A", "scram-sha-256"));
            command.addAll(List.of("--pwfile=" + passwordFile, "-E", "UTF8", "--locale=C"));
            if (!options.durable()) {
                command.add("--no-sync");
            }
            run(command, Path.of("/dev/null"));
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder " + data + " cannot be prepared: " + e.getMessage(), e);
        } finally {
            try {
                Files.deleteIfExists(passwordFile);
            } catch (IOException e) {
                LOG.warn("The password file {} could not be removed: {}", passwordFile, e.getMessage());
            }
        }
    }

    /** By PostgreSQL's single-user mode: nobody can connect yet. What is there already is only complained about. */
    private void prepareDatabases() {
        var data = options.data().toAbsolutePath();
        var done = data.resolveSibling(data.getFileName() + ".databases");
        var wanted = String.join(" ", options.databases());
        try {
            if (wanted.isEmpty()
                    || (Files.exists(done)
                            && Files.readString(done, StandardCharsets.UTF_8).equals(wanted))) {
                return;
            }
            Unprivileged.way().own(data);
            var orders = Files.createTempFile("interlock-databases", ".sql");
            try {
                var text = new StringBuilder();
                for (var database : options.databases()) {
                    requireName(database);
                    text.append("create database ").append(database).append('\n');
                }
                Files.writeString(orders, text, StandardCharsets.UTF_8);
                var command = command("postgres");
                command.addAll(
                        List.of("--single", "-D", data.toString(), "-c", "unix_socket_directories=", "postgres"));
                run(command, orders);
            } finally {
                Files.deleteIfExists(orders);
            }
            Files.writeString(done, wanted, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The databases in " + data + " cannot be made: " + e.getMessage(), e);
        }
    }

    private void requireSameMajorVersion(Path data) {
        try {
            var kept = Files.readString(data.resolve("PG_VERSION"), StandardCharsets.UTF_8)
                    .strip();
            if (!"17".equals(kept)) {
                throw new EmbeddedException("The data folder " + data + " was written by PostgreSQL " + kept
                        + ", this is PostgreSQL 17. Dump it with the old Interlock, or choose another folder.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(List<String> command, Path input) throws IOException {
        var output = Files.createTempFile("interlock-initdb", ".log");
        try {
            var child = spawn(new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .directory(home.toFile()));
            if (!child.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                child.destroyForcibly();
                throw new EmbeddedException(
                        "PostgreSQL's " + program(command) + " took longer than " + START_LIMIT.toSeconds() + " s.");
            }
            if (child.exitValue() != 0) {
                throw new EmbeddedException("PostgreSQL's " + program(command) + " failed: " + tail(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("Interrupted while PostgreSQL was being prepared", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static Process spawn(ProcessBuilder builder) throws IOException {
        synchronized (SPAWNING) {
            if (ending) {
                throw new EmbeddedException("Told to stop.");
            }
            return builder.start();
        }
    }

    /** For the end of a JVM in the middle of a start: no program of PostgreSQL outlives it, and none is begun. */
    static void endAll() {
        synchronized (SPAWNING) {
            ending = true;
        }
        var programs = ProcessHandle.current().descendants().toList();
        programs.forEach(program -> signal("INT", program));
        for (var program : programs) {
            if (!ended(program, Duration.ofSeconds(5))) {
                program.destroyForcibly();
            }
        }
    }

    private static String program(List<String> command) {
        return command.contains("--single") ? "single-user mode" : "initdb";
    }

    private List<String> command(String program) {
        var command = new ArrayList<>(Unprivileged.way().prefix());
        command.add(home.resolve("bin/" + program).toString());
        return command;
    }

    private void launch(int wantedPort) {
        for (int attempt = 1; ; attempt++) {
            port = wantedPort == 0 ? Ports.free() : wantedPort;
            try {
                launchOnce();
                return;
            } catch (PortTakenException e) {
                if (wantedPort != 0 || attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private void launchOnce() {
        var data = options.data().toAbsolutePath();
        if (!Ports.isFree(port)) {
            throw new PortTakenException("PostgreSQL", port);
        }
        Unprivileged.way().own(data);
        var command = command("postgres");
        command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
        var settings = new ArrayList<>(List.of(
                "listen_addresses=" + Ports.LOOPBACK,
                "unix_socket_directories=",
                "max_connections=" + options.maxConnections(),
                "shared_buffers=64MB",
                "max_wal_size=512MB",
                "timezone=UTC",
                "log_timezone=UTC",
                "logging_collector=off"));
        settings.addAll(
                options.durable()
                        ? List.of("fsync=on", "synchronous_commit=on", "full_page_writes=on")
                        : List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
        for (var setting : settings) {
            command.add("-c");
            command.add(setting);
        }
        var log = data.resolveSibling(data.getFileName() + ".log");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            var logStart = Files.exists(log) ? Files.size(log) : 0;
            var child = spawn(builder);
            process = child;
            awaitReady(child, log, logStart);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL cannot be started: " + e.getMessage(), e);
        }
    }

    private void awaitReady(Process child, Path log, long logStart) throws IOException {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (var connection = connect("postgres")) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException notYet) {
                if ("28P01".equals(notYet.getSQLState())) {
                    stop();
                    throw new EmbeddedException("PostgreSQL on " + options.data() + " does not know the password it"
                            + " was given. The folder belongs to another installation; choose another folder.");
                }
            }
            if (System.nanoTime() > deadline) {
                stop();
                throw new EmbeddedException(
                        "PostgreSQL did not answer within " + START_LIMIT.toSeconds() + " s; its log is " + log + ".");
            }
            try {
                if (child.waitFor(20, TimeUnit.MILLISECONDS)) {
                    process = null;
                    var text = textFrom(log, logStart);
                    if (text.contains("could not bind") || text.contains("could not create any TCP/IP sockets")) {
                        throw new PortTakenException("PostgreSQL", port);
                    }
                    if (text.contains("No space left on device")) {
                        throw new EmbeddedException("The disk that holds " + options.data() + " is full.");
                    }
                    throw new EmbeddedException("PostgreSQL ended at once (see " + log + "): "
                            + text.lines().reduce("", (a, b) -> b));
                }
            } catch (InterruptedException e) {
                stop();
                Thread.currentThread().interrupt();
                throw new EmbeddedException("Interrupted while PostgreSQL was starting", e);
            }
        }
    }

    private static String textFrom(Path log, long start) throws IOException {
        try (var in = Files.newInputStream(log, StandardOpenOption.READ)) {
            in.skipNBytes(Math.min(start, Files.size(log)));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String tail(Path file) throws IOException {
        var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /**
     * Stops the server that a killed process left behind on this folder.
     *
     * @return whether there was one
     */
    public static boolean stopOrphan(Path data) {
        var orphan = serverOf(data.toAbsolutePath());
        orphan.ifPresent(server -> {
            LOG.info("Stopping PostgreSQL (process {}) that was left behind on {}", server.pid(), data);
            shutDown(server);
        });
        return orphan.isPresent();
    }

    /** The living server of a folder, told from its pid file and checked against reuse of the process id. */
    static Optional<ProcessHandle> serverOf(Path data) {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            var lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
            if (lines.isEmpty()) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(ProcessHandle::isAlive)
                    .filter(found -> found.info()
                            .commandLine()
                            .or(() -> found.info().command())
                            .map(line -> line.toLowerCase(Locale.ROOT).contains("postgres"))
                            .orElse(false))
                    .filter(found -> found.info()
                            .arguments()
                            .map(arguments -> List.of(arguments).contains(data.toString()))
                            .orElse(true));
        } catch (IOException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one; Java itself sends only TERM and KILL. */
    private static void shutDown(ProcessHandle server) {
        signal("INT", server);
        if (!ended(server, STOP_LIMIT)) {
            signal("QUIT", server);
            if (!ended(server, STOP_LIMIT)) {
                server.destroyForcibly();
                ended(server, STOP_LIMIT);
            }
        }
    }

    private static void signal(String name, ProcessHandle server) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + server.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            server.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.destroyForcibly();
        }
    }

    private static boolean ended(ProcessHandle server, Duration limit) {
        try {
            server.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !server.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !server.isAlive();
        }
    }
}
