package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Finds a program and runs it. */
final class ExternalCommand {
    private ExternalCommand() {}

    /**
     * Leaves its exit status in the shell.
     *
     * @param here in the shell's process, which ends with it, rather than in one of its own
     */
    static void run(Shell shell, List<String> argv, Map<String, String> environment, boolean here) throws IOException {
        HostProcess process = shell.process;
        String cwd = shell.cwd;
        String name = argv.getFirst();
        Program program = shell.machine.resolve(name, shell.variables.getOrDefault("PATH", ""), cwd, process.uid());
        if (program == null) {
            boolean denied = name.contains("/") && shell.machine.files().exists(FileSystem.absolute(cwd, name));
            shell.complain(name + (denied ? ": Permission denied" : ": not found"));
            shell.status = denied ? 126 : 127;
            return;
        }
        if (here && shell.traps.isEmpty()) {
            process.becomes(argv);
            try {
                shell.status = program.run(new Call(process, argv, environment, cwd, shell.fds)) & 0xff;
            } catch (Errno e) {
                shell.say(FileSystem.baseName(name) + ": write error: " + e.text());
                shell.status = 1;
            }
            return;
        }
        Fds files = shell.fds.copy();
        HostProcess child = shell.machine.spawn(
                process,
                process.uid(),
                process.commandId(),
                argv,
                files,
                it -> program.run(new Call(it, argv, environment, cwd, files)));
        shell.status = process.await(child);
    }
}
