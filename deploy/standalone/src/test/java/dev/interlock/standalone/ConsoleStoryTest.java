package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
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
            var said = NodeScript.run(
                    List.of(
                            "node",
                            "story.mjs",
                            "--data",
                            data.toString(),
                            "--pictures",
                            PICTURES.toString(),
                            "--restart"),
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
}
