package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartArchiveTest {
    private static final String FROM_ARCHIVE = Hello.class.getName() + " source: shared objects file (top)";

    @TempDir
    Path folder;

    /** The program that is started. */
    static final class Hello {
        public static void main(String... arguments) {
            System.out.println("hello");
        }
    }

    @Test
    void aProgramStartsFromWhatTheLastOneLeftAndDoesWithoutWhatIsOfAnotherBuild() throws Exception {
        build(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(run(true)).contains("hello").doesNotContain(FROM_ARCHIVE);
        assertThat(run(true)).contains("hello").contains(FROM_ARCHIVE);

        build(Instant.now().plusSeconds(60));
        assertThat(run(true)).as("another build").contains("hello").doesNotContain(FROM_ARCHIVE);
        build(Instant.now().minusSeconds(60));
        assertThat(run(true)).as("another build, older").contains("hello").doesNotContain(FROM_ARCHIVE);
    }

    @Test
    void whatIsSpoiltOrWasWrittenByAStartThatWasCutShortIsNotUsed() throws Exception {
        build(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(run(false)).contains("hello");
        assertThat(run(true)).as("nothing was kept").contains("hello").doesNotContain(FROM_ARCHIVE);
        Files.writeString(folder.resolve("Hello.jsa"), "spoilt");
        assertThat(run(true)).contains("hello").doesNotContain(FROM_ARCHIVE);
        assertThat(folder.resolve("part.written")).doesNotExist();
    }

    private Path jar() {
        return folder.resolve("program.jar");
    }

    private void build(Instant time) throws IOException {
        var name = Hello.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(jar()));
                var bytes = Objects.requireNonNull(Hello.class.getClassLoader().getResourceAsStream(name))) {
            jar.putNextEntry(new JarEntry(name));
            bytes.transferTo(jar);
        }
        Files.setLastModifiedTime(jar(), FileTime.from(time));
    }

    private String run(boolean whole) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var archive = StartArchive.of(folder, Hello.class, "part", jar().toString());
        command.addAll(archive.options());
        command.addAll(List.of("-Xlog:class+load", "-cp", jar().toString(), Hello.class.getName()));
        var said = folder.resolve("said.txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        archive.ended(whole);
        return Files.readString(said, StandardCharsets.UTF_8);
    }
}
