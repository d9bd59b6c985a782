package dev.interlock.testkit;

import dev.interlock.embedded.EmbeddedKafka;
import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.embedded.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL and a Kafka of one test's own, always embedded, so that the test can take them away and bring them back
 * on the same port and data. Each is started at first use.
 */
public final class PrivateInfrastructure implements Infrastructure, AutoCloseable {
    private static final String PREFIX = "interlock-test-";

    private final Path folder;
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable EmbeddedKafka kafka;

    private PrivateInfrastructure(Path folder) {
        this.folder = folder;
    }

    public static PrivateInfrastructure start() {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            sweep(temporary);
            return new PrivateInfrastructure(Files.createTempDirectory(
                    temporary, PREFIX + ProcessHandle.current().pid() + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PrivateInfrastructure startUntilTheEnd() {
        var infrastructure = start();
        Runtime.getRuntime().addShutdownHook(new Thread(infrastructure::close));
        return infrastructure;
    }

    /** Removes what killed test runs left behind, their PostgreSQL included. */
    private static void sweep(Path temporary) throws IOException {
        try (var old = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (var left : old) {
                var pid =
                        left.getFileName().toString().substring(PREFIX.length()).split("-", 2)[0];
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()
                        && Files.isWritable(left)) {
                    EmbeddedPostgres.stopOrphan(left.resolve("postgres"));
                    Folders.delete(left);
                }
            }
        }
    }

    public synchronized EmbeddedPostgres postgres() {
        var started = postgres;
        if (started == null) {
            started = EmbeddedPostgres.start(EmbeddedPostgres.Options.throwAway(folder.resolve("postgres")));
            postgres = started;
        }
        return started;
    }

    public synchronized EmbeddedKafka kafka() {
        var started = kafka;
        if (started == null) {
            started = EmbeddedKafka.start(EmbeddedKafka.Options.throwAway(folder.resolve("kafka")));
            kafka = started;
        }
        return started;
    }

    /** PostgreSQL goes away; every connection breaks. */
    public void stopPostgres() {
        postgres().stop();
    }

    public void startPostgres() {
        postgres().restart();
    }

    /** Kafka goes away. */
    public void stopKafka() {
        kafka().stop();
    }

    public void startKafka() {
        kafka().restart();
    }

    @Override
    public String jdbcUrl(String database) {
        var server = postgres();
        server.createDatabase(database);
        return server.jdbcUrl(database);
    }

    @Override
    public String username() {
        return EmbeddedPostgres.USER;
    }

    @Override
    public String password() {
        return postgres().password();
    }

    @Override
    public String bootstrapServers() {
        return kafka().bootstrapServers();
    }

    @Override
    public synchronized void close() {
        try {
            if (kafka != null) {
                kafka.close();
            }
        } finally {
            if (postgres != null) {
                postgres.close();
            }
            Folders.delete(folder);
        }
    }
}
