package dev.interlock.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.contracts.Channel;
import dev.interlock.embedded.Folders;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code ./interlock demo}: everything from nothing, a story, a summary, and nothing left behind. */
final class Demo {
    private static final String USAGE = """
            usage: ./interlock demo [--keep]

            Starts PostgreSQL, Kafka, the four services and a lab of simulated hosts on free ports, tells a story from
            discovery to a finished upgrade with the events as they arrive from Kafka, checks everything that it tells,
            and stops all again. The last line is a summary as JSON; exit code 0 only if every check held.

              --keep   leaves everything running, to look around; ./interlock down --data .interlock/demo stops it""";

    private final Home home;
    private final boolean keep;
    private final Narrator narrator = new Narrator(System.out, Boolean.getBoolean("interlock.terminal"));

    private Demo(Home home, boolean keep) {
        this.home = home;
        this.keep = keep;
    }

    static int run(Path folder, List<String> arguments) {
        if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
            System.out.println(USAGE);
            return 0;
        }
        if (!arguments.isEmpty() && !arguments.equals(List.of("--keep"))) {
            throw new StandaloneException("demo does not know '" + String.join(" ", arguments) + "'.\n" + USAGE);
        }
        return new Demo(Home.at(folder), !arguments.isEmpty()).play();
    }

    private Path kept() {
        return home.folder().resolve("kept");
    }

    private int play() {
        System.out.println("Interlock's story, on PostgreSQL, Kafka and SSH; only the managed products are simulated.");
        System.out.println();
        clearAway();
        var arguments = List.of("--data", home.folder().toString(), "--port-base", "0", "--with-lab", "--throw-away");
        Story.@Nullable Outcome outcome = null;
        String trouble = null;
        var toldToStop = new AtomicBoolean();
        Launcher.Started started = null;
        try {
            started = Launcher.start(Settings.parse(home.folder(), arguments), arguments, text -> narrator.tell(text));
            var process = started.process();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                toldToStop.set(true);
                if (process.isAlive() && !Files.exists(kept())) {
                    System.err.println("Stopping everything; the logs stay in " + home.logs());
                    Launcher.end(process);
                }
            }));
            outcome = story(started.state());
            if (keep) {
                Files.createFile(kept());
                started.letGo();
            }
        } catch (StandaloneException e) {
            trouble = e.getMessage();
        } catch (IOException e) {
            trouble = e.toString();
        }
        double seconds = Math.round(narrator.seconds() * 10) / 10.0;
        if (started != null && !Files.exists(kept())) {
            Launcher.end(started.process());
        }
        boolean good = outcome != null
                && trouble == null
                && outcome.postchecksFailed() == 0
                && outcome.missing().isEmpty()
                && outcome.upgradedNodes() == outcome.hosts();
        System.out.println();
        if (outcome != null) {
            summary(outcome, seconds);
        }
        if (trouble != null && !toldToStop.get()) { // what stops with us fails
            System.out.println("The story broke off: " + trouble);
        }
        if (!good) {
            System.out.println("The logs are in " + home.logs() + ".");
        }
        if (started != null && Files.exists(kept())) {
            lookAround(started.state());
        }
        System.out.println(json(outcome, good, seconds));
        return good ? 0 : 1;
    }

    private Story.Outcome story(State state) {
        var lines = new EventLine();
        try (var events = new EventWatch(state.kafka(), seen -> show(seen, lines))) {
            return new Story(new Telling(home, state, narrator, events, lines)).tell();
        }
    }

    /** The compacted topics repeat the events' content as state; they are counted, not told. */
    private void show(EventWatch.Seen seen, EventLine lines) {
        if (seen.content() == null || seen.channel().compacted()) {
            return;
        }
        var line = lines.of(seen.content());
        if (seen.channel() == Channel.AGENT_EVENTS) {
            narrator.crowd(word(seen.channel()), seen.type(), line);
        } else {
            narrator.event(word(seen.channel()), seen.type(), line);
        }
    }

    private static String word(Channel channel) {
        return channel.topic().replace("interlock.", "").replace(".v1", "");
    }

    /** A demo always begins with nothing. One that was kept is stopped; one that is being told is not. */
    private void clearAway() {
        if (Launcher.isHeld(home)) {
            if (!Files.exists(kept())) {
                throw new StandaloneException("Another demo is running on " + home.folder()
                        + ". Wait for its end, or stop it with ./interlock down --data " + home.folder() + ".");
            }
            narrator.tell("Stopping the demo that was kept running");
        }
        if (Files.exists(home.folder())) {
            new Commands(home.folder(), new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .down(List.of());
            Folders.delete(home.folder());
        }
    }

    private static void summary(Story.Outcome outcome, double seconds) {
        Tables.print(
                System.out,
                List.of(
                        List.of("hosts discovered over SSH", Integer.toString(outcome.hosts())),
                        List.of("upgrades", Integer.toString(outcome.upgrades())),
                        List.of("hosts upgraded", Integer.toString(outcome.upgradedNodes())),
                        List.of("steps", Integer.toString(outcome.steps())),
                        List.of("records read from Kafka", Integer.toString(outcome.events())),
                        List.of(
                                "expected events seen",
                                outcome.expectedEvents() - outcome.missing().size() + " of "
                                        + outcome.expectedEvents()),
                        List.of(
                                "post-checks held",
                                outcome.postchecksHeld() + " of "
                                        + (outcome.postchecksHeld() + outcome.postchecksFailed())),
                        List.of("seconds", Double.toString(seconds))));
        System.out.println();
    }

    private void lookAround(State state) {
        System.out.println("Everything keeps running. To look around:");
        Tables.addresses(home, state, System.out);
        System.out.println("  ./interlock --state-file " + home.state() + " --as viewer hosts list");
        System.out.println("  curl -H \"Authorization: Bearer $(cat " + home.tokenFile("viewer") + ")\" "
                + state.services().get("upgrade") + "/api/v1/runs");
        System.out.println("  ./interlock down --data " + home.folder());
        System.out.println();
        for (var person : Person.CAST) {
            try {
                System.out.println("  token of " + person.name() + " (" + person.token() + "): "
                        + Files.readString(home.tokenFile(person.token()), StandardCharsets.US_ASCII)
                                .strip());
            } catch (IOException e) {
                System.out.println("  token of " + person.name() + ": " + home.tokenFile(person.token()));
            }
        }
        System.out.println();
    }

    private static String json(Story.@Nullable Outcome outcome, boolean good, double seconds) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("ok", good);
        if (outcome != null) {
            line.put("hosts", outcome.hosts());
            line.put("upgrades", outcome.upgrades());
            line.put("upgradedNodes", outcome.upgradedNodes());
            line.put("steps", outcome.steps());
            line.put("events", outcome.events());
            line.put("expectedEvents", outcome.expectedEvents());
            line.put("missingEvents", outcome.missing().size());
            line.put("postchecksHeld", outcome.postchecksHeld());
            line.put("postchecksFailed", outcome.postchecksFailed());
        }
        line.put("seconds", seconds);
        try {
            return new ObjectMapper().writeValueAsString(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
