package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.OpenFile;
import dev.interlock.lab.shell.Ast.Sequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
    /** How many conditions the present command stands in: its failure does not end the shell. */
    int condition;
    /** How many loops it stands in. */
    int loops;
    /** Exit status of the last command substitution in the present command. */
    int substituted;

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
        return toTheEnd(() -> eval(ast));
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
    interface Work {
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

    /** Does the work, then what is trapped for the exit; the answer is the exit status. */
    int toTheEnd(Work work) throws IOException {
        int[] left = {-1};
        int result = guarded(work, left);
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

    void eval(Ast ast) throws IOException {
        new Evaluator(this).eval(ast);
    }

    /** The whole of a subshell. */
    int subshell(Ast ast) throws IOException {
        return new Evaluator(this).subshell(ast);
    }

    /** What a forked shell does. */
    interface Forked {
        int run(Shell shell) throws IOException;
    }

    /** The child has everything as it is now, whatever this shell goes on to do before the child begins. */
    HostProcess fork(Forked forked, Fds files) {
        var now = new Shell(this, process, files);
        return machine.spawn(process, process.uid(), process.commandId(), process.arguments(), files, child -> {
            var shell = new Shell(now, child, files);
            return forked.run(shell);
        });
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
        HostProcess child = fork(it -> it.subshell(body), files);
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
