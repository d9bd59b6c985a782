import dev.interlock.embedded.EmbeddedKafka;
import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.embedded.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL and a Kafka of a benchmark's own, with what it needs besides; all gone when it ends. */
final class BenchServers implements AutoCloseable {
    final Path folder;
    final EmbeddedPostgres postgres;
    final EmbeddedKafka kafka;

    /** @param durable whether PostgreSQL waits for the disk */
    BenchServers(String bench, boolean durable) throws IOException {
        folder = Files.createTempDirectory(bench);
        var options = EmbeddedPostgres.Options.throwAway(folder.resolve("postgres"));
        postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Options(
                options.data(), options.port(), durable, options.password(), options.maxConnections()));
        kafka = EmbeddedKafka.start(EmbeddedKafka.Options.throwAway(folder.resolve("kafka")));
        postgres.createDatabase("bench");
    }

    /** What binds a service to them, at a port of its own choice. */
    Map<String, Object> properties() {
        var properties = new HashMap<String, Object>();
        properties.put("micronaut.server.port", -1);
        properties.put("datasources.default.url", postgres.jdbcUrl("bench"));
        properties.put("datasources.default.username", EmbeddedPostgres.USER);
        properties.put("datasources.default.password", postgres.password());
        properties.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
        Folders.delete(folder);
    }
}
