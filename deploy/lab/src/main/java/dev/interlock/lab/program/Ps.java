package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Daemon;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Unit;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** ps: systemd itself, the main processes of its units, and whatever commands have started. */
final class Ps implements Program {
    @Override
    public int run(Call call) throws IOException {
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
        List<List<String>> rows = rows(call, options, columns);
        if (header) {
            rows.addFirst(columns.stream()
                    .map(c -> c.equals("comm") ? "COMMAND" : c.toUpperCase(Locale.ROOT))
                    .toList());
        }
        for (List<String> row : rows) {
            call.line(aligned(columns, row));
        }
        return rows.size() > (header ? 1 : 0) ? 0 : 1;
    }

    private static List<List<String>> rows(Call call, Options options, List<String> columns) {
        String pids = options.value("p", "pid");
        Set<String> wanted = pids == null ? Set.of() : Set.of(pids.trim().split("[, ]+"));
        boolean everything = options.has("e", "A", "a", "x");
        var rows = new ArrayList<List<String>>();
        if (pids == null ? everything : wanted.contains("1")) {
            rows.add(columns.stream().map(c -> ofSystemd(call, c)).toList());
        }
        for (Unit unit : call.machine().units().all()) {
            if (unit.pid() != 0 && (pids == null ? everything : wanted.contains(String.valueOf(unit.pid())))) {
                Instant started = unit.startedAt() == null ? call.machine().now() : unit.startedAt();
                rows.add(columns.stream()
                        .map(c -> ofUnit(call, unit, started, c))
                        .toList());
            }
        }
        String named = options.value("C");
        for (HostProcess process : call.machine().processes()) {
            boolean take = pids != null
                    ? wanted.contains(String.valueOf(process.pid()))
                    : named != null
                            ? process.name().equals(named)
                            : everything || process.group() == call.process().group();
            if (take) {
                rows.add(columns.stream().map(c -> ofProcess(call, process, c)).toList());
            }
        }
        return rows;
    }

    private static String ofSystemd(Call call, String column) {
        return switch (column) {
            case "pid" -> "1";
            case "ppid" -> "0";
            case "comm" -> "systemd";
            case "args", "cmd" -> "/usr/lib/systemd/systemd";
            case "user" -> "root";
            case "lstart" -> TimePrograms.ctime(call.machine().boot().at());
            case "etimes" -> String.valueOf(call.machine().uptime().toSeconds());
            default -> "-";
        };
    }

    private static String ofUnit(Call call, Unit unit, Instant started, String column) {
        return switch (column) {
            case "pid" -> String.valueOf(unit.pid());
            case "ppid" -> "1";
            case "comm" -> unit.file().execStart().replaceFirst(" .*", "").replaceFirst(".*/", "");
            case "args", "cmd" -> unit.file().execStart();
            case "user" -> {
                Daemon daemon = call.machine().units().daemon(unit.file().name());
                yield daemon == null ? "root" : daemon.user();
            }
            case "lstart" -> TimePrograms.ctime(started);
            case "etimes" ->
                String.valueOf(Duration.between(started, call.machine().now()).toSeconds());
            default -> "-";
        };
    }

    private static String ofProcess(Call call, HostProcess process, String column) {
        return switch (column) {
            case "pid" -> String.valueOf(process.pid());
            case "ppid" -> String.valueOf(process.parent());
            case "pgid", "sid" -> String.valueOf(process.group());
            case "comm" -> process.name();
            case "args", "cmd", "command" -> String.join(" ", process.arguments());
            case "user" -> call.machine().user(process.uid());
            case "uid" -> String.valueOf(process.uid());
            case "stat", "state", "s" -> "S";
            case "lstart" -> TimePrograms.ctime(process.startedAt());
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

    private static String aligned(List<String> columns, List<String> row) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            boolean number = columns.get(i).endsWith("pid") || columns.get(i).equals("etimes");
            boolean last = i == row.size() - 1;
            line.append(i > 0 ? " " : "")
                    .append(
                            number
                                    ? String.format(Locale.ROOT, "%7s", row.get(i))
                                    : last ? row.get(i) : String.format(Locale.ROOT, "%-15s", row.get(i)));
        }
        return line.toString();
    }
}
