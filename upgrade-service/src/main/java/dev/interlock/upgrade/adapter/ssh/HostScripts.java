package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.UmsAction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Turns a step into the one POSIX sh script that observes, acts and verifies on the host. The pages are in {@code
 * upgrade/scripts}; a name in {@code @} signs is filled in here.
 */
final class HostScripts {
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9@_.:-]{1,100}");
    static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9._+*-]{1,100}");
    static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._+~^-]{1,60}");
    static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9./:_?=&%-]{1,200}");
    private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");

    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final String jobs;

    /** @param jobs the folder on the host in which claims are made */
    HostScripts(String jobs) {
        if (!jobs.matches("/[A-Za-z0-9/._-]+")) {
            throw new IllegalArgumentException("interlock.upgrade.jobs-dir must be a plain absolute path, not " + jobs);
        }
        this.jobs = jobs;
    }

    /**
     * @param lookFirst this attempt, or one before it, may have changed the host already
     * @param left until the step's deadline
     */
    String script(StepOrder order, boolean lookFirst, Duration left) {
        var places = new HashMap<String, String>();
        places.put("JOBS", jobs);
        places.put("CLAIM", order.claim());
        places.put("PATIENCE", Long.toString(Math.max(1, left.toSeconds())));
        String text = switch (order.step().action()) {
            case Action.CheckHost check -> {
                units(places, check.units());
                places.put("NAMES", quoted(check.packages().keySet()));
                places.put("PATTERNS", quoted(check.patterns()));
                places.put("LOCKWAIT", seconds(check.lockWait()));
                yield fill("common", places) + fill("lock", places) + fill("check-host", places);
            }
            case Action.StopServices stop -> {
                units(places, stop.units());
                places.put("NAMES", "");
                places.put("WORK", work("main() {\n  systemctl stop " + places.get("UNITS") + "\n}\n"));
                yield fill("common", places) + fill("stop-services", places);
            }
            case Action.UpgradePackages upgrade -> {
                units(places, upgrade.units());
                places.put("NAMES", quoted(upgrade.packages().keySet()));
                places.put("LOCKWAIT", seconds(upgrade.lockWait()));
                places.put("LOOKFIRST", lookFirst ? "1" : "");
                places.put("EARLIER", earlier(order));
                places.put("WANTED", wanted(upgrade.packages()));
                places.put("WORK", packageWork(places, lookFirst, "upgrade " + specs(upgrade.packages())));
                yield fill("common", places) + fill("upgrade-packages", places);
            }
            case Action.StartServices start -> {
                units(places, start.units());
                places.put("NAMES", quoted(start.packages().keySet()));
                places.put("COUNT", Integer.toString(start.units().size()));
                places.put("SETTLE", seconds(start.settle()));
                places.put("LOCKWAIT", "30");
                places.put("REPAIR", order.attempt() > 1 ? "1" : "");
                places.put("WORK", work("main() {\n  systemctl start " + places.get("UNITS") + "\n}\n"));
                places.put("REBUILD", packageWork(places, false, "distro-sync " + specs(start.packages())));
                places.put(
                        "JOURNAL",
                        start.units().stream().map(u -> "-u " + u + ".service").collect(Collectors.joining(" ")));
                yield fill("common", places) + fill("start-services", places);
            }
            case Action.ProveVersion prove -> {
                units(places, prove.units());
                places.put("NAMES", quoted(prove.packages().keySet()));
                places.put("PATTERNS", quoted(prove.patterns()));
                places.put("URLS", urls(prove.versionUrls()));
                yield fill("common", places) + fill("prove-version", places);
            }
            case UmsAction ums -> new UmsScripts(this).script(order, ums, places);
            case LicenseServerAction licenseServer ->
                new LicenseServerScripts(this).of(licenseServer, order, places, lookFirst);
            case Gate gate -> throw new IllegalArgumentException("a gate is for people, not for a host");
        };
        return order.host().user().equals("root") ? text : "exec sudo -n sh -c " + quote(text);
    }

    static void units(Map<String, String> places, List<String> units) {
        places.put(
                "UNITS", units.stream().map(u -> checked(UNIT, u) + ".service").collect(Collectors.joining(" ")));
    }

    /** What runs under a claim, quoted for the shell that starts it. */
    String work(String main) {
        return quote(main + page("work"));
    }

    String packageWork(Map<String, String> places, boolean repair, String command) {
        String duplicates = """
                DOUBLE=$(rpm -q --qf '%{NAME}\\n' @NAMES@ | sort | uniq -d)
                if [ -n "$DOUBLE" ]; then
                  pm remove --duplicates || return $?
                fi
                """;
        String main = page("lock") + page("package-manager") + "main() {\n" + (repair ? duplicates : "") + "  pm "
                + command + "\n}\n";
        return quote(filled(main, places) + page("work"));
    }

    static String earlier(StepOrder order) {
        return IntStream.range(1, order.attempt()).mapToObj(order::claim).collect(Collectors.joining(" "));
    }

    /** Exactly the release that was approved, whatever else the repository offers meanwhile. */
    static String specs(Map<String, String> packages) {
        return packages.entrySet().stream()
                .map(e -> quote(checked(PACKAGE, e.getKey()) + "-" + checked(VERSION, e.getValue())))
                .collect(Collectors.joining(" "));
    }

    private static String wanted(Map<String, String> packages) {
        return packages.entrySet().stream()
                .map(e -> checked(PACKAGE, e.getKey()) + " " + checked(VERSION, e.getValue()))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String urls(Map<String, String> urls) {
        return urls.entrySet().stream()
                .map(e -> "echo '@@url " + checked(UNIT, e.getKey()) + "'\ncurl -s -m 3 "
                        + quote(checked(URL, e.getValue())) + "\necho\n")
                .collect(Collectors.joining());
    }

    static String quoted(Collection<String> names) {
        return names.stream().map(n -> quote(checked(PACKAGE, n))).collect(Collectors.joining(" "));
    }

    static String seconds(Duration d) {
        return d.toMillis() % 1000 == 0 ? Long.toString(d.toSeconds()) : Double.toString(d.toMillis() / 1000.0);
    }

    /** Nothing gets into a script that a shell could read as anything but a name. */
    static String checked(Pattern shape, String text) {
        if (!shape.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' may not be part of a script");
        }
        return text;
    }

    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    String fill(String page, Map<String, String> places) {
        return filled(page(page), places);
    }

    private static String filled(String text, Map<String, String> places) {
        return PLACE.matcher(text).replaceAll(match -> {
            String value = places.get(match.group(1));
            if (value == null) {
                throw new IllegalStateException("nothing for " + match.group());
            }
            return java.util.regex.Matcher.quoteReplacement(value);
        });
    }

    /** A page without its comments and empty lines: they are for readers, not for the wire. */
    private String page(String name) {
        return pages.computeIfAbsent(name, n -> {
            try (InputStream in = HostScripts.class.getResourceAsStream("/upgrade/scripts/" + n + ".sh")) {
                if (in == null) {
                    throw new IllegalStateException("no script " + n);
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                                .lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                                .collect(Collectors.joining("\n"))
                        + "\n";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
