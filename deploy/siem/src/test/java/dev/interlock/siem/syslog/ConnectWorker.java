package dev.interlock.siem.syslog;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.jspecify.annotations.Nullable;

/** Kafka Connect's own stand-alone worker as a process, with one connector. */
public final class ConnectWorker implements AutoCloseable {

    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    private ConnectWorker(List<String> command, Path log) {
        this.command = command;
        this.log = log;
    }

    public static ConnectWorker of(Path folder, String bootstrapServers, Map<String, String> connector)
            throws IOException {
        Files.createDirectories(folder);
        var worker = new LinkedHashMap<String, String>();
        worker.put("bootstrap.servers", bootstrapServers);
        worker.put("listeners", "http://127.0.0.1:0");
        for (var part : List.of("key", "value", "header")) {
            worker.put(part + ".converter", "org.apache.kafka.connect.storage.StringConverter");
        }
        worker.put("offset.storage.file.filename", folder.resolve("offsets").toString());
        worker.put("plugin.discovery", "service_load");
        worker.put("consumer.auto.offset.reset", "earliest");
        worker.put("consumer.session.timeout.ms", "6000"); // so long a killed worker keeps its partitions
        worker.put("consumer.heartbeat.interval.ms", "2000");
        worker.put("consumer.allow.auto.create.topics", "false");
        var properties = folder.resolve("worker.properties");
        Files.writeString(
                properties,
                worker.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining("\n")));
        var json = folder.resolve("connector.json");
        var config = new LinkedHashMap<>(connector);
        config.put("connector.class", SyslogSinkConnector.class.getName());
        config.put("tasks.max", "1");
        new ObjectMapper().writeValue(json.toFile(), Map.of("name", "interlock-siem", "config", config));
        return new ConnectWorker(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConnectStandalone.class.getName(),
                        properties.toString(),
                        json.toString()),
                folder.resolve("worker.log"));
    }

    public void start() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    public String log() throws IOException {
        return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** SIGTERM; true if it ended in time. */
    public boolean stop() throws InterruptedException {
        if (process == null) {
            return true;
        }
        process.destroy();
        return process.waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
