package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.shell.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Programs that run another program: in another environment, session or time limit, or with arguments that they read. */
final class RunnerPrograms {
    private RunnerPrograms() {}

    static void add(Map<String, Program> all) {
        all.put("env", RunnerPrograms::env);
        all.put("nohup", call -> exec(call, call.arguments()));
        all.put("nice", call -> {
            Options options = Options.of(call.arguments(), Set.of(), Set.of("n"), true);
            return exec(call, options.rest());
        });
        all.put(
                "stdbuf",
                call -> exec(
                        call,
                        Options.of(call.arguments(), Set.of(), Set.of("o", "i", "e"), true)
                                .rest()));
        all.put("setsid", RunnerPrograms::setsid);
        all.put("timeout", RunnerPrograms::timeout);
        all.put("xargs", RunnerPrograms::xargs);
    }

    /** As execvp: {@code name: failed to run command} and 127 when there is no such program. */
    private static int exec(Call call, List<String> argv) throws IOException {
        if (argv.isEmpty()) {
            call.err(call.name() + ": missing operand");
            return 125;
        }
        if (!call.canExec(argv.getFirst())) {
            call.err(call.name() + ": failed to run command ‘" + argv.getFirst() + "’: No such file or directory");
            return 127;
        }
        return call.exec(argv);
    }

    private static int env(Call call) throws IOException {
        var environment = new TreeMap<>(call.environment());
        List<String> rest = new ArrayList<>(call.arguments());
        while (!rest.isEmpty()) {
            String first = rest.getFirst();
            if (first.equals("-i") || first.equals("-")) {
                environment.clear();
            } else if (first.equals("-u") && rest.size() > 1) {
                rest.removeFirst();
                environment.remove(rest.getFirst());
            } else if (first.indexOf('=') > 0) {
                environment.put(first.substring(0, first.indexOf('=')), first.substring(first.indexOf('=') + 1));
            } else {
                break;
            }
            rest.removeFirst();
        }
        if (rest.isEmpty()) {
            for (var variable : environment.entrySet()) {
                call.line(variable.getKey() + "=" + variable.getValue());
            }
            return 0;
        }
        if (call.machine()
                        .resolve(
                                rest.getFirst(), environment.getOrDefault("PATH", Machine.PATH), call.cwd(), call.uid())
                == null) {
            call.err("env: ‘" + rest.getFirst() + "’: No such file or directory");
            return 127;
        }
        return call.exec(rest, environment);
    }

    private static int setsid(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("f", "w", "c", "fork", "wait"), Set.of(), true);
        if (options.rest().isEmpty()) {
            call.err("setsid: no command specified");
            return 1;
        }
        if (!call.canExec(options.rest().getFirst())) {
            call.err("setsid: failed to execute " + options.rest().getFirst() + ": No such file or directory");
            return 127;
        }
        if (options.has("f", "fork") || call.process().group() == call.process().pid()) {
            HostProcess child = call.start(options.rest(), call.environment(), call.uid(), true);
            return options.has("w", "wait") ? call.process().await(child) : 0;
        }
        call.process().lead();
        return call.exec(options.rest());
    }

    private static int timeout(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("foreground", "preserve-status", "v"),
                Set.of("k", "s", "kill-after", "signal"),
                true);
        if (options.rest().size() < 2) {
            call.err("timeout: missing operand");
            return 125;
        }
        Duration limit = TimePrograms.duration(options.rest().getFirst());
        if (limit == null) {
            call.err("timeout: invalid time interval ‘" + options.rest().getFirst() + "’");
            return 125;
        }
        List<String> argv = options.rest().subList(1, options.rest().size());
        if (!call.canExec(argv.getFirst())) {
            call.err("timeout: failed to run command ‘" + argv.getFirst() + "’: No such file or directory");
            return 127;
        }
        String named = options.value("s", "signal");
        int signal = named == null ? HostProcess.SIGTERM : Signals.number(named);
        HostProcess child = call.start(argv, call.environment(), call.uid(), true);
        call.machine().wait(call.process(), limit, child.exit());
        if (child.exit().isDone()) {
            return call.process().await(child);
        }
        for (HostProcess process : call.machine().processes()) {
            if (process.group() == child.group()) {
                process.kill(signal);
            }
        }
        call.process().await(child);
        return signal == HostProcess.SIGKILL ? 137 : 124;
    }

    private static int xargs(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("r", "0", "t"), Set.of("n", "I", "P"), true);
        String text = new String(call.readAll(), StandardCharsets.UTF_8);
        List<String> words = text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
        if (words.isEmpty() && options.has("r")) {
            return 0;
        }
        List<String> command = options.rest().isEmpty() ? List.of("echo") : options.rest();
        int each = options.has("I") ? 1 : Integer.parseInt(options.value("n", Math.max(words.size(), 1)));
        int status = 0;
        for (int i = 0; i < Math.max(words.size(), 1); i += each) {
            List<String> some = words.subList(i, Math.min(i + each, words.size()));
            var argv = new ArrayList<String>();
            String place = options.value("I");
            if (place != null) {
                command.forEach(word -> argv.add(word.replace(place, some.isEmpty() ? "" : some.getFirst())));
            } else {
                argv.addAll(command);
                argv.addAll(some);
            }
            if (!call.canExec(argv.getFirst())) {
                call.err("xargs: " + argv.getFirst() + ": No such file or directory");
                return 127;
            }
            if (call.process().await(call.start(argv, call.environment(), call.uid(), null)) != 0) {
                status = 123;
            }
        }
        return status;
    }
}
