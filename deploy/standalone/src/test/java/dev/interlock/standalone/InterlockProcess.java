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
    /** Its bit in the masks of /proc. */
    private static final long SIGINT = 1 << 1;

    private final Process process;
    private final Path output;

    private InterlockProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static InterlockProcess start(Path folder, List<String> jvmOptions, String... arguments) throws IOException {
        var output = Files.createTempFile(folder, "said", ".txt");
        var command = new ArrayList<>(hearingOfInterrupts());
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

    /** What a shell starts in the background ignores SIGINT, and so do its children: a JVM among them would never hear of Ctrl-C. */
    private static List<String> hearingOfInterrupts() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return List.of();
        }
        boolean ignored = Files.readAllLines(status, StandardCharsets.US_ASCII).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
        return ignored ? List.of("env", "--default-signal=INT") : List.of();
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
