package dev.interlock.dashboards;

import dev.interlock.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** This machine's prometheus program, with the shipped configuration, on a free port and a folder of its own. */
final class OwnPrometheus implements AutoCloseable {
    /** For people without one. */
    static final String MISSING = "There is no prometheus on the PATH; on Debian: apt install prometheus";

    private final Process process;
    private final Prometheus prometheus;
    private final Path log;

    private OwnPrometheus(Process process, Prometheus prometheus, Path log) {
        this.process = process;
        this.prometheus = prometheus;
        this.log = log;
    }

    static boolean isThere() {
        return isProgram("prometheus");
    }

    static boolean isProgram(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /**
     * @param folder an empty one
     * @param targets host:port of each service
     */
    static OwnPrometheus start(Path root, Path folder, List<String> targets, Path tokenFile) {
        try {
            Files.createDirectories(folder);
            var configuration = folder.resolve("prometheus.yml");
            Files.writeString(configuration, configuration(root, targets, tokenFile));
            var log = folder.resolve("prometheus.log");
            int port = Ports.free();
            var process = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + configuration,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
            return new OwnPrometheus(process, new Prometheus(URI.create("http://127.0.0.1:" + port)), log).awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException("prometheus cannot be started", e);
        }
    }

    /** The shipped one, for these services, and in a hurry. */
    private static String configuration(Path root, List<String> targets, Path tokenFile) throws IOException {
        var shipped = root.resolve("deploy/prometheus/prometheus.yml");
        var kept = Files.readString(shipped, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.strip().startsWith("- 127.0.0.1:"))
                .toList();
        var text = String.join("\n", kept)
                .replace("_interval: 15s", "_interval: 1s")
                .replace("- interlock-alerts.yml", "- " + root.resolve("deploy/prometheus/interlock-alerts.yml"))
                .replace("credentials_file: interlock.token", "credentials_file: " + tokenFile)
                .replace("- targets:", "- targets: ['" + String.join("', '", targets) + "']");
        if (!text.contains(tokenFile.toString()) || !text.contains(targets.getFirst()) || !text.contains("1s")) {
            throw new IOException(shipped + " does not look as it did: see OwnPrometheus");
        }
        return text + "\n";
    }

    private OwnPrometheus awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!prometheus.isReady()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IllegalStateException("prometheus is not ready: " + said());
            }
            pause(100);
        }
        return this;
    }

    /** Until all have been scraped twice, so that rates have something to say. */
    void awaitTargets(int targets) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (prometheus.query("count_over_time(up[1m]) >= 2 and up == 1").series() < targets) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Not all of the " + targets + " services answer Prometheus; see ./interlock status");
            }
            pause(500);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    Prometheus api() {
        return prometheus;
    }

    private String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
