package dev.interlock.lab.shell;

import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.OpenFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shell's own commands. */
final class Builtins {
    /** Those after which assignments stay and whose errors end the shell. */
    static final Set<String> SPECIAL = Set.of(
            ":",
            ".",
            "break",
            "continue",
            "eval",
            "exec",
            "exit",
            "export",
            "readonly",
            "return",
            "set",
            "shift",
            "times",
            "trap",
            "unset");

    private static final Map<String, Builtin> ALL = new LinkedHashMap<>();

    private Builtins() {}

    static {
        ALL.put(":", (_, _) -> 0);
        ALL.put("true", (_, _) -> 0);
        ALL.put("false", (_, _) -> 1);
        ALL.put("exec", (_, _) -> 0);
        ALL.put("echo", Builtins::echo);
        ALL.put("printf", Builtins::printf);
        ALL.put("test", (shell, argv) -> new Test(shell, "test", argv.subList(1, argv.size())).run());
        ALL.put("[", Builtins::bracket);
        ALL.put("cd", Builtins::cd);
        ALL.put("pwd", (shell, _) -> {
            shell.write(shell.cwd + "\n");
            return 0;
        });
        ALL.put("export", (shell, argv) -> declare(shell, argv, shell.exported, "export"));
        ALL.put("readonly", (shell, argv) -> declare(shell, argv, shell.readonly, "readonly"));
        ALL.put("local", Builtins::local);
        ALL.put("unset", Builtins::unset);
        ALL.put("set", Builtins::set);
        ALL.put("shift", Builtins::shift);
        ALL.put("read", Builtins::read);
        ALL.put("exit", (shell, argv) -> {
            throw new Shell.Exit(argv.size() > 1 ? number(argv.get(1)) & 0xff : shell.status);
        });
        ALL.put("return", (shell, argv) -> {
            throw new Shell.Return(argv.size() > 1 ? number(argv.get(1)) & 0xff : shell.status);
        });
        ALL.put("break", (shell, argv) -> jump(shell, argv, false));
        ALL.put("continue", (shell, argv) -> jump(shell, argv, true));
        ALL.put(
                "eval",
                (shell, argv) -> argv.size() == 1 ? 0 : shell.evalText(String.join(" ", argv.subList(1, argv.size()))));
        ALL.put(".", Builtins::source);
        ALL.put("wait", Builtins::await);
        ALL.put("kill", Builtins::kill);
        ALL.put("trap", Builtins::trap);
        ALL.put("umask", (shell, argv) -> {
            if (argv.size() == 1) {
                shell.write("0022\n");
            }
            return 0;
        });
        ALL.put("command", Builtins::command);
        ALL.put("type", Builtins::type);
        ALL.put("getopts", Builtins::getopts);
        ALL.put("hash", (_, _) -> 0);
        ALL.put("ulimit", (shell, _) -> {
            shell.write("unlimited\n");
            return 0;
        });
        ALL.put("times", (shell, _) -> {
            shell.write("0m0.000000s 0m0.000000s\n0m0.000000s 0m0.000000s\n");
            return 0;
        });
        ALL.put("jobs", (_, _) -> 0);
    }

