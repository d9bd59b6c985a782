package dev.interlock.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.InventoryService;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/api.md, against the real service. */
class HostsExampleTest {

    private static final Path ROOT = Path.of(System.getProperty("interlock.root", ".."));

    @Test
    void itRunsAsTheDocumentationShowsIt(@TempDir Path folder) throws IOException {
        var properties = ServiceUnderTest.properties("inventory");
        properties.put(
                "interlock.credentials.dir",
                Files.createDirectories(folder.resolve("credentials")).toString());
        var printed = new ByteArrayOutputStream();
        try (var service = InventoryService.start(properties)) {
            URI address = service.getBean(EmbeddedServer.class).getURI();
            HostsExample.run(
                    address,
                    () -> TestTokens.token("olga", "operator"),
                    new PrintStream(printed, true, StandardCharsets.UTF_8));
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("kcm-01 at port 2222\n");
    }

    @Test
    void theDocumentationShowsWhatIsRun() throws IOException {
        String source =
                Files.readString(ROOT.resolve("api-client/src/test/java/dev/interlock/client/HostsExample.java"));
        String shown = source.substring(
                        source.indexOf("// as in docs/api.md\n") + "// as in docs/api.md\n".length(),
                        source.indexOf("        // as far as docs/api.md"))
                .indent(-8);
        assertThat(Files.readString(ROOT.resolve("docs/api.md")))
                .as("docs/api.md shows the example between the marks of HostsExample.java")
                .contains("```java\n" + shown + "```");
    }
}
