package dev.interlock.testkit;

import static org.awaitility.Awaitility.await;

import dev.interlock.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service as a process of its own, so that it can be killed as a power cut kills it. Always at the same port; several
 * instances of one service share a database when their properties do.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private final String mainClass;
    private final Map<String, Object> properties;
    private final Path log;
    private final int port = Ports.free();
    private @Nullable Process process;

    /**
     * @param main the class with the service's {@code main}; it and all it needs are on the test's own class path
     * @param properties as of {@link ServiceUnderTest#properties}; the port is chosen here
     * @param log what the service says, of all its lives; the folder is made
     */
    public ServiceProcess(Class<?> main, Map<String, Object> properties, Path log) {
        this.mainClass = main.getName();
        this.properties = new TreeMap<>(properties);
        this.properties.put("micronaut.server.port", port);
        // a consumer that was killed holds up its successor for this long
        this.properties.putIfAbsent("kafka.session.timeout.ms", 6000);
        this.properties.putIfAbsent("kafka.heartbeat.interval.ms", 2000);
        this.log = log.toAbsolutePath();
    }

    public URI uri() {
        return URI.create("http://" + Ports.LOOPBACK + ":" + port);
    }

    public Path log() {
        return log;
    }

    /** Starts it and comes back at once; see {@link #awaitReady}. */
    public synchronized ServiceProcess start() {
        if (isAlive()) {
            throw new IllegalStateException("the process at port " + port + " lives");
        }
        try {
            Files.createDirectories(log.getParent());
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The settings go by a file that only its owner may read: among them is a password. */
    private List<String> command() throws IOException {
        Path settings = log.resolveSibling(log.getFileName() + "." + port + ".args");
        var arguments = new StringBuilder();
        properties.forEach((name, value) -> arguments
                .append('"')
                .append(("--" + name + "=" + value).replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\"\n"));
        Files.deleteIfExists(settings);
        Files.createFile(settings, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                settings,
                "-cp \"" + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"\n" + mainClass + "\n"
                        + arguments);
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "@" + settings));
        return command;
    }

    public synchronized boolean isAlive() {
        var running = process;
        return running != null && running.isAlive();
    }

    /** Of the present life, or of the last one. */
    public synchronized long pid() {
        var last = process;
        if (last == null) {
            throw new IllegalStateException("never started");
        }
        return last.pid();
    }

    /** Whether this process is the instance of that name: {@code carriedBy} of a run, the owner of a lease. */
    public boolean isInstance(String name) {
        return name.contains("-" + pid() + "-");
    }

    /** SIGKILL, and back when it is dead. False if it was dead already. */
    public synchronized boolean kill() {
        var running = process;
        if (running == null || !running.isAlive()) {
            return false;
        }
        running.destroyForcibly();
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the killed process " + running.pid() + " still lives");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return true;
    }

    /** Waits until it says that it is ready; fails at once if it dies instead. */
    public ServiceProcess awaitReady() {
        await("the service answers; its log is " + log)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .failFast("the process died; see " + log, () -> !isAlive())
                .until(this::isReady);
        return this;
    }

    /** Starts it again if it is dead, and waits until it is ready. It may be killed again meanwhile: then it comes back. */
    public void revive() {
        if (!isAlive()) {
            start();
        }
        await("the service answers; its log is " + log)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !isAlive() || isReady());
    }

    private boolean isReady() {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(uri().resolve("/health/readiness"))
                                            .timeout(Duration.ofSeconds(10))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        var _ = kill();
    }
}
