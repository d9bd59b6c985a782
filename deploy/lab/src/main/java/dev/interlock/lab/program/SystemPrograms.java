package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Daemon;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Unit;
import dev.interlock.lab.shell.Escapes;
import dev.interlock.lab.shell.Sh;
import dev.interlock.lab.shell.Signals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Programs about processes, users, time and the network. */
final class SystemPrograms {
    private SystemPrograms() {}

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
        all.put("sleep", SystemPrograms::sleep);
        all.put("date", SystemPrograms::date);
        all.put("uname", SystemPrograms::uname);
        all.put("hostname", call -> {
            call.line(call.machine().name());
            return 0;
        });
        all.put("id", SystemPrograms::id);
        all.put("whoami", call -> {
            call.line(call.machine().user(call.uid()));
            return 0;
        });
        all.put("nproc", call -> {
            call.line("2");
            return 0;
        });
        all.put("free", SystemPrograms::free);
        all.put("uptime", call -> {
            call.line(" up " + call.machine().uptime().toMinutes() + " min,  0 users,  load average: 0.10, 0.10, 0.10");
            return 0;
        });
        all.put("ip", SystemPrograms::ip);
        all.put("ps", SystemPrograms::ps);
        all.put("kill", SystemPrograms::kill);
        all.put("pkill", SystemPrograms::pkill);
        all.put("env", SystemPrograms::env);
        all.put("nohup", call -> exec(call, call.arguments()));
        all.put("nice", call -> {
            Options options = Options.of(call.arguments(), Set.of(), Set.of("n"), true);
            return exec(call, options.rest());
        });
        all.put(
                "stdbuf",
                call -> exec(
                        call,
                        Options.of(call.arguments(), Set.of(), Set.of("o", "i", "e"), true)
                                .rest()));
        all.put("setsid", SystemPrograms::setsid);
        all.put("sudo", SystemPrograms::sudo);
        all.put("timeout", SystemPrograms::timeout);
        all.put("which", SystemPrograms::which);
        all.put("ss", SystemPrograms::ss);
        all.put("journalctl", SystemPrograms::journalctl);
        all.put("dpkg-query", SystemPrograms::dpkgQuery);
        all.put("getent", SystemPrograms::getent);
        all.put("logger", _ -> 0);
        all.put("xargs", SystemPrograms::xargs);
        all.put("timedatectl", call -> {
            if (call.arguments().contains("NTPSynchronized")) {
                call.line("yes");
            } else {
                call.line("System clock synchronized: yes");
            }
            return 0;
        });
    }

    static String ctime(Instant at) {
        return DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    /** As execvp: {@code name: failed to run command} and 127 when there is no such program. */
    private static int exec(Call call, List<String> argv) throws IOException {
        if (argv.isEmpty()) {
            call.err(call.name() + ": missing operand");
            return 125;
        }
        if (!call.canExec(argv.getFirst())) {
            call.err(call.name() + ": failed to run command ‘" + argv.getFirst() + "’: No such file or directory");
            return 127;
        }
        return call.exec(argv);
    }

    private static @Nullable Duration duration(String text) {
        if (text.equals("infinity")) {
            return Duration.ofDays(3650);
        }
        if (!text.matches("\\d*\\.?\\d+[smhd]?|\\d+\\.?[smhd]?")) {
            return null;
        }
        char unit = text.charAt(text.length() - 1);
        double number = Double.parseDouble(Character.isLetter(unit) ? text.substring(0, text.length() - 1) : text);
        double factor = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86_400 : 1;
        return Duration.ofNanos((long) (number * factor * 1e9));
    }

    private static int sleep(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return call.fail("missing operand");
        }
        for (String argument : call.arguments()) {
            Duration duration = duration(argument);
            if (duration == null) {
                return call.fail("invalid time interval ‘" + argument + "’");
            }
            call.sleep(duration);
        }
        return 0;
    }

    private static int date(Call call) throws IOException {
        Instant at = call.machine().now();
        String format = "+%a %b %e %H:%M:%S UTC %Y";
        List<String> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("+")) {
                format = argument;
            } else if (argument.equals("-d")
                    && i + 1 < arguments.size()
                    && arguments.get(i + 1).matches("@-?\\d+")) {
                i++;
                at = Instant.ofEpochSecond(Long.parseLong(arguments.get(i).substring(1)));
            } else if (argument.equals("-Is") || argument.equals("--iso-8601=seconds")) {
                format = "+%Y-%m-%dT%H:%M:%S+00:00";
            } else if (!argument.equals("-u")) {
                return call.fail("invalid date ‘" + argument + "’");
            }
        }
        var out = new StringBuilder();
        for (int i = 1; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 >= format.length()) {
                out.append(c);
                continue;
            }
            i++;
            int width = 9;
            if (Character.isDigit(format.charAt(i)) && i + 1 < format.length()) {
                width = format.charAt(i) - '0';
                i++;
            }
            String pattern = switch (format.charAt(i)) {
                case 'Y' -> "yyyy";
                case 'm' -> "MM";
                case 'd' -> "dd";
                case 'e' -> "ppd";
                case 'H' -> "HH";
                case 'M' -> "mm";
                case 'S' -> "ss";
                case 'a' -> "EEE";
                case 'b' -> "MMM";
                case 'j' -> "DDD";
                case 'F' -> "yyyy-MM-dd";
                case 'T' -> "HH:mm:ss";
                case 'R' -> "HH:mm";
                default -> "";
            };
            switch (format.charAt(i)) {
                case 's' -> out.append(at.getEpochSecond());
                case 'N' -> out.append(String.format(Locale.ROOT, "%09d", at.getNano()), 0, Math.min(width, 9));
                case 'Z' -> out.append("UTC");
                case 'z' -> out.append("+0000");
                case 'n' -> out.append('\n');
                case '%' -> out.append('%');
                default ->
                    out.append(
                            pattern.isEmpty()
                                    ? ""
                                    : DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                                            .withZone(ZoneOffset.UTC)
                                            .format(at));
            }
        }
        call.line(out.toString());
        return 0;
    }

    private static int uname(Call call) throws IOException {
        var words = new ArrayList<String>();
        for (String argument : call.arguments().isEmpty() ? List.of("-s") : call.arguments()) {
            for (char c : argument.substring(1).toCharArray()) {
                switch (c) {
                    case 's' -> words.add("Linux");
                    case 'n' -> words.add(call.machine().name());
                    case 'r' -> words.add("5.14.0-427.el9.x86_64");
                    case 'v' -> words.add("#1 SMP PREEMPT_DYNAMIC");
                    case 'm', 'p', 'i' -> words.add("x86_64");
                    case 'o' -> words.add("GNU/Linux");
                    case 'a' ->
                        words.addAll(List.of(
                                "Linux",
                                call.machine().name(),
                                "5.14.0-427.el9.x86_64",
                                "#1",
                                "SMP",
                                "PREEMPT_DYNAMIC",
                                "x86_64",
                                "GNU/Linux"));
                    default -> {
                        return call.fail("invalid option -- '" + c + "'");
                    }
                }
            }
        }
        call.line(String.join(" ", words));
        return 0;
    }

    private static int id(Call call) throws IOException {
        int uid = call.uid();
        String user = call.machine().user(uid);
        Options options = Options.of(call.arguments(), Set.of("u", "n", "g", "G", "r"), Set.of());
        if (options.has("u") || options.has("g") || options.has("G")) {
            call.line(options.has("n") ? user : String.valueOf(uid));
        } else {
            call.line("uid=" + uid + "(" + user + ") gid=" + uid + "(" + user + ") groups=" + uid + "(" + user + ")");
        }
        return 0;
    }

    private static int free(Call call) throws IOException {
        long unit = call.arguments().contains("-m") ? 1024 : call.arguments().contains("-b") ? 0 : 1;
        long total = 4_000_000;
        long used = 900_000;
        call.line("               total        used        free      shared  buff/cache   available");
        call.line(String.format(
                Locale.ROOT,
                "Mem:     %11d %11d %11d %11d %11d %11d",
                of(total, unit),
                of(used, unit),
                of(total - used, unit),
                of(1000, unit),
                of(200_000, unit),
                of(total - used, unit)));
        call.line("Swap:              0           0           0");
        return 0;
    }

    private static long of(long kib, long unit) {
        return unit == 0 ? kib * 1024 : kib / unit;
    }

    private static int ip(Call call) throws IOException {
        call.line("1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever");
        return 0;
    }

    private static String column(Call call, HostProcess process, String column) {
        return switch (column) {
            case "pid" -> String.valueOf(process.pid());
            case "ppid" -> String.valueOf(process.parent());
            case "pgid", "sid" -> String.valueOf(process.group());
            case "comm" -> process.name();
            case "args", "cmd", "command" -> String.join(" ", process.arguments());
            case "user" -> call.machine().user(process.uid());
            case "uid" -> String.valueOf(process.uid());
            case "stat", "state", "s" -> "S";
            case "lstart" -> ctime(process.startedAt());
            case "etimes" ->
                String.valueOf(
                        Duration.between(process.startedAt(), call.machine().now())
                                .toSeconds());
            case "etime" ->
                String.format(
                        Locale.ROOT,
                        "%02d:%02d",
                        Duration.between(process.startedAt(), call.machine().now())
                                .toMinutes(),
                        Duration.between(process.startedAt(), call.machine().now())
                                .toSecondsPart());
            default -> "-";
        };
    }

    private static int ps(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("e", "A", "f", "a", "x", "u", "no-headers"),
                Set.of("p", "o", "pid", "C", "g"));
        var columns = new ArrayList<String>();
        boolean header = false;
        for (String format : options.values("o")) {
            for (String column : format.split(",")) {
                header |= !column.endsWith("=");
                columns.add(column.replaceFirst("=.*$", ""));
            }
        }
        if (columns.isEmpty()) {
            header = true;
            columns.addAll(
                    options.has("f") ? List.of("user", "pid", "ppid", "cmd") : List.of("pid", "tty", "time", "comm"));
        }
        if (options.has("no-headers")) {
            header = false;
        }
        String pids = options.value("p", "pid");
        Set<String> wanted = pids == null ? Set.of() : Set.of(pids.trim().split("[, ]+"));
        var rows = new ArrayList<List<String>>();
        if (pids == null ? options.has("e", "A", "a", "x") : wanted.contains("1")) {
            rows.add(columns.stream()
                    .map(c -> switch (c) {
                        case "pid" -> "1";
                        case "ppid" -> "0";
                        case "comm" -> "systemd";
                        case "args", "cmd" -> "/usr/lib/systemd/systemd";
                        case "user" -> "root";
                        case "lstart" -> ctime(call.machine().boot().at());
                        case "etimes" -> String.valueOf(call.machine().uptime().toSeconds());
                        default -> "-";
                    })
                    .toList());
        }
        for (Unit unit : call.machine().units().all()) {
            if (unit.pid() != 0
                    && (pids == null ? options.has("e", "A", "a", "x") : wanted.contains(String.valueOf(unit.pid())))) {
                Instant started = unit.startedAt() == null ? call.machine().now() : unit.startedAt();
                rows.add(columns.stream()
                        .map(c -> switch (c) {
                            case "pid" -> String.valueOf(unit.pid());
                            case "ppid" -> "1";
                            case "comm" ->
                                unit.file().execStart().replaceFirst(" .*", "").replaceFirst(".*/", "");
                            case "args", "cmd" -> unit.file().execStart();
                            case "user" -> {
                                Daemon daemon = call.machine()
                                        .units()
                                        .daemon(unit.file().name());
                                yield daemon == null ? "root" : daemon.user();
                            }
                            case "lstart" -> ctime(started);
                            case "etimes" ->
                                String.valueOf(
                                        Duration.between(started, call.machine().now())
                                                .toSeconds());
                            default -> "-";
                        })
                        .toList());
            }
        }
        String named = options.value("C");
        for (HostProcess process : call.machine().processes()) {
            boolean take = pids != null
                    ? wanted.contains(String.valueOf(process.pid()))
                    : named != null
                            ? process.name().equals(named)
                            : options.has("e", "A", "a", "x")
                                    || process.group() == call.process().group();
            if (take) {
                rows.add(columns.stream().map(c -> column(call, process, c)).toList());
            }
        }
        if (header) {
            rows.addFirst(columns.stream()
                    .map(c -> c.equals("comm") ? "COMMAND" : c.toUpperCase(Locale.ROOT))
                    .toList());
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                boolean number =
                        columns.get(i).endsWith("pid") || columns.get(i).equals("etimes");
                boolean last = i == row.size() - 1;
                line.append(i > 0 ? " " : "")
                        .append(
                                number
                                        ? String.format(Locale.ROOT, "%7s", row.get(i))
                                        : last ? row.get(i) : String.format(Locale.ROOT, "%-15s", row.get(i)));
            }
            call.line(line.toString());
        }
        return rows.size() > (header ? 1 : 0) ? 0 : 1;
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

    private static int env(Call call) throws IOException {
        var environment = new TreeMap<>(call.environment());
        List<String> rest = new ArrayList<>(call.arguments());
        while (!rest.isEmpty()) {
            String first = rest.getFirst();
            if (first.equals("-i") || first.equals("-")) {
                environment.clear();
            } else if (first.equals("-u") && rest.size() > 1) {
                rest.removeFirst();
                environment.remove(rest.getFirst());
            } else if (first.indexOf('=') > 0) {
                environment.put(first.substring(0, first.indexOf('=')), first.substring(first.indexOf('=') + 1));
            } else {
                break;
            }
            rest.removeFirst();
        }
        if (rest.isEmpty()) {
            for (var variable : environment.entrySet()) {
                call.line(variable.getKey() + "=" + variable.getValue());
            }
            return 0;
        }
        if (call.machine()
                        .resolve(
                                rest.getFirst(), environment.getOrDefault("PATH", Machine.PATH), call.cwd(), call.uid())
                == null) {
            call.err("env: ‘" + rest.getFirst() + "’: No such file or directory");
            return 127;
        }
        return call.exec(rest, environment);
    }

    private static int setsid(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("f", "w", "c", "fork", "wait"), Set.of(), true);
        if (options.rest().isEmpty()) {
            call.err("setsid: no command specified");
            return 1;
        }
        if (!call.canExec(options.rest().getFirst())) {
            call.err("setsid: failed to execute " + options.rest().getFirst() + ": No such file or directory");
            return 127;
        }
        if (options.has("f", "fork") || call.process().group() == call.process().pid()) {
            HostProcess child = call.start(options.rest(), call.environment(), call.uid(), true);
            return options.has("w", "wait") ? call.process().await(child) : 0;
        }
        call.process().lead();
        return call.exec(options.rest());
    }

    private static int sudo(Call call) throws IOException {
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

    private static int timeout(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("foreground", "preserve-status", "v"),
                Set.of("k", "s", "kill-after", "signal"),
                true);
        if (options.rest().size() < 2) {
            call.err("timeout: missing operand");
            return 125;
        }
        Duration limit = duration(options.rest().getFirst());
        if (limit == null) {
            call.err("timeout: invalid time interval ‘" + options.rest().getFirst() + "’");
            return 125;
        }
        List<String> argv = options.rest().subList(1, options.rest().size());
        if (!call.canExec(argv.getFirst())) {
            call.err("timeout: failed to run command ‘" + argv.getFirst() + "’: No such file or directory");
            return 127;
        }
        String named = options.value("s", "signal");
        int signal = named == null ? HostProcess.SIGTERM : Signals.number(named);
        HostProcess child = call.start(argv, call.environment(), call.uid(), true);
        call.machine().wait(call.process(), limit, child.exit());
        if (child.exit().isDone()) {
            return call.process().await(child);
        }
        for (HostProcess process : call.machine().processes()) {
            if (process.group() == child.group()) {
                process.kill(signal);
            }
        }
        call.process().await(child);
        return signal == HostProcess.SIGKILL ? 137 : 124;
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

    private static int ss(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of(
                        "l",
                        "t",
                        "n",
                        "H",
                        "p",
                        "a",
                        "u",
                        "4",
                        "6",
                        "listening",
                        "tcp",
                        "numeric",
                        "no-header",
                        "processes"),
                Set.of());
        if (options.unknown() != null) {
            call.err("ss: invalid option -- '" + options.unknown().replace("-", "") + "'");
            return 255;
        }
        if (!options.has("H", "no-header")) {
            call.line("State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess");
        }
        if (options.has("u") && !options.has("t")) {
            return 0;
        }
        call.line("LISTEN 0      128          0.0.0.0:22        0.0.0.0:*          ");
        call.line("LISTEN 0      128             [::]:22           [::]:*          ");
        for (Unit unit : call.machine().units().listeners()) {
            for (int port : unit.file().ports()) {
                String owner = options.has("p", "processes")
                        ? "    users:((\""
                                + unit.file()
                                        .execStart()
                                        .replaceFirst(" .*", "")
                                        .replaceFirst(".*/", "") + "\",pid=" + unit.pid() + ",fd=3))"
                        : "          ";
                call.line(String.format(Locale.ROOT, "LISTEN 0      9      %18s            *:*%s", "*:" + port, owner));
            }
        }
        return 0;
    }

    private static int journalctl(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("no-pager", "q", "quiet", "x", "e", "r", "b", "k", "no-hostname"),
                Set.of("u", "unit", "n", "lines", "o", "output", "since", "S", "p", "until"));
        if (options.unknown() != null) {
            call.err("journalctl: unrecognized option '" + options.unknown() + "'");
            return 1;
        }
        String unit = options.value("u", "unit");
        var entries = call.uid() == 0
                ? call.machine().journal().entries(unit == null ? null : dev.interlock.lab.machine.Units.full(unit))
                : List.<dev.interlock.lab.machine.Journal.Entry>of();
        String count = options.value("n", "lines");
        int from = count == null ? 0 : Math.max(0, entries.size() - Integer.parseInt(count));
        if (entries.isEmpty()) {
            call.line("-- No entries --");
            if (call.uid() != 0 && !options.has("q", "quiet")) {
                call.err("Hint: You are currently not seeing messages from other users and the system.");
            }
        }
        for (var entry : entries.subList(from, entries.size())) {
            call.line("cat".equals(options.value("o", "output")) ? entry.message() : entry.text());
        }
        return 0;
    }

    private static int dpkgQuery(Call call) throws IOException {
        List<String> names =
                call.arguments().stream().filter(a -> !a.startsWith("-")).toList();
        for (String name : names) {
            call.err("dpkg-query: no packages found matching " + name);
        }
        return names.isEmpty() ? 0 : 1;
    }

    private static int getent(Call call) throws IOException {
        List<String> a = call.arguments();
        if (a.size() == 2 && a.getFirst().equals("passwd")) {
            Integer uid = call.machine().uid(a.get(1));
            if (uid != null) {
                call.line(a.get(1) + ":x:" + uid + ":" + uid + "::"
                        + call.machine().home(uid) + ":/bin/sh");
                return 0;
            }
        }
        return 2;
    }

    private static int xargs(Call call) throws IOException {
        Options options = Options.of(call.arguments(), Set.of("r", "0", "t"), Set.of("n", "I", "P"), true);
        String text = new String(call.readAll(), java.nio.charset.StandardCharsets.UTF_8);
        List<String> words = text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
        if (words.isEmpty() && options.has("r")) {
            return 0;
        }
        List<String> command = options.rest().isEmpty() ? List.of("echo") : options.rest();
        int each = options.has("I") ? 1 : Integer.parseInt(options.value("n", Math.max(words.size(), 1)));
        int status = 0;
        for (int i = 0; i < Math.max(words.size(), 1); i += each) {
            List<String> some = words.subList(i, Math.min(i + each, words.size()));
            var argv = new ArrayList<String>();
            String place = options.value("I");
            if (place != null) {
                command.forEach(word -> argv.add(word.replace(place, some.isEmpty() ? "" : some.getFirst())));
            } else {
                argv.addAll(command);
                argv.addAll(some);
            }
            if (!call.canExec(argv.getFirst())) {
                call.err("xargs: " + argv.getFirst() + ": No such file or directory");
                return 127;
            }
            if (call.process().await(call.start(argv, call.environment(), call.uid(), null)) != 0) {
                status = 123;
            }
        }
        return status;
    }
}
