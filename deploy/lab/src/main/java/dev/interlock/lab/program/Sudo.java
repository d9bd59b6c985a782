package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** sudo of a user who may do everything without a password. */
final class Sudo implements Program {
    @Override
    public int run(Call call) throws IOException {
        Options options =
                Options.of(call.arguments(), Set.of("n", "E", "H", "S", "b", "k", "v"), Set.of("u", "g", "p"), true);
        if (options.unknown() != null) {
            call.err("sudo: invalid option -- '" + options.unknown().replace("-", "") + "'");
            return 1;
        }
        String user = options.value("u") == null ? "root" : String.valueOf(options.value("u"));
        Integer uid = call.machine().uid(user);
        if (uid == null) {
            call.err("sudo: unknown user " + user);
            return 1;
        }
        var environment = new TreeMap<String, String>();
        if (options.has("E")) {
            environment.putAll(call.environment());
        }
        environment.put("HOME", call.machine().home(uid));
        environment.put("PATH", Machine.PATH);
        environment.put("USER", user);
        environment.put("LOGNAME", user);
        environment.put("SHELL", "/bin/sh");
        environment.put("LANG", call.environment().getOrDefault("LANG", "C.UTF-8"));
        environment.put("SUDO_USER", call.machine().user(call.uid()));
        environment.put("SUDO_UID", String.valueOf(call.uid()));
        List<String> rest = new ArrayList<>(options.rest());
        while (!rest.isEmpty() && rest.getFirst().indexOf('=') > 0) {
            String assignment = rest.removeFirst();
            environment.put(
                    assignment.substring(0, assignment.indexOf('=')),
                    assignment.substring(assignment.indexOf('=') + 1));
        }
        if (rest.isEmpty()) {
            return options.has("v", "k") ? 0 : usage(call);
        }
        if (call.machine().resolve(rest.getFirst(), Machine.PATH, call.cwd(), uid) == null) {
            call.err("sudo: " + rest.getFirst() + ": command not found");
            return 1;
        }
        environment.put("SUDO_COMMAND", String.join(" ", rest));
        return call.process().await(call.start(rest, environment, uid, null));
    }

    private static int usage(Call call) throws IOException {
        call.err("usage: sudo -h | -K | -k | -V");
        return 1;
    }
}
