package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.OpenFile;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.shell.Ast.AndOr;
import dev.interlock.lab.shell.Ast.Arm;
import dev.interlock.lab.shell.Ast.Assignment;
import dev.interlock.lab.shell.Ast.Case;
import dev.interlock.lab.shell.Ast.For;
import dev.interlock.lab.shell.Ast.Function;
import dev.interlock.lab.shell.Ast.Group;
import dev.interlock.lab.shell.Ast.If;
import dev.interlock.lab.shell.Ast.Item;
import dev.interlock.lab.shell.Ast.Loop;
import dev.interlock.lab.shell.Ast.Pipeline;
import dev.interlock.lab.shell.Ast.Redirected;
import dev.interlock.lab.shell.Ast.Redirection;
import dev.interlock.lab.shell.Ast.Sequence;
import dev.interlock.lab.shell.Ast.Simple;
import dev.interlock.lab.shell.Ast.Subshell;
import dev.interlock.lab.shell.Ast.Word;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a script in a process. One object is one shell environment; a subshell is a copy of it. External programs run in
 * processes of their own, as they do under dash; the last thing a background job or {@code exec} does takes over its process.
 */
final class Shell {
    /** Leaves the shell. */
    static final class Exit extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;

        Exit(int status) {
            super(null, null, false, false);
            this.status = status;
        }
    }

    /** {@code break} and {@code continue}. */
    static final class Jump extends RuntimeException {
        private static final long serialVersionUID = 1;
        final boolean goOn;
        int levels;

        Jump(boolean goOn, int levels) {
            super(null, null, false, false);
            this.goOn = goOn;
            this.levels = levels;
        }
    }

    /** {@code return}. */
    static final class Return extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;

        Return(int status) {
            super(null, null, false, false);
            this.status = status;
        }
    }

    /** An error that ends a non-interactive shell. */
    static final class Fatal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fatal(String message) {
            super(message, null, false, false);
        }
    }

    final HostProcess process;
    final Machine machine;
    Fds fds;
    String cwd;
    final Map<String, String> variables;
    final Set<String> exported;
    final Set<String> readonly;
    final Map<String, Ast> functions;
    final Map<String, String> traps = new TreeMap<>();
    String zero;
    List<String> positional;
    int status;
    int line = 1;
    int shellPid;

    @Nullable
    HostProcess lastJob;

    final List<HostProcess> jobs = new ArrayList<>();
    boolean errexit;
    boolean nounset;
    boolean noglob;
    boolean noclobber;
    boolean xtrace;
    int condition;
    int loops;
    int calls;
    /** Exit status of the last command substitution in the present command. */
    private int substituted;

    final List<Map<String, @Nullable String>> locals = new ArrayList<>();

    Shell(
            HostProcess process,
            Fds fds,
            Map<String, String> environment,
            String cwd,
            String zero,
            List<String> positional) {
        this.process = process;
        this.machine = process.machine();
        this.fds = fds;
        this.cwd = cwd;
        this.zero = zero;
        this.positional = List.copyOf(positional);
        this.variables = new TreeMap<>(environment);
        this.exported = new HashSet<>(environment.keySet());
        this.readonly = new HashSet<>();
        this.functions = new HashMap<>();
        this.shellPid = process.pid();
        variables.put("PWD", cwd);
        variables.putIfAbsent("PATH", Machine.PATH);
        variables.put("IFS", " \t\n");
        variables.put("OPTIND", "1");
        variables.put("PS4", "+ ");
    }

    private Shell(Shell from, HostProcess process, Fds fds) {
        this.process = process;
        this.machine = from.machine;
        this.fds = fds;
        this.cwd = from.cwd;
        this.zero = from.zero;
        this.positional = from.positional;
        this.variables = new TreeMap<>(from.variables);
        this.exported = new HashSet<>(from.exported);
        this.readonly = new HashSet<>(from.readonly);
        this.functions = new HashMap<>(from.functions);
        this.status = from.status;
        this.line = from.line;
        this.shellPid = from.shellPid;
        this.lastJob = from.lastJob;
        this.errexit = from.errexit;
        this.nounset = from.nounset;
        this.noglob = from.noglob;
        this.noclobber = from.noclobber;
        this.xtrace = from.xtrace;
        this.condition = from.condition;
        this.loops = from.loops;
        this.calls = from.calls;
        from.traps.forEach((signal, action) -> {
            if (action.isEmpty()) {
                traps.put(signal, action);
            }
        });
    }

    /** Runs a whole script; the answer is the exit status. */
    int script(String text) throws IOException {
        Ast ast;
        try {
            ast = Parser.parse(text);
        } catch (SyntaxError e) {
            return runUpTo(text, e);
        }
        return top(ast);
    }

    /** As a shell does: what stands before the syntax error is run. */
    private int runUpTo(String text, SyntaxError error) throws IOException {
        String[] lines = text.split("\n", -1);
        for (int n = Math.min(error.line() - 1, lines.length); n > 0; n--) {
            String before = String.join("\n", List.of(lines).subList(0, n)) + "\n";
            try {
                Ast ast = Parser.parse(before);
                int[] left = {-1};
                int result = guarded(() -> eval(ast), left);
                if (left[0] >= 0) {
                    return result;
                }
                break;
            } catch (SyntaxError e) {
                // ends within something: one line less
            }
        }
        say(zero + ": " + error.line() + ": " + error.getMessage());
        return 2;
    }

    /** A part of the evaluation. */
    private interface Work {
        void run() throws IOException;
    }

    private int guarded(Work work, int[] left) throws IOException {
        try {
            work.run();
        } catch (Exit e) {
            status = e.status;
            left[0] = 1;
        } catch (Return e) {
            status = e.status;
            left[0] = 1;
        } catch (Jump e) {
            status = 0;
        } catch (Fatal e) {
            say(zero + ": " + line + ": " + e.getMessage());
            status = 2;
            left[0] = 1;
        }
        return status;
    }

    int top(Ast ast) throws IOException {
        int[] left = {-1};
        int result = guarded(() -> eval(ast), left);
        String last = traps.remove("EXIT");
        if (last != null && !last.isEmpty()) {
            status = result;
            int[] again = {-1};
            guarded(() -> evalText(last), again);
            if (again[0] >= 0) {
                result = status;
            }
        }
        return result;
    }

    /** {@code eval}, {@code .} and traps. */
    int evalText(String text) throws IOException {
        Ast ast;
        try {
            ast = Parser.parse(text);
        } catch (SyntaxError e) {
            line = e.line();
            throw new Fatal(String.valueOf(e.getMessage()));
        }
        if (ast instanceof Sequence(var items) && items.isEmpty()) {
            status = 0;
        }
        eval(ast);
        return status;
    }

    void say(String message) throws IOException {
        OpenFile err = fds.get(2);
        if (err != null) {
            byte[] bytes = (message + "\n").getBytes(StandardCharsets.UTF_8);
            try {
                err.write(bytes, 0, bytes.length);
            } catch (Errno e) {
                status = 2; // nobody to tell
            }
        }
    }

    /** {@code sh: 3: message}. */
    int complain(String message) throws IOException {
        say(zero + ": " + line + ": " + message);
        return 2;
    }

    // ---- evaluation

    private void eval(Ast ast) throws IOException {
        process.checkpoint();
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
                condition++;
                try {
                    eval(left);
                } finally {
                    condition--;
                }
                if (status == 0 == and) {
                    eval(right);
                }
            }
            case Pipeline(var stages, boolean negated) -> {
                if (negated) {
                    condition++;
                }
                try {
                    if (stages.size() == 1) {
                        eval(stages.getFirst());
                    } else {
                        pipeline(stages);
                    }
                } finally {
                    if (negated) {
                        condition--;
                    }
                }
                if (negated) {
                    status = status == 0 ? 1 : 0;
                } else {
                    check();
                }
            }
            case Simple simple -> {
                simple(simple);
                check();
            }
            case Group(var body) -> eval(body);
            case Subshell(var body) -> {
                HostProcess child = fork(shell -> shell.body(body), fds.copy());
                status = process.await(child);
                check();
            }
            case If(var test, var then, var otherwise) -> {
                condition++;
                try {
                    eval(test);
                } finally {
                    condition--;
                }
                if (status == 0) {
                    eval(then);
                } else if (otherwise != null) {
                    eval(otherwise);
                } else {
                    status = 0;
                }
            }
            case Loop loop -> loop(loop);
            case For(var name, var words, var body) -> {
                List<String> values = words == null ? positional : new Expansion(this).fields(words);
                status = 0;
                loops++;
                try {
                    for (String value : values) {
                        set(name, value);
                        if (!once(body)) {
                            break;
                        }
                    }
                } finally {
                    loops--;
                }
            }
            case Case(var subject, var arms) -> {
                String value = new Expansion(this).single(subject);
                status = 0;
                for (Arm arm : arms) {
                    boolean matched = false;
                    for (Word pattern : arm.patterns()) {
                        matched |= !matched && Pattern.matches(new Expansion(this).pattern(pattern), value);
                    }
                    if (matched) {
                        eval(arm.body());
                        break;
                    }
                }
            }
            case Function(var name, var body) -> {
                functions.put(name, body);
                status = 0;
            }
            case Redirected(var command, var redirections, int at) -> {
                line = at;
                Fds before = fds;
                Fds changed = redirect(redirections, fds.copy(), false);
                if (changed == null) {
                    status = 2;
                    check();
                    return;
                }
                fds = changed;
                try {
                    eval(command);
                } finally {
                    fds = before;
                    changed.closeAll();
                }
            }
        }
    }

    private void check() {
        if (errexit && condition == 0 && status != 0) {
            throw new Exit(status);
        }
    }

    private void loop(Loop loop) throws IOException {
        int last = 0;
        loops++;
        try {
            while (true) {
                condition++;
                try {
                    eval(loop.condition());
                } catch (Jump jump) {
                    if (--jump.levels > 0) {
                        throw jump;
                    }
                    if (!jump.goOn) {
                        break;
                    }
                    continue;
                } finally {
                    condition--;
                }
                if (status == 0 == loop.until()) {
                    break;
                }
                boolean more = once(loop.body());
                last = status;
                if (!more) {
                    break;
                }
            }
        } finally {
            loops--;
        }
        status = last;
    }

    private boolean once(Ast body) throws IOException {
        try {
            eval(body);
            return true;
        } catch (Jump jump) {
            if (--jump.levels > 0) {
                throw jump;
            }
            status = 0;
            return jump.goOn;
        }
    }

    /** What a forked shell does. */
    private interface Forked {
        int run(Shell shell) throws IOException;
    }

    /** The child has everything as it is now, whatever this shell goes on to do before the child begins. */
    private HostProcess fork(Forked forked, Fds files) {
        var now = new Shell(this, process, files);
        return machine.spawn(process, process.uid(), process.commandId(), process.arguments(), files, child -> {
            var shell = new Shell(now, child, files);
            return forked.run(shell);
        });
    }

    /** The whole of a subshell; a lone external command takes over the process instead of becoming its child. */
    private int body(Ast ast) throws IOException {
        loops = 0;
        if (ast instanceof Sequence(var items)
                && items.size() == 1
                && !items.getFirst().background()) {
            return body(items.getFirst().command());
        }
        if (ast instanceof Group(var inner)) {
            return body(inner);
        }
        if (ast instanceof Redirected(var command, var redirections, int at)) {
            // for good: what the process inherited must not be held open by it
            line = at;
            Fds changed = redirect(redirections, fds.copy(), false);
            if (changed == null) {
                return 2;
            }
            fds.closeAll();
            changed.copyInto(fds);
            return body(command);
        }
        last = ast instanceof Simple;
        return top(ast);
    }

    /** Whether the next simple command is the last thing this process does, and so may take it over. */
    private boolean last;

    private void pipeline(List<Ast> stages) {
        var children = new ArrayList<HostProcess>();
        OpenFile input = null;
        for (int i = 0; i < stages.size(); i++) {
            Ast stage = stages.get(i);
            Fds files = fds.copy();
            if (input != null) {
                files.set(0, input);
                input = null;
            }
            if (i < stages.size() - 1) {
                var pipe = new OpenFile.Pipe();
                files.set(1, pipe.writer);
                input = pipe.reader;
            }
            children.add(fork(shell -> shell.body(stage), files));
        }
        for (HostProcess child : children) {
            status = process.await(child);
        }
    }

    private void background(Ast command) throws IOException {
        Fds files = fds.copy();
        FileSystem.Node nothing = machine.files().find("/dev/null", true);
        if (nothing != null) {
            files.set(0, OpenFile.file(machine.files(), nothing, false, false));
        }
        HostProcess child = fork(
                shell -> {
                    shell.errexit &= condition == 0;
                    return shell.body(command);
                },
                files);
        lastJob = child;
        jobs.add(child);
        status = 0;
    }

    private void simple(Simple simple) throws IOException {
        line = simple.line();
        boolean mayReplace = last;
        last = false;
        substituted = 0;
        var expansion = new Expansion(this);
        List<String> argv = expansion.fields(simple.words());
        if (argv.isEmpty()) {
            Fds changed = redirect(simple.redirections(), fds.copy(), false);
            if (changed == null) {
                status = 2;
                return;
            }
            changed.closeAll();
            for (Assignment assignment : simple.assignments()) {
                set(assignment.name(), expansion.single(assignment.value()));
            }
            trace(simple.assignments(), argv);
            status = substituted;
            return;
        }
        String name = argv.getFirst();
        Builtin builtin = functions.containsKey(name) ? null : Builtins.find(name);
        boolean special = builtin != null && Builtins.SPECIAL.contains(name);
        if (name.equals("exec")) {
            exec(simple, argv, expansion);
            return;
        }
        Fds outer = fds;
        Fds changed = redirect(simple.redirections(), fds.copy(), special);
        if (changed == null) {
            status = 2;
            return;
        }
        fds = changed;
        try {
            Ast function = functions.get(name);
            if (function != null) {
                function(function, argv, simple.assignments(), expansion);
            } else if (builtin != null) {
                builtin(builtin, special, argv, simple.assignments(), expansion);
            } else {
                Map<String, String> environment = environment();
                for (Assignment assignment : simple.assignments()) {
                    environment.put(assignment.name(), expansion.single(assignment.value()));
                }
                trace(simple.assignments(), argv);
                if (mayReplace && traps.isEmpty()) {
                    outer.closeAll();
                    changed.copyInto(outer);
                    fds = outer;
                }
                external(argv, environment, mayReplace);
            }
        } finally {
            fds = outer;
            changed.closeAll();
        }
    }

    private void trace(List<Assignment> assignments, List<String> argv) throws IOException {
        if (xtrace) {
            var text = new ArrayList<String>();
            for (Assignment assignment : assignments) {
                text.add(assignment.name() + "=" + variables.getOrDefault(assignment.name(), ""));
            }
            text.addAll(argv);
            say("+ " + String.join(" ", text));
        }
    }

    private void function(Ast body, List<String> argv, List<Assignment> assignments, Expansion expansion)
            throws IOException {
        for (Assignment assignment : assignments) {
            set(assignment.name(), expansion.single(assignment.value()));
        }
        trace(List.of(), argv);
        List<String> outer = positional;
        positional = argv.subList(1, argv.size());
        var scope = new LinkedHashMap<String, @Nullable String>();
        locals.add(scope);
        calls++;
        int outerLoops = loops;
        loops = 0;
        try {
            eval(body);
        } catch (Return e) {
            status = e.status;
        } finally {
            loops = outerLoops;
            calls--;
            locals.removeLast();
            scope.forEach((name, value) -> {
                if (value == null) {
                    variables.remove(name);
                } else {
                    variables.put(name, value);
                }
            });
            positional = outer;
        }
    }

    private void builtin(
            Builtin builtin, boolean special, List<String> argv, List<Assignment> assignments, Expansion expansion)
            throws IOException {
        var kept = new LinkedHashMap<String, @Nullable String>();
        for (Assignment assignment : assignments) {
            if (!special) {
                kept.put(assignment.name(), variables.get(assignment.name()));
            }
            set(assignment.name(), expansion.single(assignment.value()));
        }
        trace(List.of(), argv);
        try {
            status = builtin.run(this, argv);
        } catch (Errno e) {
            if (e.is(Errno.EPIPE)) {
                process.kill(HostProcess.SIGPIPE);
                process.checkpoint();
            }
            complain(argv.getFirst() + ": " + argv.getFirst() + ": I/O error");
            status = 1;
        } finally {
            kept.forEach((name, value) -> {
                if (value == null) {
                    variables.remove(name);
                } else {
                    variables.put(name, value);
                }
            });
        }
    }

    private void exec(Simple simple, List<String> argv, Expansion expansion) throws IOException {
        Fds changed = redirect(simple.redirections(), fds.copy(), true);
        if (changed == null) {
            throw new Exit(2);
        }
        Fds before = fds;
        before.closeAll();
        changed.copyInto(before);
        if (argv.size() == 1) {
            for (Assignment assignment : simple.assignments()) {
                set(assignment.name(), expansion.single(assignment.value()));
            }
            status = 0;
            return;
        }
        Map<String, String> environment = environment();
        for (Assignment assignment : simple.assignments()) {
            environment.put(assignment.name(), expansion.single(assignment.value()));
        }
        external(argv.subList(1, argv.size()), environment, true);
        throw new Exit(status);
    }

    Map<String, String> environment() {
        var environment = new TreeMap<String, String>();
        for (String name : exported) {
            String value = variables.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("PWD", cwd);
        return environment;
    }

    /** @param here in this process, which ends with it */
    void external(List<String> argv, Map<String, String> environment, boolean here) throws IOException {
        String name = argv.getFirst();
        Program program = machine.resolve(name, variables.getOrDefault("PATH", ""), cwd, process.uid());
        if (program == null) {
            boolean denied = name.contains("/") && machine.files().exists(FileSystem.absolute(cwd, name));
            complain(name + (denied ? ": Permission denied" : ": not found"));
            status = denied ? 126 : 127;
            return;
        }
        if (here && traps.isEmpty()) {
            process.becomes(argv);
            try {
                status = program.run(new Call(process, argv, environment, cwd, fds)) & 0xff;
            } catch (Errno e) {
                say(FileSystem.baseName(name) + ": write error: " + e.text());
                status = 1;
            }
            return;
        }
        Fds files = fds.copy();
        HostProcess child = machine.spawn(
                process,
                process.uid(),
                process.commandId(),
                argv,
                files,
                it -> program.run(new Call(it, argv, environment, cwd, files)));
        status = process.await(child);
    }

    /** @return what was given, changed, or null after a complaint */
    private @Nullable Fds redirect(List<Redirection> redirections, Fds into, boolean special) throws IOException {
        for (Redirection redirection : redirections) {
            String failure = redirect(redirection, into);
            if (failure != null) {
                into.closeAll();
                if (special) {
                    throw new Fatal(failure);
                }
                complain(failure);
                return null;
            }
        }
        return into;
    }

    private @Nullable String redirect(Redirection redirection, Fds into) throws IOException {
        var expansion = new Expansion(this);
        String operator = redirection.operator();
        if (operator.equals("<<")) {
            into.set(redirection.fd(), OpenFile.text(expansion.single(redirection.target())));
            return null;
        }
        String target = expansion.single(redirection.target());
        if (operator.endsWith("&")) {
            if (target.equals("-")) {
                into.close(redirection.fd());
                return null;
            }
            OpenFile source = target.matches("\\d+") ? into.get(Integer.parseInt(target)) : null;
            if (source == null) {
                return target + ": Bad file descriptor";
            }
            into.set(redirection.fd(), source.retain());
            return null;
        }
        String path = FileSystem.absolute(cwd, target);
        FileSystem files = machine.files();
        try {
            into.set(
                    redirection.fd(),
                    switch (operator) {
                        case "<" -> OpenFile.file(files, files.openRead(path, process.uid()), false, false);
                        case ">>" ->
                            OpenFile.file(files, files.openWrite(path, false, process.uid(), 0644), true, true);
                        case "<>" ->
                            OpenFile.file(files, files.openWrite(path, false, process.uid(), 0644), true, false);
                        default ->
                            OpenFile.file(
                                    files,
                                    files.openWrite(path, true, process.uid(), 0644, noclobber && operator.equals(">")),
                                    true,
                                    false);
                    });
            return null;
        } catch (Errno e) {
            if (operator.equals("<")) {
                return "cannot open " + target + ": " + (e.is(Errno.ENOENT) ? "No such file" : e.text());
            }
            return "cannot create " + target + ": " + (e.is(Errno.ENOENT) ? "Directory nonexistent" : e.text());
        }
    }

    // ---- what expansion and builtins need

    void set(String name, String value) {
        if (readonly.contains(name)) {
            throw new Fatal(name + ": is read only");
        }
        variables.put(name, value);
    }

    String substitute(Ast body) {
        var collector = new OpenFile.Collector();
        Fds files = fds.copy();
        files.set(1, collector);
        HostProcess child = fork(shell -> shell.body(body), files);
        String text = collector.await();
        substituted = process.await(child);
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        return text.substring(0, end).replace("\0", "");
    }

    void write(String text) throws IOException {
        process.checkpoint();
        OpenFile out = fds.get(1);
        if (out == null) {
            throw Errno.EBADF.at("");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }
}
