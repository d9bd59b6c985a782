package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code /bin/sh}. */
public final class Sh implements Program {
    @Override
    public int run(Call call) throws IOException {
        List<String> arguments = new ArrayList<>(call.arguments());
        var options = new ArrayList<String>();
        boolean command = false;
        boolean stdin = false;
        while (!arguments.isEmpty()
                && arguments.getFirst().length() > 1
                && (arguments.getFirst().startsWith("-") || arguments.getFirst().startsWith("+"))) {
            String option = arguments.removeFirst();
            if (option.equals("--")) {
                break;
            }
            for (char c : option.substring(1).toCharArray()) {
                switch (c) {
                    case 'c' -> command = true;
                    case 's' -> stdin = true;
                    case 'l' -> {} // a login shell reads nothing here
                    case 'o' -> options.add(arguments.isEmpty() ? "" : arguments.removeFirst());
                    default -> options.add(String.valueOf(c));
                }
            }
        }
        String zero = call.argv().getFirst();
        String text;
        if (command) {
            if (arguments.isEmpty()) {
                call.err(zero + ": 0: -c requires an argument");
                return 2;
            }
            text = arguments.removeFirst();
            if (!arguments.isEmpty()) {
                zero = arguments.removeFirst();
            }
        } else if (stdin || arguments.isEmpty()) {
            text = new String(call.readAll(), StandardCharsets.UTF_8);
        } else {
            String file = arguments.removeFirst();
            try {
                text = new String(call.readFile(file), StandardCharsets.UTF_8);
            } catch (Errno e) {
                call.err(zero + ": 0: cannot open " + file + ": " + (e.is(Errno.ENOENT) ? "No such file" : e.text()));
                return 2;
            }
            zero = file;
        }
        return run(call, zero, text, arguments, options);
    }

    /** A script with {@code #!/bin/sh}, or without. */
    public static Program script(String path) {
        return call -> run(
                call,
                call.argv().getFirst(),
                new String(call.readFile(path), StandardCharsets.UTF_8),
                call.arguments(),
                List.of());
    }

    private static int run(Call call, String zero, String text, List<String> positional, List<String> options)
            throws IOException {
        String cwd = call.files().isDirectory(call.cwd()) ? call.cwd() : "/";
        var shell = new Shell(
                call.process(), call.fds(), call.environment(), FileSystem.absolute("/", cwd), zero, positional);
        for (String option : options) {
            Builtins.option(shell, option, true);
        }
        return shell.script(text);
    }
}
