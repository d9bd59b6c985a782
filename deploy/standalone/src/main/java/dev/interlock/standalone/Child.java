package dev.interlock.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One process of the tree. It ends by itself when we die, because we hold the other end of its standard input. */
final class Child {
    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final Process process;
    private final long logStart;

    private Child(String name, List<String> command, Map<String, String> environment, Path log) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.log = log;
        try {
            logStart = Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = Java.start(builder);
    }

    static Child start(String name, List<String> command, Map<String, String> environment, Path log) {
        return new Child(name, command, environment, log);
    }

    /** The same once more, as a new process. */
    Child again() {
        return new Child(name, command, environment, log);
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    Process process() {
        return process;
    }

    /** What it said was wrong, in a sentence; empty where it did not say. */
    Optional<String> complaint() {
        try (var in = Files.newInputStream(log, StandardOpenOption.READ)) {
            in.skipNBytes(Math.min(logStart, Files.size(log)));
            var said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (said.contains("No space left on device")) {
                return Optional.of("The disk that holds " + log + " is full.");
            }
            return said.lines()
                    .filter(line -> line.startsWith("error: "))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring("error: ".length()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** False if it had to be killed. */
    boolean stop(int patienceSeconds) {
        process.destroy();
        try {
            if (process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
                return true;
            }
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
