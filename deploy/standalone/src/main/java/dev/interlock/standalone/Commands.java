package dev.interlock.standalone;

import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.embedded.Ports;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The commands of the installation itself. Each returns the process's exit code. */
final class Commands {
    private static final Set<String> ROLES = Set.of("viewer", "operator", "approver", "admin", "service");

    private final Path defaultData;
    private final PrintStream out;

    Commands(Path defaultData, PrintStream out) {
        this.defaultData = defaultData;
        this.out = out;
    }

    int up(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.println(Settings.USAGE);
            return 0;
        }
        var settings = Settings.parse(defaultData, arguments);
        var home = Home.at(settings.data());
        if (Launcher.isHeld(home)) {
            return alreadyUp(home);
        }
        if (settings.foreground()) {
            return Launcher.supervise(settings);
        }
        var begin = System.nanoTime();
        var started = Launcher.start(settings, arguments, text -> out.println("  " + text));
        started.letGo();
        out.println("Interlock is ready after " + Math.round((System.nanoTime() - begin) / 1e8) / 10.0 + " s.");
        Tables.addresses(home, started.state(), out);
        whatNext(home, started.state());
        out.println("It runs in the background: ./interlock status shows it, ./interlock down stops it.");
        return 0;
    }

    /** A supervisor lives on this folder: with it {@code up} has nothing to do but to wait until all is ready. */
    private int alreadyUp(Home home) {
        var reached = until(Preflight.startLimit(), () -> {
            var state = State.read(home.state());
            return !Launcher.isHeld(home)
                    || state.filter(s -> s.status().equals("ready")
                                    && s.supervisor().isPresent()
                                    && s.instances().values().stream().allMatch(Health::isReady))
                            .isPresent();
        });
        if (!reached) {
            throw new StandaloneException("The data folder " + home.folder()
                    + " is in use by another process, and its services are not ready. The logs are in " + home.logs()
                    + "; ./interlock down stops it.");
        }
        if (!Launcher.isHeld(home)) {
            throw new StandaloneException("The other start on " + home.folder() + " has just ended. Try again.");
        }
        out.println("Interlock is already running on " + home.folder() + ", and ready.");
        var state = State.read(home.state()).orElseThrow();
        Tables.addresses(home, state, out);
        whatNext(home, state);
        return 0;
    }

    private void whatNext(Home home, State state) {
        boolean usual = home.equals(Home.at(defaultData));
        var data = usual ? "" : " --data " + home.folder();
        if (state.lab() != null) {
            out.println("To bring in the lab's hosts: ./interlock hosts import "
                    + home.lab().resolve(LabProcess.HOSTS) + (usual ? "" : " --state-file " + home.state()));
        }
        out.println("To sign in at the console, paste the text of " + home.tokenFile(Person.ADMIN.token()) + ".");
        out.println("For a second person: ./interlock token --user NAME --role ROLE" + data);
        out.println();
    }

    int down(List<String> arguments) {
        var home = home("down", arguments);
        var supervisor = State.read(home.state()).flatMap(State::supervisor);
        if (supervisor.isPresent() && Launcher.isHeld(home)) {
            out.println("Stopping Interlock (process " + supervisor.get().pid() + ") …");
            supervisor.get().destroy();
            if (!until(Duration.ofSeconds(90), () -> !supervisor.get().isAlive())) {
                supervisor.get().destroyForcibly();
                until(Duration.ofSeconds(10), () -> !Launcher.isHeld(home));
                Preflight.stopLeftovers(home, out::println);
            }
            out.println("Stopped. The data stays in " + home.folder() + ".");
            return 0;
        }
        if (Launcher.isHeld(home)) {
            throw new StandaloneException("The data folder " + home.folder() + " is in use by a process that left no"
                    + " word of itself in " + home.state() + ". Wait a moment and try again.");
        }
        boolean left = State.read(home.state())
                        .map(state -> state.processes().values().stream()
                                .anyMatch(running -> running.process().isPresent()))
                        .orElse(false)
                || Files.exists(home.data().resolve("postgres/postmaster.pid"));
        if (left) {
            // the supervisor was killed; its children see that and end by themselves
            Preflight.stopLeftovers(home, out::println);
            EmbeddedPostgres.stopOrphan(home.data().resolve("postgres"));
        }
        State.read(home.state())
                .filter(state -> !state.processes().isEmpty())
                .ifPresent(state -> state.with(Map.<String, State.Running>of())
                        .with("stopped", null)
                        .write(home.state()));
        out.println(left ? "Stopped what was left." : "Interlock is not running on " + home.folder() + ".");
        return 0;
    }

    int status(List<String> arguments) {
        var home = home("status", arguments);
        var found = State.read(home.state());
        if (found.isEmpty() || !Launcher.isHeld(home)) {
            out.println("Interlock is not running on " + home.folder() + "."
                    + found.map(State::reason)
                            .map(reason -> " It ended because: " + reason)
                            .orElse(""));
            return 1;
        }
        var state = found.get();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("PART", "STATE", "ADDRESS"));
        boolean ready = true;
        for (var instance : state.instances().entrySet()) {
            boolean up = Health.isReady(instance.getValue());
            ready &= up;
            rows.add(List.of(instance.getKey(), up ? "UP" : "DOWN", instance.getValue()));
        }
        for (var server : List.of(List.of("postgres", state.postgres()), List.of("kafka", state.kafka()))) {
            var address = server.get(1);
            boolean up = Ports.accepts(Integer.parseInt(address.replaceFirst(".*:", "")));
            ready &= up;
            rows.add(List.of(server.get(0), up ? "UP" : "DOWN", address));
        }
        if (state.processes().containsKey(Siem.PROCESS)) {
            var feed = Siem.status(home);
            ready &= feed.getFirst().equals("UP");
            rows.add(List.of("siem feed", feed.get(0), feed.get(1)));
        }
        Tables.print(out, rows);
        out.println();
        var processes = new ArrayList<List<String>>();
        processes.add(List.of("PROCESS", "ID"));
        state.processes()
                .forEach((name, running) -> processes.add(
                        List.of(name, running.pid() + (running.process().isPresent() ? "" : " (gone)"))));
        Tables.print(out, processes);
        out.println();
        out.println("  " + state.status() + (state.reason() == null ? "" : ": " + state.reason()) + "; data in "
                + home.folder());
        return ready ? 0 : 1;
    }

    /** Prints a token signed with the installation's key: whoever may read the key may be anybody. */
    int token(List<String> arguments) {
        var data = defaultData;
        String user = null;
        var roles = new ArrayList<String>();
        var validity = Duration.ofHours(12);
        for (int i = 0; i < arguments.size(); i++) {
            var option = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new StandaloneException(
                        "usage: ./interlock token --user NAME --role ROLE[,ROLE] [--hours N] [--data DIR]");
            }
            var value = arguments.get(++i);
            switch (option) {
                case "--data" -> data = Path.of(value);
                case "--user" -> user = value;
                case "--role", "--roles" -> roles.addAll(List.of(value.split(",", -1)));
                case "--hours" -> validity = Duration.ofHours(Integer.parseInt(value));
                default -> throw new StandaloneException("There is no option '" + option + "' of token.");
            }
        }
        if (user == null || user.isBlank() || roles.isEmpty()) {
            throw new StandaloneException(
                    "usage: ./interlock token --user NAME --role ROLE[,ROLE] [--hours N] [--data DIR]");
        }
        for (var role : roles) {
            if (!ROLES.contains(role)) {
                throw new StandaloneException(
                        "There is no role '" + role + "'; there are viewer, operator, approver, admin and service.");
            }
        }
        var home = Home.at(data);
        if (!Files.exists(home.folder())) {
            throw new StandaloneException(
                    "There is no installation in " + home.folder() + ". Start one with ./interlock up.");
        }
        out.println(home.signingKey().token(user, roles, Instant.now(), validity));
        return 0;
    }

    private Home home(String command, List<String> arguments) {
        if (arguments.isEmpty()) {
            return Home.at(defaultData);
        }
        if (arguments.size() == 2 && arguments.getFirst().equals("--data")) {
            return Home.at(Path.of(arguments.get(1)));
        }
        throw new StandaloneException("usage: ./interlock " + command + " [--data DIR]");
    }

    static boolean until(Duration limit, BooleanSupplier condition) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
