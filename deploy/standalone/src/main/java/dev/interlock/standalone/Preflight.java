package dev.interlock.standalone;

import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What is looked at before anything is started, so that each problem is one sentence and nothing is half started. */
final class Preflight {
    /** PostgreSQL's and Kafka's new folders, their first segments and the logs. */
    private static final long NEW_FOLDER_BYTES = 500L << 20;
    /** Room for write-ahead log and segments of an existing one. */
    private static final long KEPT_FOLDER_BYTES = 150L << 20;

    private Preflight() {}

    static void requireRoom(Home home) {
        try {
            var existing = home.folder();
            while (existing != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (existing == null) {
                return;
            }
            long needed = Long.getLong("interlock.needed.bytes", home.isNew() ? NEW_FOLDER_BYTES : KEPT_FOLDER_BYTES);
            long usable = Files.getFileStore(existing).getUsableSpace();
            if (usable < needed) {
                throw new StandaloneException("The disk that holds " + home.folder() + " is too full: "
                        + (usable >> 20) + " MiB are free, " + (needed >> 20) + " MiB are needed. Make room, or choose"
                        + " another folder with --data DIR.");
            }
            if (!Files.isWritable(existing)) {
                throw new StandaloneException("The data folder " + home.folder() + " cannot be written by "
                        + System.getProperty("user.name") + ". Choose another one with --data DIR.");
            }
        } catch (IOException e) {
            throw new StandaloneException("The data folder " + home.folder() + " cannot be used: " + e.getMessage());
        }
    }

    static void requireFreePorts(Settings settings) {
        var taken = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (var part : Part.values()) {
            int port = settings.ports().getOrDefault(part, 0);
            if (port != 0 && !Ports.isFree(port)) {
                var owner = PortOwner.of(port).orElse("another program");
                taken.add("Port " + port + ", wanted for " + part.word() + ", is taken by " + owner + ".");
                others.add(part.option() + " N");
            }
        }
        if (!taken.isEmpty()) {
            throw new StandaloneException(String.join(" ", taken) + " Stop that program, or choose other ports with "
                    + (others.size() == 1 ? others.getFirst() : "--port-base N") + ".");
        }
    }

    /** Ends what a supervisor that was killed left running on this folder. Call with the folder's lock held. */
    static void stopLeftovers(Home home, Consumer<String> say) {
        State.read(home.state())
                .ifPresent(state -> state.processes().forEach((name, running) -> {
                    if (!name.equals(State.SUPERVISOR)) {
                        running.process().ifPresent(process -> {
                            say.accept("Stopping " + name + " (process " + process.pid()
                                    + "), left behind by an earlier start");
                            end(process);
                        });
                    }
                }));
        if (EmbeddedPostgres.stopOrphan(home.data().resolve("postgres"))) {
            say.accept("Stopped PostgreSQL, left behind by an earlier start");
        }
    }

    static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(15, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
            process.onExit()
                    .orTimeout(5, TimeUnit.SECONDS)
                    .exceptionally(stuck -> process)
                    .join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    static Duration startLimit() {
        return Duration.ofSeconds(Long.getLong("interlock.start.seconds", 180));
    }
}
