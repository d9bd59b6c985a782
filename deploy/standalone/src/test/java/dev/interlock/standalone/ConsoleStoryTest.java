package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        assume(isOnPath("node"), "There is no Node.js on the PATH");
        assume(isOnPath("npm"), "There is no npm on the PATH");
        assume(
                Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                                .map(Path::of)
                                .anyMatch(Files::isExecutable)
                        || System.getenv("CHROMIUM") != null,
                "There is no Chromium; on Debian: apt install chromium");
        assume(
                ConsoleStoryTest.class.getResource("/console/index.html") != null,
                "The console's page was not built; the build said why");
        if (!Files.isDirectory(SCRIPTS.resolve("node_modules"))) {
            run(List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"), SCRIPTS, 180);
        }
        var data = folder.resolve("data");
        InterlockProcess.run(
                folder, 0, "up", "--data", data.toString(), "--port-base", "0", "--with-lab", "--throw-away");
        try {
            var said = run(
                    List.of(
                            "node",
                            "story.mjs",
                            "--data",
                            data.toString(),
                            "--pictures",
                            PICTURES.toString(),
                            "--restart"),
                    SCRIPTS,
                    480);
            System.out.println(said);
            var result = new ObjectMapper().readTree(said.lines().toList().getLast());
            assertThat(result.path("ok").asBoolean()).isTrue();
            assertThat(result.path("held").asInt()).isGreaterThan(12);
        } finally {
            InterlockProcess.run(folder, 0, "down", "--data", data.toString());
        }
    }

    /** Said also where nobody reads why a test was skipped. */
    private static void assume(boolean there, String otherwise) {
        if (!there) {
            System.out.println("The browser tests are left out. " + otherwise + ".");
        }
        assumeTrue(there, otherwise);
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private String run(List<String> command, Path in, int seconds) throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "said", ".txt");
        var process = new ProcessBuilder(new ArrayList<>(command))
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        var said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended && process.exitValue() == 0)
                .as("%s in %s s; it said:%n%s", command, seconds, said)
                .isTrue();
        return said.strip();
    }
}
