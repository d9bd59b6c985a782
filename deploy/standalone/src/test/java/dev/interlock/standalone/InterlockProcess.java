package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** {@code ./interlock …} as a real process, as a person would start it. */
final class InterlockProcess {
    private final Process process;
    private final Path output;

    private InterlockProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static InterlockProcess start(Path folder, List<String> jvmOptions, String... arguments) throws IOException {
        var output = Files.createTempFile(folder, "said", ".txt");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.add("-Dinterlock.root=" + folder);
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new InterlockProcess(process, output);
    }

    /** Runs to its end and must end with {@code exit}. */
    static String run(Path folder, int exit, String... arguments) throws Exception {
        return start(folder, List.of(), arguments).end(exit);
    }

    String end(int exit) throws Exception {
        assertThat(process.waitFor(150, TimeUnit.SECONDS))
                .as("ended: %s", said())
                .isTrue();
        assertThat(process.exitValue()).as("exit code, it said: %s", said()).isEqualTo(exit);
        return said();
    }

    int endedWith() throws Exception {
        assertThat(process.waitFor(150, TimeUnit.SECONDS))
                .as("ended: %s", said())
                .isTrue();
        return process.exitValue();
    }

    String said() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    void awaitSaying(String text) {
        Awaitility.await("it says " + text)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> said().contains(text) || !process.isAlive());
    }

    /** As Ctrl-C does. */
    void interrupt() throws Exception {
        new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
    }
}
