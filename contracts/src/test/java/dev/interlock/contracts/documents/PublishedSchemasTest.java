package dev.interlock.contracts.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PublishedSchemasTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();

    @Test
    void noPublishedMessageChangesIncompatibly() throws IOException {
        Javadocs docs = Javadocs.read(MODULE.resolve("src/main/java"));
        var schemas = new Schemas(docs);
        var now = new TreeMap<String, JsonNode>();
        MessageType.all().forEach(message -> now.put(message.type(), schemas.of(message, docs)));
        var published = new PublishedSchemas(Files.createDirectories(MODULE.resolve("src/test/resources/published")));
        if (Boolean.getBoolean("interlock.accept")) {
            published.accept(now);
        }
        assertThat(published.objections(now)).isEmpty();
    }

    @Test
    void theEventsPageIsUpToDate() throws IOException {
        Path page = MODULE.resolveSibling("docs").resolve("events.md");
        String now = new EventsPage(Javadocs.read(MODULE.resolve("src/main/java"))).markdown(MessageType.all());
        if (Boolean.getBoolean("interlock.accept")) {
            Files.writeString(page, now);
        }
        assertThat(Files.exists(page) ? Files.readString(page) : "")
                .as("docs/events.md is behind the records: %s", PublishedSchemas.HOW_TO_PUBLISH)
                .isEqualTo(now);
    }
}
