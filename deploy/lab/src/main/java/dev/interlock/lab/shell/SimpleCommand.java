package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.shell.Ast.Assignment;
import dev.interlock.lab.shell.Ast.Simple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out a simple command: assignments, redirections, and a function, a built-in command or a program. */
final class SimpleCommand {
    private final Shell shell;
    private final Simple command;
    private final Expansion expansion;

    SimpleCommand(Shell shell, Simple command) {
        this.shell = shell;
        this.command = command;
        this.expansion = new Expansion(shell);
    }

    /** @param last whether it is the last thing that the process does, and so may take it over */
    void run(boolean last) throws IOException {
        shell.line = command.line();
        shell.substituted = 0;
        List<String> argv = expansion.fields(command.words());
        if (argv.isEmpty()) {
            assignmentsOnly();
            return;
        }
        String name = argv.getFirst();
        Ast function = shell.functions.get(name);
        Builtin builtin = function == null ? Builtins.find(name) : null;
        boolean special = builtin != null && Builtins.SPECIAL.contains(name);
        if (name.equals("exec")) {
            exec(argv);
            return;
        }
        Fds outer = shell.fds;
        Fds changed = new Redirections(shell).open(command.redirections(), special);
        if (changed == null) {
            shell.status = 2;
            return;
        }
        shell.fds = changed;
        try {
            if (function != null) {
                function(function, argv);
            } else if (builtin != null) {
                builtin(builtin, special, argv);
            } else {
                Map<String, String> environment = environment();
                trace(command.assignments(), argv);
                if (last && shell.traps.isEmpty()) {
                    outer.closeAll();
                    changed.copyInto(outer);
                    shell.fds = outer;
                }
                ExternalCommand.run(shell, argv, environment, last);
            }
        } finally {
            shell.fds = outer;
            changed.closeAll();
        }
    }

    private void assignmentsOnly() throws IOException {
        Fds changed = new Redirections(shell).open(command.redirections(), false);
        if (changed == null) {
            shell.status = 2;
            return;
        }
        changed.closeAll();
        assign();
        trace(command.assignments(), List.of());
        shell.status = shell.substituted;
    }

    private void assign() {
        for (Assignment assignment : command.assignments()) {
            shell.set(assignment.name(), expansion.single(assignment.value()));
        }
    }

    /** What a program sees: the exported variables and the command's own assignments. */
    private Map<String, String> environment() {
        Map<String, String> environment = shell.environment();
        for (Assignment assignment : command.assignments()) {
            environment.put(assignment.name(), expansion.single(assignment.value()));
        }
        return environment;
    }

    private void trace(List<Assignment> assignments, List<String> argv) throws IOException {
        if (shell.xtrace) {
            var text = new ArrayList<String>();
            for (Assignment assignment : assignments) {
                text.add(assignment.name() + "=" + shell.variables.getOrDefault(assignment.name(), ""));
            }
            text.addAll(argv);
            shell.say("+ " + String.join(" ", text));
        }
    }

    private void function(Ast body, List<String> argv) throws IOException {
        assign();
        trace(List.of(), argv);
        List<String> outer = shell.positional;
        shell.positional = argv.subList(1, argv.size());
        var scope = new LinkedHashMap<String, @Nullable String>();
        shell.locals.add(scope);
        int outerLoops = shell.loops;
        shell.loops = 0;
        try {
            shell.eval(body);
        } catch (Shell.Return e) {
            shell.status = e.status;
        } finally {
            shell.loops = outerLoops;
            shell.locals.removeLast();
            restore(scope);
            shell.positional = outer;
        }
    }

    private void builtin(Builtin builtin, boolean special, List<String> argv) throws IOException {
        var kept = new LinkedHashMap<String, @Nullable String>();
        for (Assignment assignment : command.assignments()) {
            if (!special) {
                kept.put(assignment.name(), shell.variables.get(assignment.name()));
            }
            shell.set(assignment.name(), expansion.single(assignment.value()));
        }
        trace(List.of(), argv);
        try {
            shell.status = builtin.run(shell, argv);
        } catch (Errno e) {
            if (e.is(Errno.EPIPE)) {
                shell.process.kill(HostProcess.SIGPIPE);
                shell.process.checkpoint();
            }
            shell.complain(argv.getFirst() + ": " + argv.getFirst() + ": I/O error");
            shell.status = 1;
        } finally {
            restore(kept);
        }
    }

    private void restore(Map<String, @Nullable String> before) {
        before.forEach((name, value) -> {
            if (value == null) {
                shell.variables.remove(name);
            } else {
                shell.variables.put(name, value);
            }
        });
    }

    /** Its redirections stay; a program takes the process over. */
    private void exec(List<String> argv) throws IOException {
        Fds changed = new Redirections(shell).open(command.redirections(), true);
        if (changed == null) {
            throw new Shell.Exit(2);
        }
        shell.fds.closeAll();
        changed.copyInto(shell.fds);
        if (argv.size() == 1) {
            assign();
            shell.status = 0;
            return;
        }
        ExternalCommand.run(shell, argv.subList(1, argv.size()), environment(), true);
        throw new Shell.Exit(shell.status);
    }
}
