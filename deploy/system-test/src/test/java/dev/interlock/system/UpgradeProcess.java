package dev.interlock.system;

import static org.awaitility.Awaitility.await;

import dev.interlock.embedded.Ports;
import dev.interlock.upgrade.UpgradeService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** upgrade-service as a process of its own, so that it can be killed as a power cut kills it. Always at the same port. */
final class UpgradeProcess implements AutoCloseable {
    private final Map<String, Object> properties;
    private final Path log;
    private final int port = Ports.free();
    private @Nullable Process process;

    UpgradeProcess(Map<String, Object> properties, Path log) {
        this.properties = new TreeMap<>(properties);
        this.properties.put("micronaut.server.port", port);
        this.log = log;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    synchronized void start() {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UpgradeService.class.getName()));
        properties.forEach((name, value) -> command.add("--" + name + "=" + value));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized boolean isAlive() {
        var running = process;
        return running != null && running.isAlive();
    }

    /** SIGKILL, and back when it is dead. False if it was dead already. */
    synchronized boolean kill() {
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

    /** Starts it again if it is dead, and waits until it answers. */
    void revive(Rest rest) {
        if (!isAlive()) {
            start();
        }
        await("upgrade-service answers; its log is " + log)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !isAlive() || rest.get("/products").status() == 200);
    }

    @Override
    public void close() {
        var _ = kill();
    }
}
