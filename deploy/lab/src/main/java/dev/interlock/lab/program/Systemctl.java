package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Journal;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Unit;
import dev.interlock.lab.machine.Units;
import dev.interlock.lab.shell.Pattern;
import dev.interlock.lab.shell.Signals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** systemctl of systemd 252: texts and exit codes as observed. {@code is-active} of an unknown unit is 3, {@code status} 4, start and stop 5. */
final class Systemctl implements Program {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern(
                    "EEE yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of(
                        "q",
                        "quiet",
                        "value",
                        "no-legend",
                        "no-pager",
                        "plain",
                        "a",
                        "all",
                        "failed",
                        "version",
                        "now",
                        "no-block",
                        "l",
                        "full",
                        "no-ask-password",
                        "system",
                        "f",
                        "force"),
                Set.of(
                        "p",
                        "property",
                        "P",
                        "t",
                        "type",
                        "state",
                        "n",
                        "lines",
                        "o",
                        "output",
                        "s",
                        "signal",
                        "kill-whom",
                        "kill-who"));
        if (options.has("version")) {
            call.line("systemd 252 (252-32.el9_4)\n+PAM +AUDIT +SELINUX");
            return 0;
        }
        if (options.unknown() != null) {
            call.err("systemctl: unrecognized option '" + options.unknown() + "'");
            return 1;
        }
        List<String> rest = options.rest();
        String verb = rest.isEmpty() ? "list-units" : rest.getFirst();
        List<String> names = rest.isEmpty() ? List.of() : rest.subList(1, rest.size());
        boolean quiet = options.has("q", "quiet");
        if (names.isEmpty()
                && Set.of(
                                "start",
                                "stop",
                                "restart",
                                "kill",
                                "try-restart",
                                "is-active",
                                "is-enabled",
                                "is-failed",
                                "cat",
                                "enable",
                                "disable")
                        .contains(verb)) {
            call.err("Too few arguments.");
            return 1;
        }
        return switch (verb) {
            case "is-active" -> isActive(call, names, quiet);
            case "is-failed" -> isFailed(call, names, quiet);
            case "is-enabled" -> isEnabled(call, names, quiet);
            case "show" -> show(call, options, names);
            case "status" -> status(call, names);
            case "start", "stop", "restart", "try-restart", "reload-or-restart" -> job(call, verb, names);
            case "kill" -> kill(call, options.value("s", "signal"), names);
            case "enable", "disable" -> enable(call, verb, names, options);
            case "daemon-reload", "daemon-reexec" -> privileged(call, "reload daemon") ? 0 : 1;
            case "reset-failed" -> {
                for (String name : names) {
                    if (call.machine().units().find(name) != null) {
                        call.machine().units().resetFailed(name);
                    }
                }
                yield 0;
            }
            case "cat" -> cat(call, names);
            case "list-unit-files" -> listUnitFiles(call, options, names);
            case "list-units" -> listUnits(call, options, names);
            case "is-system-running" -> {
                boolean degraded =
                        call.machine().units().all().stream().anyMatch(u -> u.active() == Unit.Active.FAILED);
                call.line(degraded ? "degraded" : "running");
                yield degraded ? 1 : 0;
            }
            default -> {
                call.err("Unknown command verb " + verb + ".");
                yield 1;
            }
        };
    }

    private static boolean privileged(Call call, String what) throws IOException {
        if (call.uid() == 0) {
            return true;
        }
        call.err("Failed to " + what + ": Access denied");
        return false;
    }

    private static int isActive(Call call, List<String> names, boolean quiet) throws IOException {
        boolean any = false;
        for (String name : names) {
            Unit unit = call.machine().units().find(name);
            any |= unit != null && unit.active() == Unit.Active.ACTIVE;
            if (!quiet) {
                call.line(unit == null ? "inactive" : unit.active().word());
            }
        }
        return any ? 0 : 3;
    }

    private static int isFailed(Call call, List<String> names, boolean quiet) throws IOException {
        boolean any = false;
        for (String name : names) {
            Unit unit = call.machine().units().find(name);
            any |= unit != null && unit.active() == Unit.Active.FAILED;
            if (!quiet) {
                call.line(unit == null ? "inactive" : unit.active().word());
            }
        }
        return any ? 0 : 1;
    }

    private static int isEnabled(Call call, List<String> names, boolean quiet) throws IOException {
        boolean any = false;
        for (String name : names) {
            Unit unit = call.machine().units().find(name);
            if (unit == null) {
                call.err("Failed to get unit file state for " + Units.full(name) + ": No such file or directory");
                return 1;
            }
            any |= unit.enabled();
            if (!quiet) {
                call.line(unit.enabled() ? "enabled" : "disabled");
            }
        }
        return any ? 0 : 1;
    }

    private static String stamp(@Nullable Instant at) {
        return at == null ? "" : STAMP.format(at);
    }

    private static String monotonic(Machine machine, @Nullable Instant at) {
        return at == null
                ? "0"
                : String.valueOf(
                        Math.max(1, Duration.between(machine.boot().at(), at).toNanos() / 1000));
    }

    private static Map<String, String> properties(Machine machine, String name, @Nullable Unit unit) {
        var p = new LinkedHashMap<String, String>();
        p.put("Type", "exec");
        p.put("Restart", "no");
        p.put("MainPID", unit == null ? "0" : String.valueOf(unit.pid()));
        p.put("ControlPID", "0");
        p.put("Result", unit == null ? "success" : unit.result());
        p.put("NRestarts", "0");
        p.put("ExecMainStartTimestamp", unit == null ? "" : stamp(unit.startedAt()));
        p.put("ExecMainStartTimestampMonotonic", unit == null ? "0" : monotonic(machine, unit.startedAt()));
        p.put("ExecMainPID", unit == null ? "0" : String.valueOf(unit.pid()));
        p.put(
                "ExecMainCode",
                unit != null && unit.active() == Unit.Active.FAILED && unit.exitStatus() != 0 ? "1" : "0");
        p.put("ExecMainStatus", unit == null ? "0" : String.valueOf(unit.exitStatus()));
        p.put("Id", Units.full(name));
        p.put("Names", Units.full(name));
        p.put("Description", unit == null ? Units.full(name) : unit.description());
        p.put("LoadState", unit == null ? "not-found" : "loaded");
        p.put("ActiveState", unit == null ? "inactive" : unit.active().word());
        p.put("SubState", unit == null ? "dead" : unit.active().sub());
        p.put("FragmentPath", unit == null ? "" : unit.file().path());
        p.put("UnitFileState", unit == null ? "" : unit.enabled() ? "enabled" : "disabled");
        p.put(
                "StateChangeTimestamp",
                unit == null ? "" : stamp(unit.inactiveSince() == null ? unit.activeSince() : unit.inactiveSince()));
        p.put("ActiveEnterTimestamp", unit == null ? "" : stamp(unit.activeSince()));
        p.put("ActiveEnterTimestampMonotonic", unit == null ? "0" : monotonic(machine, unit.activeSince()));
        p.put("InactiveEnterTimestamp", unit == null ? "" : stamp(unit.inactiveSince()));
        p.put("InactiveEnterTimestampMonotonic", unit == null ? "0" : monotonic(machine, unit.inactiveSince()));
        p.put("NeedDaemonReload", "no");
        p.put(
                "InvocationID",
                unit == null || unit.invocation() == null
                        ? ""
                        : unit.invocation().toString().replace("-", ""));
        return p;
    }

    private static int show(Call call, Options options, List<String> names) throws IOException {
        var wanted = new ArrayList<String>();
        for (String key : List.of("p", "property", "P")) {
            options.values(key).forEach(v -> wanted.addAll(List.of(v.split(","))));
        }
        boolean value = options.has("value", "P");
        boolean first = true;
        for (String name : names) {
            if (!first) {
                call.line("");
            }
            first = false;
            for (var property : properties(
                            call.machine(), name, call.machine().units().find(name))
                    .entrySet()) {
                if (wanted.isEmpty() || wanted.contains(property.getKey())) {
                    call.line(value ? property.getValue() : property.getKey() + "=" + property.getValue());
                }
            }
        }
        return 0;
    }

    private static int status(Call call, List<String> names) throws IOException {
        int result = 0;
        for (String name : names) {
            Unit unit = call.machine().units().find(name);
            if (unit == null) {
                call.err("Unit " + Units.full(name) + " could not be found.");
                result = 4;
                continue;
            }
            boolean active = unit.active() == Unit.Active.ACTIVE;
            boolean failed = unit.active() == Unit.Active.FAILED;
            Instant since = active ? unit.activeSince() : unit.inactiveSince();
            call.line((active ? "● " : failed ? "× " : "○ ") + unit.file().name() + " - " + unit.description());
            call.line("     Loaded: loaded (" + unit.file().path() + "; " + (unit.enabled() ? "enabled" : "disabled")
                    + "; preset: enabled)");
            call.line("     Active: " + unit.active().word() + " ("
                    + (failed ? "Result: " + unit.result() : unit.active().sub()) + ")"
                    + (since == null
                            ? ""
                            : " since " + stamp(since) + "; "
                                    + Duration.between(since, call.machine().now())
                                            .toSeconds() + "s ago"));
            if (active) {
                call.line("   Main PID: " + unit.pid() + "\n     CGroup: /system.slice/"
                        + unit.file().name() + "\n             └─" + unit.pid() + " "
                        + unit.file().execStart());
            }
            List<Journal.Entry> entries =
                    call.machine().journal().entries(unit.file().name());
            call.line("");
            for (Journal.Entry entry : entries.subList(Math.max(0, entries.size() - 10), entries.size())) {
                call.line(entry.text());
            }
            if (!active && result == 0) {
                result = 3;
            }
        }
        return result;
    }

    private static int job(Call call, String verb, List<String> names) throws IOException {
        String word = verb.equals("try-restart") || verb.equals("reload-or-restart") ? "restart" : verb;
        if (call.uid() != 0) {
            for (String name : names) {
                call.err("Failed to " + word + " " + Units.full(name)
                        + ": Access denied\nSee system logs and 'systemctl status " + Units.full(name)
                        + "' for details.");
            }
            return 4;
        }
        var known = new ArrayList<String>();
        int result = 0;
        for (String name : names) {
            if (call.machine().units().find(name) == null) {
                call.err("Failed to " + word + " " + Units.full(name) + ": Unit " + Units.full(name)
                        + (word.equals("stop") ? " not loaded." : " not found."));
                result = 5;
            } else {
                known.add(Units.full(name));
            }
        }
        if (result != 0 && !word.equals("stop")) {
            return result; // one unknown unit, and none is started
        }
        Units units = call.machine().units();
        if (!word.equals("start")) {
            units.stop(call.process(), known);
        }
        if (!word.equals("stop")) {
            for (String failed : units.start(call.process(), known)) {
                call.err("Job for " + failed
                        + " failed because the control process exited with error code.\nSee \"systemctl status "
                        + failed + "\" and \"journalctl -xeu " + failed + "\" for details.");
                result = 1;
            }
        }
        return result;
    }

    private static int kill(Call call, @Nullable String signal, List<String> names) throws IOException {
        if (!privileged(call, "kill unit")) {
            return 1;
        }
        boolean now = signal != null && Signals.number(signal) == HostProcess.SIGKILL;
        int result = 0;
        for (String name : names) {
            if (call.machine().units().find(name) == null) {
                call.err("Failed to kill unit " + Units.full(name) + ": Unit " + Units.full(name) + " not loaded.");
                result = 1;
            } else if (now) {
                call.machine().units().killMain(call.process(), name);
            } else {
                call.machine().units().stop(call.process(), List.of(Units.full(name)));
            }
        }
        return result;
    }

    private static int enable(Call call, String verb, List<String> names, Options options) throws IOException {
        if (!privileged(call, verb + " unit")) {
            return 1;
        }
        for (String name : names) {
            if (call.machine().units().find(name) == null) {
                call.err("Failed to " + verb + " unit: Unit file " + Units.full(name) + " does not exist.");
                return 1;
            }
            call.machine().units().enable(name, verb.equals("enable"));
        }
        return options.has("now") ? job(call, verb.equals("enable") ? "start" : "stop", names) : 0;
    }

    private static int cat(Call call, List<String> names) throws IOException {
        for (String name : names) {
            Unit unit = call.machine().units().find(name);
            if (unit == null) {
                call.err("No files found for " + Units.full(name) + ".");
                return 1;
            }
            call.line("# " + unit.file().path());
            call.out(call.files().text(unit.file().path()));
        }
        return 0;
    }

    private static boolean wanted(Unit unit, List<String> patterns) {
        return patterns.isEmpty()
                || patterns.stream()
                        .anyMatch(
                                p -> Pattern.matches(Units.full(p), unit.file().name())
                                        || Pattern.matches(p, unit.file().name()));
    }

    private static int listUnitFiles(Call call, Options options, List<String> patterns) throws IOException {
        List<Unit> units = call.machine().units().all().stream()
                .filter(u -> wanted(u, patterns))
                .toList();
        int width = Math.max(
                9, units.stream().mapToInt(u -> u.file().name().length()).max().orElse(9));
        if (!options.has("no-legend")) {
            call.line(String.format(
                    Locale.ROOT, "%-" + width + "s %-" + (units.isEmpty() ? 5 : 8) + "sPRESET", "UNIT FILE", "STATE"));
        }
        for (Unit unit : units) {
            call.line(String.format(
                    Locale.ROOT,
                    "%-" + width + "s %-7s enabled",
                    unit.file().name(),
                    unit.enabled() ? "enabled" : "disabled"));
        }
        if (!options.has("no-legend")) {
            call.line("\n" + units.size() + " unit files listed.");
        }
        return units.isEmpty() && !patterns.isEmpty() ? 1 : 0;
    }

    private static int listUnits(Call call, Options options, List<String> patterns) throws IOException {
        String state = options.value("state");
        List<Unit> units = call.machine().units().all().stream()
                .filter(u -> wanted(u, patterns))
                .filter(u -> options.has("a", "all") || u.active() != Unit.Active.INACTIVE)
                .filter(u -> !options.has("failed") || u.active() == Unit.Active.FAILED)
                .filter(u -> state == null
                        || List.of(state.split(",")).stream()
                                .anyMatch(s -> s.equals(u.active().word())
                                        || s.equals(u.active().sub())))
                .toList();
        int width = Math.max(
                4, units.stream().mapToInt(u -> u.file().name().length()).max().orElse(4));
        boolean plain = options.has("plain");
        if (!options.has("no-legend")) {
            call.line(String.format(
                    Locale.ROOT, "%s%-" + width + "s LOAD   ACTIVE   SUB     DESCRIPTION", plain ? "" : "  ", "UNIT"));
        }
        for (Unit unit : units) {
            call.line(String.format(
                    Locale.ROOT,
                    "%s%-" + width + "s loaded %-6s %-7s %s",
                    plain ? "" : unit.active() == Unit.Active.FAILED ? "● " : "  ",
                    unit.file().name(),
                    unit.active().word(),
                    unit.active().sub(),
                    unit.description()));
        }
        if (!options.has("no-legend")) {
            call.line("\n" + units.size() + " loaded units listed.");
        }
        return 0;
    }
}
