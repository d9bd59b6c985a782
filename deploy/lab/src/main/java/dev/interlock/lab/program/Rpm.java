package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Packages.Installed;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.shell.Escapes;
import dev.interlock.lab.shell.Pattern;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** rpm 4.18's queries and {@code -V}. */
final class Rpm implements Program {
    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of(
                        "q",
                        "a",
                        "l",
                        "c",
                        "f",
                        "i",
                        "V",
                        "query",
                        "all",
                        "list",
                        "configfiles",
                        "file",
                        "info",
                        "verify",
                        "version",
                        "nosignature",
                        "nodigest",
                        "p",
                        "package",
                        "quiet",
                        "last"),
                Set.of("qf", "queryformat"));
        if (options.has("version")) {
            call.line("RPM version 4.18.0");
            return 0;
        }
        if (options.unknown() != null) {
            call.err("rpm: " + options.unknown() + ": unknown option");
            return 1;
        }
        if (options.has("V", "verify")) {
            return verify(call, options);
        }
        if (!options.has("q", "query")) {
            call.err("rpm: no operation that this host knows");
            return 1;
        }
        List<Installed> all = call.machine().packages().installed();
        var found = new ArrayList<Installed>();
        int status = 0;
        if (options.has("a", "all")) {
            all.stream()
                    .filter(i -> options.rest().isEmpty()
                            || options.rest().stream()
                                    .anyMatch(p -> Pattern.matches(p, i.pkg().name())
                                            || Pattern.matches(p, i.pkg().nevra())))
                    .forEach(found::add);
        } else if (options.rest().isEmpty()) {
            call.err("rpm: no arguments given for query");
            return 1;
        }
        for (String argument : options.has("a", "all") ? List.<String>of() : options.rest()) {
            List<Installed> hits = options.has("p", "package")
                    ? file(call, argument)
                    : options.has("f", "file") ? owners(all, call.path(argument)) : named(all, argument);
            if (!hits.isEmpty()) {
                for (Installed hit : hits) {
                    print(call, options, hit);
                }
                continue;
            }
            status++;
            if (options.has("p", "package")) {
                call.err(
                        call.files().exists(call.path(argument))
                                ? "error: " + argument + ": not an rpm package (or package manifest)"
                                : "error: open of " + argument + " failed: No such file or directory");
            } else if (!options.has("f", "file")) {
                call.line("package " + argument + " is not installed");
            } else if (call.files().exists(call.path(argument))) {
                call.line("file " + argument + " is not owned by any package");
            } else {
                call.err("error: file " + argument + ": No such file or directory");
            }
        }
        for (Installed installed : found) {
            print(call, options, installed);
        }
        return status;
    }

    private static List<Installed> file(Call call, String argument) {
        RpmPackage pkg = call.machine().packages().carried(call.path(argument));
        return pkg == null ? List.of() : List.of(new Installed(pkg, java.time.Instant.EPOCH, argument));
    }

    private static List<Installed> named(List<Installed> all, String name) {
        return all.stream()
                .filter(i -> List.of(
                                i.pkg().name(),
                                i.pkg().name() + "-" + i.pkg().version(),
                                i.pkg().name() + "-" + i.pkg().evr(),
                                i.pkg().nevra())
                        .contains(name))
                .toList();
    }

    private static List<Installed> owners(List<Installed> all, String path) {
        return all.stream()
                .filter(i -> i.pkg().files().containsKey(path)
                        || i.pkg().units().stream().anyMatch(u -> u.path().equals(path)))
                .toList();
    }

    private static void print(Call call, Options options, Installed installed) throws IOException {
        RpmPackage pkg = installed.pkg();
        String format = options.value("qf", "queryformat");
        if (options.has("quiet")) {
            return;
        }
        if (options.has("l", "list")) {
            for (String file : pkg.files().keySet()) {
                call.line(file);
            }
            for (var unit : pkg.units()) {
                call.line(unit.path());
            }
        } else if (options.has("c", "configfiles")) {
            for (var file : pkg.files().entrySet()) {
                if (file.getValue().config()) {
                    call.line(file.getKey());
                }
            }
        } else if (options.has("i", "info")) {
            call.line("Name        : " + pkg.name() + "\nVersion     : " + pkg.version() + "\nRelease     : "
                    + pkg.release() + "\nArchitecture: " + pkg.arch()
                    + "\nInstall Date: " + TimePrograms.ctime(installed.at())
                    + "\nGroup       : Unspecified\nLicense     : Proprietary\nSignature   : (none)\nSummary     : "
                    + pkg.summary() + "\nDescription :\n" + pkg.summary());
        } else if (format != null) {
            call.out(format(format, pkg, installed.at()));
        } else {
            call.line(pkg.nevra());
        }
    }

    static String format(String format, RpmPackage pkg, @Nullable Instant installedAt) {
        var out = new StringBuilder();
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i);
            if (c == '\\' && i + 1 < format.length()) {
                out.append(Escapes.printf(format.substring(i, i + 2), List.of(), new ArrayList<>()));
                i += 2;
            } else if (c == '%' && i + 1 < format.length()) {
                int open = format.indexOf('{', i);
                int close = format.indexOf('}', i);
                if (format.charAt(i + 1) == '%' || open < 0 || close < 0) {
                    out.append('%');
                    i += format.charAt(i + 1) == '%' ? 2 : 1;
                    continue;
                }
                String value = tag(format.substring(open + 1, close), pkg, installedAt);
                out.append(
                        Escapes.printf("%" + format.substring(i + 1, open) + "s", List.of(value), new ArrayList<>()));
                i = close + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private static String tag(String tag, RpmPackage pkg, @Nullable Instant installedAt) {
        return switch (tag.toUpperCase(java.util.Locale.ROOT)) {
            case "NAME" -> pkg.name();
            case "VERSION" -> pkg.version();
            case "RELEASE" -> pkg.release();
            case "ARCH" -> pkg.arch();
            case "EPOCH" -> "(none)";
            case "EPOCHNUM" -> "0";
            case "EVR" -> pkg.evr();
            case "NVR" -> pkg.name() + "-" + pkg.evr();
            case "NVRA", "NEVRA" -> pkg.nevra();
            case "SUMMARY" -> pkg.summary();
            case "VENDOR" -> "(none)";
            case "LICENSE" -> "Proprietary";
            case "INSTALLTIME" -> installedAt == null ? "(none)" : String.valueOf(installedAt.getEpochSecond());
            case "INSTALLTIME:DATE" -> installedAt == null ? "(none)" : TimePrograms.ctime(installedAt);
            default -> "(none)";
        };
    }

    private static int verify(Call call, Options options) throws IOException {
        int status = 0;
        List<Installed> all = call.machine().packages().installed();
        for (String name : options.rest()) {
            List<Installed> hits = named(all, name);
            if (hits.isEmpty()) {
                call.line("package " + name + " is not installed");
                status = 1;
            }
            for (Installed hit : hits) {
                for (var file : hit.pkg().files().entrySet()) {
                    String mark = file.getValue().config() ? "c" : " ";
                    try {
                        String now = call.files().text(file.getKey());
                        String packed = hit.pkg().text(file.getValue());
                        if (!now.equals(packed)) {
                            call.line((now.length() == packed.length() ? "." : "S") + ".5....T.  " + mark + " "
                                    + file.getKey());
                            status = 1;
                        }
                    } catch (Errno e) {
                        call.line("missing   " + mark + " " + file.getKey());
                        status = 1;
                    }
                }
            }
        }
        return status;
    }
}
