package dev.interlock.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.embedded.FolderLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts a supervisor as a process of its own and hears from it until it is ready. */
final class Launcher {
    private static final String READY = "ready";
    private static final String SAY = "say ";
    private static final String FAILED = "failed ";
    private static final String LET_GO = "let go";

    private Launcher() {}

    /** A supervisor that is ready. It stops everything when we die, until it is let go. */
    record Started(Process process, State state) {
        /** It outlives us from now on. */
        void letGo() {
            try (var order = process.getOutputStream()) {
                order.write((LET_GO + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new StandaloneException("The supervisor (process " + process.pid() + ") has just ended.");
            }
        }
    }

    /**
     * Starts a supervisor in the background.
     *
     * @param arguments as of {@code up}
     * @throws StandaloneException with the sentence that the supervisor said
     */
    static Started start(Settings settings, List<String> arguments, Consumer<String> say) {
        var home = Home.at(settings.data());
        Preflight.requireRoom(home); // here already: there is no place for a log otherwise
        home.create();
        var all = new ArrayList<>(List.of("supervise"));
        all.addAll(arguments);
        var builder = new ProcessBuilder(Java.command(List.of("-Xmx96m"), Main.class, all))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(home.log("supervisor").toFile()));
        var process = Java.start(builder);
        var stopWithUs = Thread.ofPlatform().unstarted(() -> end(process));
        Runtime.getRuntime().addShutdownHook(stopWithUs);
        try {
            hear(process, say, home);
        } catch (IOException e) {
            throw new StandaloneException("The supervisor cannot be heard: " + e.getMessage());
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(stopWithUs);
            } catch (IllegalStateException alreadyEnding) {
                // the hook is at work
            }
        }
        return new Started(process, State.read(home.state()).orElseThrow());
    }

    private static void hear(Process process, Consumer<String> say, Home home) throws IOException {
        // not closed: the supervisor goes on writing
        var said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = said.readLine(); line != null; line = said.readLine()) {
            if (line.equals(READY)) {
                return;
            }
            if (line.startsWith(SAY)) {
                say.accept(line.substring(SAY.length()));
            } else if (line.startsWith(FAILED)) {
                throw new StandaloneException(
                        new ObjectMapper().readValue(line.substring(FAILED.length()), String.class));
            }
        }
        throw new StandaloneException(
                "The supervisor ended before it was ready. Its log is " + home.log("supervisor") + ".");
    }

    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(75, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The supervisor's own main: speaks to {@link #start} on standard output, to people in its log. */
    static int supervise(Settings settings) {
        var home = Home.at(settings.data());
        var out = System.out;
        try (var log = new PrintStream(
                settings.foreground() ? OutputStream.nullOutputStream() : log(home), true, StandardCharsets.UTF_8)) {
            Consumer<String> say = text -> {
                log.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + text);
                out.println(settings.foreground() ? text : SAY + text);
            };
            var supervisor = new Supervisor(settings, say);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                supervisor.stop();
                log.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " Stopped");
            }));
            if (!settings.foreground()) {
                Thread.ofPlatform().daemon().name("parent-watch").start(Launcher::exitWithParentUnlessLetGo);
            }
            try {
                supervisor.start();
            } catch (RuntimeException e) {
                log.println(Instant.now() + " " + e.getMessage());
                if (settings.foreground()) {
                    throw e;
                }
                out.println(FAILED + new ObjectMapper().writeValueAsString(String.valueOf(e.getMessage())));
                return 1;
            }
            if (settings.foreground()) {
                Tables.addresses(home, supervisor.state(), out);
                out.println("Ctrl-C stops everything.");
            } else {
                out.println(READY);
            }
            var reason = supervisor.keep();
            say.accept(reason);
            return 1;
        } catch (IOException e) {
            throw new StandaloneException("The supervisor's log cannot be written: " + e.getMessage());
        }
    }

    private static void exitWithParentUnlessLetGo() {
        try {
            var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (var line = orders.readLine(); line != null; line = orders.readLine()) {
                if (line.equals(LET_GO)) {
                    return;
                }
            }
        } catch (IOException closed) {
            // the same as its end
        }
        Runtime.getRuntime().exit(0);
    }

    private static OutputStream log(Home home) throws IOException {
        Files.createDirectories(home.logs());
        return Files.newOutputStream(home.log("supervisor"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Whether a living supervisor has the folder. */
    static boolean isHeld(Home home) {
        return FolderLock.holder(home.lock()) != null;
    }
}
