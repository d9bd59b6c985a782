package dev.interlock.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A single Kafka broker and controller (KRaft) in this JVM, on a folder, on the loopback interface. */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    /**
     * @param data folder for records and metadata; made if missing
     * @param port for clients; 0 chooses a free one
     * @param controllerPort used by the broker alone; 0 chooses a free one
     * @param durable whether records are flushed to disk before they are acknowledged; a single broker has no replica
     *     to fall back on, so without it a power cut (not a kill) may lose what was acknowledged last
     */
    public record Options(Path data, int port, int controllerPort, boolean durable) {
        public static Options throwAway(Path data) {
            return new Options(data, 0, 0, false);
        }
    }

    private final Options options;
    private final FolderLock lock;
    private int port;
    private int controllerPort;
    private @Nullable KafkaRaftServer server;

    private EmbeddedKafka(Options options, FolderLock lock) {
        this.options = options;
        this.lock = lock;
    }

    /**
     * Starts the broker and returns when it accepts clients (2 to 3 s).
     *
     * @throws FolderInUseException a living process has the folder
     * @throws PortTakenException somebody else listens on the wanted port
     */
    public static EmbeddedKafka start(Options options) {
        var data = options.data().toAbsolutePath();
        var lock = FolderLock.take(data.resolveSibling(data.getFileName() + ".lock"), data);
        var kafka = new EmbeddedKafka(options, lock);
        try {
            Files.createDirectories(data);
            kafka.launch();
            return kafka;
        } catch (IOException e) {
            lock.close();
            throw new UncheckedIOException("The folder " + data + " cannot be made: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    public boolean isRunning() {
        return server != null;
    }

    private void launch() {
        for (int attempt = 1; ; attempt++) {
            if (port == 0 || attempt > 1) {
                port = options.port() == 0 ? Ports.free() : options.port();
                controllerPort = options.controllerPort() == 0 ? Ports.free() : options.controllerPort();
            }
            try {
                launchOnce();
                return;
            } catch (PortTakenException e) {
                if (attempt == 5 || e.port() == options.port() || e.port() == options.controllerPort()) {
                    throw e;
                }
            }
        }
    }

    private void launchOnce() {
        if (!Ports.isFree(port)) {
            throw new PortTakenException("Kafka", port);
        }
        if (!Ports.isFree(controllerPort)) {
            throw new PortTakenException("Kafka's controller", controllerPort);
        }
        var settings = settings();
        format(settings);
        var broker = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        try {
            broker.startup();
            server = broker;
        } catch (RuntimeException e) {
            stopQuietly(broker);
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw Ports.isFree(port)
                            ? new PortTakenException("Kafka's controller", controllerPort)
                            : new PortTakenException("Kafka", port);
                }
            }
            throw new EmbeddedException(
                    "Kafka cannot be started on " + options.data() + ": "
                            + rootCause(e).getMessage(),
                    e);
        }
    }

    private static Throwable rootCause(Throwable e) {
        var cause = e;
        for (var next = e.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        return cause;
    }

    private static void stopQuietly(KafkaRaftServer broker) {
        try {
            broker.shutdown();
        } catch (RuntimeException e) {
            LOG.debug("Kafka's shutdown after a failed start failed too", e);
        }
    }

    private Properties settings() {
        var settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@" + Ports.LOOPBACK + ":" + controllerPort);
        settings.setProperty(
                "listeners",
                "CLIENTS://" + Ports.LOOPBACK + ":" + port + ",CONTROLLER://" + Ports.LOOPBACK + ":" + controllerPort);
        settings.setProperty("advertised.listeners", "CLIENTS://" + Ports.LOOPBACK + ":" + port);
        settings.setProperty("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("inter.broker.listener.name", "CLIENTS");
        settings.setProperty("log.dirs", options.data().toAbsolutePath().toString());
        settings.setProperty("auto.create.topics.enable", "true");
        settings.setProperty("num.partitions", "3");
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("min.insync.replicas", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "1");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "1");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "2");
        settings.setProperty("background.threads", "2");
        settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        settings.setProperty("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
        settings.setProperty("log.retention.hours", "-1");
        settings.setProperty("controlled.shutdown.enable", "false");
        if (options.durable()) {
            settings.setProperty("log.flush.interval.messages", "1");
        }
        return settings;
    }

    /** Writes the cluster's identity into a new folder; a folder that has one keeps it. */
    private void format(Properties settings) {
        var data = options.data().toAbsolutePath();
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        try {
            var file = Files.createTempFile(data, "format", ".properties");
            try {
                try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                    settings.store(out, null);
                }
                var said = new ByteArrayOutputStream();
                var arguments = new String[] {
                    "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString(),
                };
                int exit = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
                if (exit != 0) {
                    throw new EmbeddedException("Kafka's folder " + data + " cannot be prepared: "
                            + said.toString(StandardCharsets.UTF_8).strip());
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka's folder " + data + " cannot be prepared: " + e.getMessage(), e);
        }
    }

    /** Stops the broker; records and offsets stay. */
    public synchronized void stop() {
        var running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    /** Starts the stopped broker again on the same ports and data. */
    public synchronized void restart() {
        if (server == null) {
            launchOnce();
        }
    }

    /** Returns when the broker has ended. */
    public void awaitEnd() {
        var running = server;
        if (running != null) {
            running.awaitShutdown();
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
}
