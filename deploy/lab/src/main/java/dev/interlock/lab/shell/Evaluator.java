package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.OpenFile;
import dev.interlock.lab.shell.Ast.AndOr;
import dev.interlock.lab.shell.Ast.Arm;
import dev.interlock.lab.shell.Ast.Case;
import dev.interlock.lab.shell.Ast.For;
import dev.interlock.lab.shell.Ast.Function;
import dev.interlock.lab.shell.Ast.Group;
import dev.interlock.lab.shell.Ast.If;
import dev.interlock.lab.shell.Ast.Item;
import dev.interlock.lab.shell.Ast.Loop;
import dev.interlock.lab.shell.Ast.Pipeline;
import dev.interlock.lab.shell.Ast.Redirected;
import dev.interlock.lab.shell.Ast.Sequence;
import dev.interlock.lab.shell.Ast.Simple;
import dev.interlock.lab.shell.Ast.Subshell;
import dev.interlock.lab.shell.Ast.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Evaluates lists, pipelines and compound commands in a shell, whose status each of them leaves. */
final class Evaluator {
    private final Shell shell;

    Evaluator(Shell shell) {
        this.shell = shell;
    }

    void eval(Ast ast) throws IOException {
        eval(ast, false);
    }

    /** @param last whether a simple command may take over the process, which does nothing after it */
    private void eval(Ast ast, boolean last) throws IOException {
        shell.process.checkpoint();
        switch (ast) {
            case Sequence(var items) -> {
                for (Item item : items) {
                    if (item.background()) {
                        background(item.command());
                    } else {
                        eval(item.command());
                    }
                }
            }
            case AndOr(var left, boolean and, var right) -> {
                condition(left);
                if (shell.status == 0 == and) {
                    eval(right);
                }
            }
            case Pipeline(var stages, boolean negated) -> {
                if (negated) {
                    shell.condition++;
                }
                try {
                    if (stages.size() == 1) {
                        eval(stages.getFirst());
                    } else {
                        pipeline(stages);
                    }
                } finally {
                    if (negated) {
                        shell.condition--;
                    }
                }
                if (negated) {
                    shell.status = shell.status == 0 ? 1 : 0;
                } else {
                    check();
                }
            }
            case Simple simple -> {
                new SimpleCommand(shell, simple).run(last);
                check();
            }
            case Group(var body) -> eval(body);
            case Subshell(var body) -> {
                HostProcess child = shell.fork(it -> it.subshell(body), shell.fds.copy());
                shell.status = shell.process.await(child);
                check();
            }
            case If(var test, var then, var otherwise) -> {
                condition(test);
                if (shell.status == 0) {
                    eval(then);
                } else if (otherwise != null) {
                    eval(otherwise);
                } else {
                    shell.status = 0;
                }
            }
            case Loop loop -> loop(loop);
            case For(var name, var words, var body) -> {
                List<String> values = words == null ? shell.positional : new Expansion(shell).fields(words);
                shell.status = 0;
                shell.loops++;
                try {
                    for (String value : values) {
                        shell.set(name, value);
                        if (!once(body)) {
                            break;
                        }
                    }
                } finally {
                    shell.loops--;
                }
            }
            case Case(var subject, var arms) -> {
                String value = new Expansion(shell).single(subject);
                shell.status = 0;
                for (Arm arm : arms) {
                    boolean matched = false;
                    for (Word pattern : arm.patterns()) {
                        matched |= !matched && Pattern.matches(new Expansion(shell).pattern(pattern), value);
                    }
                    if (matched) {
                        eval(arm.body());
                        break;
                    }
                }
            }
            case Function(var name, var body) -> {
                shell.functions.put(name, body);
                shell.status = 0;
            }
            case Redirected(var command, var redirections, int line) -> {
                shell.line = line;
                Fds before = shell.fds;
                Fds changed = new Redirections(shell).open(redirections, false);
                if (changed == null) {
                    shell.status = 2;
                    check();
                    return;
                }
                shell.fds = changed;
                try {
                    eval(command);
                } finally {
                    shell.fds = before;
                    changed.closeAll();
                }
            }
        }
    }

    private void check() {
        if (shell.errexit && shell.condition == 0 && shell.status != 0) {
            throw new Shell.Exit(shell.status);
        }
    }

    /** Evaluates what may fail without ending the shell, because its status is asked for. */
    private void condition(Ast ast) throws IOException {
        shell.condition++;
        try {
            eval(ast);
        } finally {
            shell.condition--;
        }
    }

    private void loop(Loop loop) throws IOException {
        int last = 0;
        shell.loops++;
        try {
            while (true) {
                try {
                    condition(loop.condition());
                } catch (Shell.Jump jump) {
                    if (--jump.levels > 0) {
                        throw jump;
                    }
                    if (!jump.goOn) {
                        break;
                    }
                    continue;
                }
                if (shell.status == 0 == loop.until()) {
                    break;
                }
                boolean more = once(loop.body());
                last = shell.status;
                if (!more) {
                    break;
                }
            }
        } finally {
            shell.loops--;
        }
        shell.status = last;
    }

    private boolean once(Ast body) throws IOException {
        try {
            eval(body);
            return true;
        } catch (Shell.Jump jump) {
            if (--jump.levels > 0) {
                throw jump;
            }
            shell.status = 0;
            return jump.goOn;
        }
    }

    private void pipeline(List<Ast> stages) {
        var children = new ArrayList<HostProcess>();
        OpenFile input = null;
        for (int i = 0; i < stages.size(); i++) {
            Ast stage = stages.get(i);
            Fds files = shell.fds.copy();
            if (input != null) {
                files.set(0, input);
                input = null;
            }
            if (i < stages.size() - 1) {
                var pipe = new OpenFile.Pipe();
                files.set(1, pipe.writer);
                input = pipe.reader;
            }
            children.add(shell.fork(it -> it.subshell(stage), files));
        }
        for (HostProcess child : children) {
            shell.status = shell.process.await(child);
        }
    }

    private void background(Ast command) throws IOException {
        Fds files = shell.fds.copy();
        FileSystem.Node nothing = shell.machine.files().find("/dev/null", true);
        if (nothing != null) {
            files.set(0, OpenFile.file(shell.machine.files(), nothing, false, false));
        }
        HostProcess child = shell.fork(
                it -> {
                    // nobody asks for the status of what goes on in the background: set -e holds there, even in a
                    // condition
                    it.condition = 0;
                    return it.subshell(command);
                },
                files);
        shell.lastJob = child;
        shell.jobs.add(child);
        shell.status = 0;
    }

    /** The whole of a subshell; a lone external command takes over the process instead of becoming its child. */
    int subshell(Ast ast) throws IOException {
        shell.loops = 0;
        if (ast instanceof Sequence(var items)
                && items.size() == 1
                && !items.getFirst().background()) {
            return subshell(items.getFirst().command());
        }
        if (ast instanceof Group(var inner)) {
            return subshell(inner);
        }
        if (ast instanceof Redirected(var command, var redirections, int line)) {
            // for good: what the process inherited must not be held open by it
            shell.line = line;
            Fds changed = new Redirections(shell).open(redirections, false);
            if (changed == null) {
                return 2;
            }
            shell.fds.closeAll();
            changed.copyInto(shell.fds);
            return subshell(command);
        }
        return shell.toTheEnd(() -> eval(ast, true));
    }
}
