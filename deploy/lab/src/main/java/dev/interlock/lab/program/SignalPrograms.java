package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.shell.Signals;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Programs that send signals. */
final class SignalPrograms {
    private SignalPrograms() {}

    static void add(Map<String, Program> all) {
        all.put("kill", SignalPrograms::kill);
        all.put("pkill", SignalPrograms::pkill);
    }

    private static int kill(Call call) throws IOException {
        int signal = HostProcess.SIGTERM;
        int at = 0;
        List<String> arguments = call.arguments();
        if (!arguments.isEmpty() && arguments.getFirst().equals("-s")) {
            signal = Signals.number(arguments.get(1));
            at = 2;
        } else if (!arguments.isEmpty() && arguments.getFirst().startsWith("-") && arguments.size() > 1) {
            signal = Signals.number(arguments.getFirst().substring(1));
            at = 1;
        }
        int status = 0;
        for (String target : arguments.subList(at, arguments.size())) {
            if (target.equals("--")) {
                continue;
            }
            String problem = Signals.send(call.process(), target, signal);
            if (problem != null) {
                call.err("kill: (" + target + "): " + problem);
                status = 1;
            }
        }
        return status;
    }

    /** By user only. */
    private static int pkill(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("9", "e"), Set.of("u", "U"));
        String user = options.value("u", "U");
        if (options.unknown() != null || user == null) {
            call.err("pkill: only -u USER is known here");
            return 2;
        }
        if (call.uid() != 0) {
            call.err("pkill: killing pid failed: Operation not permitted");
            return 1;
        }
        boolean any = call.machine().units().kill(call.process(), user);
        Integer uid = call.machine().uid(user);
        for (HostProcess process : call.machine().processes()) {
            if (uid != null && process.uid() == uid) {
                process.kill(HostProcess.SIGTERM);
                any = true;
            }
        }
        return any ? 0 : 1;
    }
}
