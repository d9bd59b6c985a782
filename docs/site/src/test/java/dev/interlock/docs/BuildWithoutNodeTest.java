package dev.interlock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product is built with a JDK only; then its site is left out, and nobody can miss that. */
class BuildWithoutNodeTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void aMachineWithoutNode() throws IOException {
        for (String file : List.of("build.sh", "not-built.html")) {
            Files.copy(Path.of(file), folder.resolve(file));
        }
        Path programs = Files.createDirectory(folder.resolve("bin"));
        for (String program : List.of("dirname", "mkdir", "rm", "sed")) {
            Path there = Stream.of("/bin", "/usr/bin")
                    .map(bin -> Path.of(bin, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.writeString(programs.resolve(program), "#!/bin/sh\nexec " + there + " \"$@\"\n");
            assertThat(programs.resolve(program).toFile().setExecutable(true)).isTrue();
        }
    }

    @Test
    void theBuildGoesOnAndSaysThatTheSiteIsMissing() throws Exception {
        Ended build = build("auto");

        assertThat(build.said())
                .contains("[WARNING] The documentation site was NOT BUILT: there is no Node.js on the PATH.")
                .contains("install Node.js 20 or newer");
        assertThat(build.exit()).isZero();
        assertThat(folder.resolve("target/classes/docs-site/index.html"))
                .content()
                .contains("Reason: there is no Node.js on the PATH.");
    }

    @Test
    void theBuildFailsIfTheSiteIsRequired() throws Exception {
        Ended build = build("required");

        assertThat(build.said()).contains("[ERROR] The documentation site is required and was not built");
        assertThat(build.exit()).isOne();
    }

    private record Ended(int exit, String said) {}

    private Ended build(String how) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("/bin/sh", "build.sh", how)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("PATH", folder.resolve("bin").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }
}
