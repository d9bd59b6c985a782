package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What tests need to drive a browser by Node.js: whether it is there, and the run of a script. */
final class NodeScript {

    private NodeScript() {}

    /** Where something is missing the test is left out, and says so also where nobody reads why a test was skipped. */
    static void assumeBrowserAndPage() {
        assume(isOnPath("node"), "There is no Node.js on the PATH");
        assume(isOnPath("npm"), "There is no npm on the PATH");
        assume(
                Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                                .map(Path::of)
                                .anyMatch(Files::isExecutable)
                        || System.getenv("CHROMIUM") != null,
                "There is no Chromium; on Debian: apt install chromium");
        assume(
                NodeScript.class.getResource("/console/index.html") != null,
                "The console's page was not built; the build said why");
    }

    /** Fetches what the scripts of a folder are made with, unless it is there. */
    static void install(Path scripts, Path folder) throws Exception {
        if (!Files.isDirectory(scripts.resolve("node_modules"))) {
            run(List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"), scripts, folder, 180);
        }
    }

    /** Must end well; gives what it said. */
    static String run(List<String> command, Path in, Path folder, int seconds)
            throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "said", ".txt");
        var process = new ProcessBuilder(command)
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
}
