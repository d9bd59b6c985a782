package dev.interlock.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Who listens on a port, where the operating system lets us know. */
final class PortOwner {
    private PortOwner() {}

    /** For people, such as {@code process 4711, nginx}. */
    static Optional<String> of(int port) {
        try {
            return Files.isReadable(Path.of("/proc/net/tcp")) ? byProc(port) : byLsof(port);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> byProc(int port) throws IOException {
        var inodes = new HashSet<String>();
        for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            if (Files.isReadable(Path.of(table))) {
                listening(table, port, inodes);
            }
        }
        if (inodes.isEmpty()) {
            return Optional.empty();
        }
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                if (holds(process, inodes)) {
                    return Optional.of("process " + process.getFileName() + ", " + name(process));
                }
            }
        }
        return Optional.empty();
    }

    private static void listening(String table, int port, Set<String> inodes) throws IOException {
        var wanted = String.format(Locale.ROOT, ":%04X", port);
        for (var line : Files.readAllLines(Path.of(table), StandardCharsets.US_ASCII)) {
            var columns = line.strip().split("\\s+", -1);
            if (columns.length > 9 && columns[1].endsWith(wanted) && "0A".equals(columns[3])) {
                inodes.add("socket:[" + columns[9] + "]");
            }
        }
    }

    private static boolean holds(Path process, Set<String> inodes) {
        try (var open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var descriptor : open) {
                if (inodes.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException notOursOrGone) {
            return false;
        }
        return false;
    }

    private static String name(Path process) throws IOException {
        return Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip();
    }

    private static Optional<String> byLsof(int port) throws IOException {
        var lsof = new ProcessBuilder("lsof", "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-Fpc")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new String(lsof.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!lsof.waitFor(5, TimeUnit.SECONDS)) {
                lsof.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        var pid = said.lines().filter(line -> line.startsWith("p")).findFirst().map(line -> line.substring(1));
        var command =
                said.lines().filter(line -> line.startsWith("c")).findFirst().map(line -> line.substring(1));
        return pid.map(id -> "process " + id + command.map(name -> ", " + name).orElse(""));
    }
}