    static @Nullable Builtin find(String name) {
        return ALL.get(name);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw new Shell.Fatal("exit: Illegal number: " + text);
        }
    }

    private static int echo(Shell shell, List<String> argv) throws IOException {
        boolean newline = argv.size() < 2 || !argv.get(1).equals("-n");
        var out = new StringBuilder();
        for (int i = newline ? 1 : 2; i < argv.size(); i++) {
            int stop = Escapes.expand(argv.get(i), out, true);
            if (stop >= 0) {
                shell.write(out.toString());
                return 0;
            }
            if (i < argv.size() - 1) {
                out.append(' ');
            }
        }
        shell.write(out + (newline ? "\n" : ""));
        return 0;
    }

    private static int printf(Shell shell, List<String> argv) throws IOException {
        if (argv.size() < 2) {
            throw new Shell.Fatal("printf: usage: printf format [arg ...]");
        }
        int from = argv.get(1).equals("--") ? 2 : 1;
        var complaints = new ArrayList<String>();
        String text = Escapes.printf(argv.get(from), argv.subList(from + 1, argv.size()), complaints);
        shell.write(text);
        for (String complaint : complaints) {
            shell.complain("printf: " + complaint);
        }
        return complaints.isEmpty() ? 0 : 1;
    }

    private static int bracket(Shell shell, List<String> argv) throws IOException {
        if (!argv.getLast().equals("]")) {
            shell.complain("[: missing ]");
            return 2;
        }
        return new Test(shell, "[", argv.subList(1, argv.size() - 1)).run();
    }

    private static int cd(Shell shell, List<String> argv) throws IOException {
        List<String> where = argv.stream()
                .skip(1)
                .filter(a -> !a.equals("-P") && !a.equals("-L") && !a.equals("--"))
                .toList();
        String target = where.isEmpty() ? shell.variables.getOrDefault("HOME", "/") : where.getFirst();
        boolean back = target.equals("-");
        if (back) {
            target = shell.variables.getOrDefault("OLDPWD", shell.cwd);
        }
        String path = FileSystem.absolute(shell.cwd, target);
        if (!shell.machine.files().isDirectory(path) || !shell.machine.files().access(path, shell.process.uid(), 1)) {
            return shell.complain("cd: can't cd to " + target);
        }
        shell.variables.put("OLDPWD", shell.cwd);
        shell.cwd = path;
        shell.variables.put("PWD", path);
        if (back) {
            shell.write(path + "\n");
        }
        return 0;
    }

    private static int declare(Shell shell, List<String> argv, Set<String> into, String word) throws IOException {
        if (argv.size() == 1 || argv.get(1).equals("-p")) {
            for (String name : into.stream().sorted().toList()) {
                String value = shell.variables.get(name);
                shell.write(
                        word + " " + name + (value == null ? "" : "='" + value.replace("'", "'\"'\"'") + "'") + "\n");
            }
            return 0;
        }
        for (String argument : argv.subList(1, argv.size())) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!Name.isValid(name)) {
                throw new Shell.Fatal(word + ": " + argument + ": bad variable name");
            }
            if (equals >= 0) {
                shell.set(name, argument.substring(equals + 1));
            }
            into.add(name);
        }
        return 0;
    }

    private static int local(Shell shell, List<String> argv) {
        if (shell.locals.isEmpty()) {
            throw new Shell.Fatal("local: not in a function");
        }
        for (String argument : argv.subList(1, argv.size())) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            shell.locals.getLast().putIfAbsent(name, shell.variables.get(name));
            if (equals >= 0) {
                shell.set(name, argument.substring(equals + 1));
            }
        }
        return 0;
    }

    private static int unset(Shell shell, List<String> argv) {
        boolean function = argv.size() > 1 && argv.get(1).equals("-f");
        for (String name : argv.subList(1, argv.size())) {
            if (name.equals("-f") || name.equals("-v")) {
                continue;
            }
            if (function) {
                shell.functions.remove(name);
            } else if (shell.readonly.contains(name)) {
                throw new Shell.Fatal("unset: " + name + ": is read only");
            } else {
                shell.variables.remove(name);
                shell.exported.remove(name);
            }
        }
        return 0;
    }

    private static int set(Shell shell, List<String> argv) throws IOException {
        if (argv.size() == 1) {
            for (var variable : shell.variables.entrySet()) {
                shell.write(variable.getKey() + "='" + variable.getValue().replace("'", "'\"'\"'") + "'\n");
            }
            return 0;
        }
        for (int i = 1; i < argv.size(); i++) {
            String argument = argv.get(i);
            if (argument.equals("--")) {
                shell.positional = List.copyOf(argv.subList(i + 1, argv.size()));
                return 0;
            }
            if (argument.length() < 2 || argument.charAt(0) != '-' && argument.charAt(0) != '+') {
                shell.positional = List.copyOf(argv.subList(i, argv.size()));
                return 0;
            }
            boolean on = argument.charAt(0) == '-';
            for (char option : argument.substring(1).toCharArray()) {
                if (option == 'o') {
                    i++;
                    option(shell, i < argv.size() ? argv.get(i) : "", on);
                } else {
                    option(shell, String.valueOf(option), on);
                }
            }
        }
        return 0;
    }

    static void option(Shell shell, String option, boolean on) {
        switch (option) {
            case "e", "errexit" -> shell.errexit = on;
            case "u", "nounset" -> shell.nounset = on;
            case "f", "noglob" -> shell.noglob = on;
            case "C", "noclobber" -> shell.noclobber = on;
            case "x", "xtrace" -> shell.xtrace = on;
            case "a", "b", "h", "m", "v", "n", "i", "monitor", "notify", "verbose" -> {} // without meaning here
            default -> throw new Shell.Fatal("set: Illegal option -" + (option.length() == 1 ? option : "o " + option));
        }
    }

    private static int shift(Shell shell, List<String> argv) {
        int n = argv.size() > 1 ? number(argv.get(1)) : 1;
        if (n > shell.positional.size()) {
            throw new Shell.Fatal("shift: can't shift that many");
        }
        shell.positional = List.copyOf(shell.positional.subList(n, shell.positional.size()));
        return 0;
    }

    private static int jump(Shell shell, List<String> argv, boolean goOn) {
        if (shell.loops == 0) {
            return 0;
        }
        throw new Shell.Jump(goOn, Math.min(argv.size() > 1 ? number(argv.get(1)) : 1, shell.loops));
    }

    private static int read(Shell shell, List<String> argv) throws IOException {
        var names = new ArrayList<String>();
        boolean raw = false;
        for (int i = 1; i < argv.size(); i++) {
            if (argv.get(i).equals("-r")) {
                raw = true;
            } else if (argv.get(i).equals("-p")) {
                i++;
            } else {
                names.add(argv.get(i));
            }
        }
        if (names.isEmpty()) {
            throw new Shell.Fatal("read: arg count");
        }
        OpenFile in = shell.fds.get(0);
        var bytes = new ByteArrayOutputStream();
        byte[] one = new byte[1];
        boolean complete = false;
        boolean escaped = false;
        while (in != null && in.read(one, 0, 1) > 0) {
            shell.process.checkpoint();
            if (escaped) {
                escaped = false;
                if (one[0] != '\n') {
                    bytes.write('\\');
                    bytes.write(one[0]);
                }
                continue;
            }
            if (one[0] == '\\' && !raw) {
                escaped = true;
                continue;
            }
            if (one[0] == '\n') {
                complete = true;
                break;
            }
            bytes.write(one[0]);
        }
        assign(shell, names, bytes.toString(StandardCharsets.UTF_8), raw);
        return complete ? 0 : 1;
    }

    private static void assign(Shell shell, List<String> names, String line, boolean raw) {
        String ifs = shell.variables.getOrDefault("IFS", " \t\n");
        int at = 0;
        while (at < line.length() && blank(ifs, line.charAt(at))) {
            at++;
        }
        for (int n = 0; n < names.size(); n++) {
            boolean last = n == names.size() - 1;
            var value = new StringBuilder();
            int keep = 0;
            while (at < line.length()) {
                char c = line.charAt(at);
                if (!raw && c == '\\' && at + 1 < line.length()) {
                    at++;
                    value.append(line.charAt(at));
                    keep = value.length();
                } else if (ifs.indexOf(c) >= 0 && !last) {
                    break;
                } else {
                    value.append(c);
                    if (!blank(ifs, c)) {
                        keep = value.length();
                    }
                }
                at++;
            }
            if (last) {
                value.setLength(keep);
                if (!value.isEmpty()
                        && ifs.indexOf(value.charAt(keep - 1)) >= 0
                        && value.chars().filter(c -> ifs.indexOf(c) >= 0).count() == 1) {
                    value.setLength(keep - 1); // one closing separator belongs to the field before it
                }
            }
            shell.set(names.get(n), value.toString());
            boolean hard = false;
            while (at < line.length() && ifs.indexOf(line.charAt(at)) >= 0) {
                if (!blank(ifs, line.charAt(at))) {
                    if (hard) {
                        break;
                    }
                    hard = true;
                }
                at++;
            }
        }
    }

    private static boolean blank(String ifs, char c) {
        return ifs.indexOf(c) >= 0 && (c == ' ' || c == '\t' || c == '\n');
    }

    private static int source(Shell shell, List<String> argv) throws IOException {
        if (argv.size() < 2) {
            throw new Shell.Fatal(".: filename argument required");
        }
        String name = argv.get(1);
        String path = FileSystem.absolute(shell.cwd, name);
        if (!name.contains("/") && !shell.machine.files().exists(path)) {
            throw new Shell.Fatal(".: " + name + ": not found");
        }
        try {
            shell.machine.files().openRead(path, shell.process.uid());
            int status = shell.evalText(shell.machine.files().text(path));
            return status;
        } catch (Shell.Return e) {
            return e.status;
        } catch (Errno e) {
            throw new Shell.Fatal(".: cannot open " + name + ": " + (e.is(Errno.ENOENT) ? "No such file" : e.text()));
        }
    }

    private static int await(Shell shell, List<String> argv) {
        if (argv.size() == 1) {
            List<HostProcess> jobs = List.copyOf(shell.jobs);
            shell.jobs.clear();
            jobs.forEach(shell.process::await);
            return 0;
        }
        int status = 0;
        for (String argument : argv.subList(1, argv.size())) {
            HostProcess job = shell.jobs.stream()
                    .filter(j -> String.valueOf(j.pid()).equals(argument))
                    .findFirst()
                    .orElse(null);
            status = job == null ? 127 : shell.process.await(job);
        }
        return status;
    }

    private static int kill(Shell shell, List<String> argv) throws IOException {
        int signal = HostProcess.SIGTERM;
        int at = 1;
        if (at < argv.size() && argv.get(at).equals("-s")) {
            signal = signal(argv.get(at + 1));
            at += 2;
        } else if (at < argv.size() && argv.get(at).startsWith("-") && argv.size() > at + 1) {
            signal = signal(argv.get(at).substring(1));
            at++;
        }
        if (at < argv.size() && argv.get(at).equals("--")) {
            at++;
        }
        if (at >= argv.size()) {
            throw new Shell.Fatal(
                    "kill: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]");
        }
        int status = 0;
        for (String target : argv.subList(at, argv.size())) {
            String problem = Signals.send(shell.process, target, signal);
            if (problem != null) {
                shell.complain("kill: " + problem + "\n");
                status = 1;
            }
        }
        shell.process.checkpoint();
        return status;
    }

    static int signal(String name) {
        int signal = Signals.number(name);
        if (signal < 0) {
            throw new Shell.Fatal("kill: invalid signal number or name: " + name);
        }
        return signal;
    }

    private static int trap(Shell shell, List<String> argv) throws IOException {
        if (argv.size() == 1) {
            for (var trap : shell.traps.entrySet()) {
                shell.write("trap -- '" + trap.getValue().replace("'", "'\"'\"'") + "' " + trap.getKey() + "\n");
            }
            return 0;
        }
        boolean clear = argv.size() == 2 || argv.get(1).equals("-");
        String action = argv.get(1);
        for (String name : argv.subList(argv.size() == 2 ? 1 : 2, argv.size())) {
            String signal = name.equals("0") ? "EXIT" : name.startsWith("SIG") ? name.substring(3) : name;
            if (clear) {
                shell.traps.remove(signal);
            } else {
                shell.traps.put(signal, action);
            }
        }
        return 0;
    }

    private static int command(Shell shell, List<String> argv) throws IOException {
        if (argv.size() == 1) {
            return 0;
        }
        if (!argv.get(1).equals("-v") && !argv.get(1).equals("-V")) {
            List<String> rest = argv.subList(argv.get(1).equals("-p") ? 2 : 1, argv.size());
            Builtin builtin = find(rest.getFirst());
            if (builtin != null) {
                return builtin.run(shell, rest);
            }
            ExternalCommand.run(shell, rest, shell.environment(), false);
            return shell.status;
        }
        if (argv.size() == 2) {
            return 0;
        }
        String name = argv.get(2); // dash looks at the first only
        String where = where(shell, name);
        if (where == null) {
            return 127;
        }
        shell.write(where + "\n");
        return 0;
    }

    private static @Nullable String where(Shell shell, String name) {
        if (shell.functions.containsKey(name) || find(name) != null || RESERVED.contains(name)) {
            return name;
        }
        return shell.machine.which(name, shell.variables.getOrDefault("PATH", ""), shell.cwd, shell.process.uid());
    }

    private static final Set<String> RESERVED = Set.of(
            "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "{", "}", "!",
            "in");

    private static int type(Shell shell, List<String> argv) throws IOException {
        int status = 0;
        for (String name : argv.subList(1, argv.size())) {
            String where = where(shell, name);
            if (where == null) {
                shell.write(name + ": not found\n");
                status = 127;
            } else if (RESERVED.contains(name)) {
                shell.write(name + " is a shell keyword\n");
            } else if (shell.functions.containsKey(name)) {
                shell.write(name + " is a shell function\n");
            } else if (find(name) != null) {
                shell.write(name + " is a " + (SPECIAL.contains(name) ? "special " : "") + "shell builtin\n");
            } else {
                shell.write(name + " is " + where + "\n");
            }
        }
        return status;
    }

    private static int getopts(Shell shell, List<String> argv) throws IOException {
        List<String> arguments = argv.size() > 3 ? argv.subList(3, argv.size()) : shell.positional;
        int index = Integer.parseInt(shell.variables.getOrDefault("OPTIND", "1"));
        int offset = shell.variables.containsKey(" getopts")
                ? Integer.parseInt(shell.variables.getOrDefault(" getopts", "1"))
                : 1;
        if (index > arguments.size()
                || !arguments.get(index - 1).startsWith("-")
                || arguments.get(index - 1).equals("-")) {
            shell.variables.put(argv.get(2), "?");
            return 1;
        }
        String argument = arguments.get(index - 1);
        if (argument.equals("--")) {
            shell.variables.put("OPTIND", String.valueOf(index + 1));
            shell.variables.put(argv.get(2), "?");
            return 1;
        }
        char option = argument.charAt(offset);
        int known = argv.get(1).indexOf(option);
        boolean lastOfWord = offset == argument.length() - 1;
        int next = lastOfWord ? index + 1 : index;
        shell.variables.put(" getopts", lastOfWord ? "1" : String.valueOf(offset + 1));
        shell.variables.put(argv.get(2), known < 0 ? "?" : String.valueOf(option));
        if (known < 0) {
            shell.say("Illegal option -" + option);
        } else if (known + 1 < argv.get(1).length() && argv.get(1).charAt(known + 1) == ':') {
            shell.variables.put(" getopts", "1");
            if (!lastOfWord) {
                shell.variables.put("OPTARG", argument.substring(offset + 1));
                next = index + 1;
            } else if (index < arguments.size()) {
                shell.variables.put("OPTARG", arguments.get(index));
                next = index + 2;
            } else {
                shell.say("No arg for -" + option + " option");
                shell.variables.put(argv.get(2), "?");
            }
        }
        shell.variables.put("OPTIND", String.valueOf(next));
        return 0;
    }
}
