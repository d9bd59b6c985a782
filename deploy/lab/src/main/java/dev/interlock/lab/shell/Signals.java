package dev.interlock.lab.shell;

import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Unit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signals by name, and sending them. */
public final class Signals {
    private static final Map<String, Integer> NUMBERS = Map.of(
            "HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "USR1", 10, "USR2", 12, "PIPE", 13, "TERM", 15, "STOP", 19,
            "CONT", 18);

    private Signals() {}

    public static int number(String name) {
        if (name.matches("\\d+")) {
            return Integer.parseInt(name);
        }
        return NUMBERS.getOrDefault(name.startsWith("SIG") ? name.substring(3) : name, -1);
    }

    /** @return what is wrong, in the words of strerror(3) */
    public static @Nullable String send(HostProcess from, String target, int signal) {
        if (!target.matches("-?\\d+")) {
            return "Illegal number: " + target;
        }
        int pid = Integer.parseInt(target);
        Unit owner = from.machine().units().ownerOf(pid);
        if (owner != null && from.uid() == 0 && signal == HostProcess.SIGKILL) {
            from.machine().units().killMain(from, owner.file().name());
            return null;
        }
        if (pid == 1 || owner != null) {
            return from.uid() == 0 ? null : "Operation not permitted";
        }
        List<HostProcess> targets = from.machine().processes().stream()
                .filter(p -> pid < 0 ? p.group() == -pid : p.pid() == pid)
                .toList();
        if (targets.isEmpty()) {
            return "No such process";
        }
        for (HostProcess process : targets) {
            if (from.uid() != 0 && process.uid() != from.uid()) {
                return "Operation not permitted";
            }
            if (signal != 0 && signal != 18 && signal != 19) {
                process.kill(signal);
            }
        }
        return null;
    }
}
