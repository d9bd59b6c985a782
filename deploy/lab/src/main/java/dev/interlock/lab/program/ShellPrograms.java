package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.shell.Escapes;
import dev.interlock.lab.shell.Sh;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shells, and the programs that are built-in commands in a shell and files beside it. */
final class ShellPrograms {
    private ShellPrograms() {}

    static void add(Map<String, Program> all) {
        all.put("sh", new Sh());
        all.put("bash", new Sh());
        all.put("true", _ -> 0);
        all.put("false", _ -> 1);
        all.put("echo", call -> {
            call.line(String.join(" ", call.arguments()));
            return 0;
        });
        all.put("printf", call -> {
            call.out(Escapes.printf(
                    call.arguments().getFirst(),
                    call.arguments().subList(1, call.arguments().size()),
                    new ArrayList<>()));
            return 0;
        });
        all.put("test", call -> {
            var argv = new ArrayList<>(List.of("sh", "-c", "test \"$@\"", "test"));
            argv.addAll(call.arguments());
            return call.exec(argv);
        });
        all.put("[", call -> {
            var argv = new ArrayList<>(List.of("sh", "-c", "[ \"$@\"", "["));
            argv.addAll(call.arguments());
            return call.exec(argv);
        });
        all.put("which", ShellPrograms::which);
    }

    private static int which(Call call) throws IOException {
        int status = 0;
        for (String name : call.arguments()) {
            String path = call.machine()
                    .which(name, call.environment().getOrDefault("PATH", Machine.PATH), call.cwd(), call.uid());
            if (path == null) {
                status = 1;
            } else {
                call.line(path);
            }
        }
        return status;
    }
}
