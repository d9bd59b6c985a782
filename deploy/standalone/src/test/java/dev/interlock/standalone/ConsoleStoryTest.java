package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.contracts.Channel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story of the demo as people do it in a browser: {@code console/e2e/story.mjs} clicks, on everything as {@code ./interlock up}
 * starts it, with the lab. Meanwhile the services are killed once, and every page is looked at by axe.
 */
class ConsoleStoryTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path SCRIPTS = ROOT.resolve("console/e2e");
    private static final Path PICTURES = Path.of("target/console-pictures").toAbsolutePath();
    private static final String HOSTS = Channel.INVENTORY_HOSTS.topic();

    @TempDir
    private Path folder;

    @Test
    void theWholeStoryIsDoneByClickingAsTwoPeople() throws Exception {
        NodeScript.assumeBrowserAndPage();
        NodeScript.install(SCRIPTS, folder);
        var data = folder.resolve("data");
        InterlockProcess.run(
                folder, 0, "up", "--data", data.toString(), "--port-base", "0", "--with-lab", "--throw-away");
        try {
            sendUnreadable(data);
            var said = NodeScript.run(
                    List.of(
                            "node",
                            "story.mjs",
                            "--data",
                            data.toString(),
                            "--pictures",
                            PICTURES.toString(),
                            "--restart",
                            "--dead-letter",
                            HOSTS),
                    SCRIPTS,
                    folder,
                    480);
            System.out.println(said);
            var result = new ObjectMapper().readTree(said.lines().toList().getLast());
            assertThat(result.path("ok").asBoolean()).isTrue();
            assertThat(result.path("held").asInt()).isGreaterThan(12);
        } finally {
            InterlockProcess.run(folder, 0, "down", "--data", data.toString());
        }
    }

    /** What no service understands, so that the page of dead letters has something to show. */
    private static void sendUnreadable(Path data) throws Exception {
        var kafka = new ObjectMapper()
                .readTree(data.resolve("state.json").toFile())
                .path("kafka")
                .asText();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(HOSTS, "nobody", "not an event")).get(30, TimeUnit.SECONDS);
        }
    }
}
