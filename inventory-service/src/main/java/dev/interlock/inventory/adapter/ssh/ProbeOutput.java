package dev.interlock.inventory.adapter.ssh;

import dev.interlock.inventory.domain.ClockReading;
import dev.interlock.inventory.domain.Facts;
import dev.interlock.inventory.domain.Facts.OperatingSystem;
import dev.interlock.inventory.domain.Gauges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what {@code probe.sh} and {@code updates.sh} print. Text before the first mark (banners, profiles) is skipped. */
final class ProbeOutput {

    /** The host answered something else than the script prints. The message is fit for an operator. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    private static final String BEGIN = "@@interlock-probe 1";
    private static final String END = "@@end";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,11})(?:\\.(\\d{1,9}))?.*");
    /** Ports from here on are given out for a short time; below, somebody chose them. */
    private static final int FIRST_EPHEMERAL = 32768;
    /** Chosen ports beyond: the message broker of UMS. */
    private static final List<Integer> CHOSEN = List.of(61616);

    private final Map<String, List<String>> parts = new LinkedHashMap<>();
    private final Map<String, String> marks = new LinkedHashMap<>();

    private ProbeOutput() {}

    static ProbeOutput parse(String out) throws Unreadable {
        var output = new ProbeOutput();
        List<String> part = null;
        boolean begun = false;
        boolean ended = false;
        for (var raw : out.split("\n", -1)) {
            var line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (!begun) {
                begun = line.equals(BEGIN);
            } else if (line.equals(END)) {
                ended = true;
                break;
            } else if (line.startsWith("@@")) {
                int blank = line.indexOf(' ');
                if (blank > 0) {
                    output.marks.put(line.substring(2, blank), line.substring(blank + 1));
                    part = null;
                } else {
                    part = new ArrayList<>();
                    output.parts.put(line.substring(2), part);
                }
            } else if (part != null && !line.isEmpty()) {
                part.add(line);
            } else if (part != null) {
                part.add("");
            }
        }
        if (!begun) {
            throw new Unreadable("the account's shell does not run the probe; it answered " + quoted(out));
        }
        if (!ended) {
            throw new Unreadable("the answer to the probe broke off after " + out.length() + " characters");
        }
        return output;
    }

    private static String quoted(String out) {
        var text = out.strip().replaceAll("[^\\x20-\\x7e]+", " ");
        return text.isEmpty() ? "nothing" : '"' + (text.length() <= 120 ? text : text.substring(0, 120) + "…") + '"';
    }

    Facts facts() throws Unreadable {
        var kernel = part("kernel");
        if (kernel.isEmpty() && part("os").isEmpty()) {
            throw new Unreadable("the probe ran but found neither an operating system nor a kernel version");
        }
        return new Facts(
                os(),
                kernel.isEmpty() ? "" : kernel.get(0).strip(),
                kernel.size() < 2 ? "" : kernel.get(1).strip(),
                packages(),
                units(),
                ports(),
                part("cores").stream()
                        .map(String::strip)
                        .filter(line -> line.matches("\\d{1,6}"))
                        .map(Integer::valueOf)
                        .findFirst()
                        .orElse(null),
                memory("MemTotal:", 1),
                kernel.size() < 3 || kernel.get(2).isBlank()
                        ? null
                        : kernel.get(2).strip());
    }

    Gauges gauges(Instant sent, Instant answered) throws Unreadable {
        return new Gauges(clock(sent, answered), freeDisk(), memory("MemAvailable:", 6));
    }

    private ClockReading clock(Instant sent, Instant answered) throws Unreadable {
        var first = EPOCH.matcher(marks.getOrDefault("clock", ""));
        var last = EPOCH.matcher(marks.getOrDefault("clock-end", ""));
        if (!first.matches() || !last.matches()) {
            throw new Unreadable("the host's date command does not tell seconds: '" + marks.get("clock") + "'");
        }
        var resolution = first.group(2) == null || last.group(2) == null
                ? Duration.ofSeconds(1)
                : Duration.ofNanos((long) Math.pow(10, 9 - first.group(2).length()));
        return ClockReading.between(
                sent,
                instant(first.group(1), first.group(2)),
                instant(last.group(1), last.group(2)),
                answered,
                resolution);
    }

    private static Instant instant(String seconds, @Nullable String fraction) {
        long nanos = fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
        return Instant.ofEpochSecond(Long.parseLong(seconds), nanos);
    }

    private @Nullable OperatingSystem os() {
        var fields = new TreeMap<String, String>();
        for (var line : part("os")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(
                        line.substring(0, equals).strip(),
                        unquoted(line.substring(equals + 1).strip()));
            }
        }
        var name = fields.getOrDefault("NAME", fields.get("ID"));
        return name == null ? null : new OperatingSystem(name, fields.getOrDefault("VERSION_ID", ""));
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && "\"'".indexOf(value.charAt(0)) >= 0 && value.endsWith(value.substring(0, 1))
                ? value.substring(1, value.length() - 1)
                : value;
    }

    private SortedMap<String, String> packages() {
        var packages = new TreeMap<String, TreeSet<String>>();
        for (var line : part("rpm")) {
            var words = line.strip().split("\\s+");
            if (words.length >= 2) {
                packages.computeIfAbsent(words[0], name -> new TreeSet<>()).add(upstream(words[1]));
            }
        }
        for (var line : part("dpkg")) {
            var words = line.strip().split("\\s+");
            if (words.length >= 3) {
                packages.computeIfAbsent(words[1], name -> new TreeSet<>()).add(upstream(words[2]));
            }
        }
        for (var line : part("ums")) {
            // where the installer brought no package
            if (!packages.containsKey("igel-ums") && line.strip().matches("\\d[\\w.-]{0,40}")) {
                packages.computeIfAbsent("igel-ums", name -> new TreeSet<>()).add(line.strip());
            }
        }
        var joined = new TreeMap<String, String>();
        packages.forEach((name, versions) -> joined.put(name, String.join(", ", versions)));
        return joined;
    }

    /** The maker's version: without Debian's epoch and without what the packager added. */
    private static String upstream(String version) {
        var withoutEpoch = version.replaceFirst("^\\d+:", "");
        int dash = withoutEpoch.lastIndexOf('-');
        return dash > 0 ? withoutEpoch.substring(0, dash) : withoutEpoch;
    }

    private SortedMap<String, String> units() {
        var units = new TreeMap<String, String>();
        var block = new TreeMap<String, String>();
        for (var line : part("units")) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                take(block, units);
                block.clear();
            } else {
                if (line.startsWith("Id=") && block.containsKey("Id")) {
                    take(block, units);
                    block.clear();
                }
                block.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        take(block, units);
        return units;
    }

    /** States on the way somewhere count as where they come from or go to, or each probe in a restart would be news. */
    private static void take(Map<String, String> block, Map<String, String> units) {
        var id = block.get("Id");
        var active = block.get("ActiveState");
        if (id == null || active == null || "not-found".equals(block.get("LoadState"))) {
            return;
        }
        units.put(
                id.replaceFirst("\\.service$", ""),
                switch (active) {
                    case "reloading", "refreshing" -> "active";
                    default -> active;
                });
    }

    private SortedSet<Integer> ports() {
        var ports = new TreeSet<Integer>();
        for (var line : part("ports")) {
            var words = line.strip().split("\\s+");
            if (words.length >= 4 && words[0].equals("LISTEN")) {
                add(ports, words[3].substring(words[3].lastIndexOf(':') + 1), 10);
            } else if (words.length >= 4 && words[3].equals("0A")) {
                add(ports, words[1].substring(words[1].lastIndexOf(':') + 1), 16);
            }
        }
        return ports;
    }

    private static void add(SortedSet<Integer> ports, String text, int radix) {
        if (text.matches(radix == 16 ? "[0-9A-Fa-f]{1,4}" : "\\d{1,5}")) {
            int port = Integer.parseInt(text, radix);
            if (port < FIRST_EPHEMERAL || CHOSEN.contains(port)) {
                ports.add(port);
            }
        }
    }

    /** From {@code /proc/meminfo}, else from the column of {@code free}'s line. Both are in KiB. */
    private @Nullable Long memory(String field, int column) {
        for (var line : part("memory")) {
            var words = line.strip().split("\\s+");
            int at = words[0].equals(field) ? 1 : words[0].equals("Mem:") ? column : -1;
            if (at > 0 && words.length > at && NUMBER.matcher(words[at]).matches()) {
                return Long.parseLong(words[at]) * 1024;
            }
        }
        return null;
    }

    private @Nullable Long freeDisk() {
        for (var line : part("disk")) {
            var words = line.strip().split("\\s+");
            if (words.length >= 6 && NUMBER.matcher(words[3]).matches()) {
                return Long.parseLong(words[3]) * 1024;
            }
        }
        return null;
    }

    private List<String> part(String name) {
        return parts.getOrDefault(name, List.of());
    }

    /**
     * Pending updates by package, as {@code dnf list updates} or {@code yum list updates} print them: three columns, which wrap
     * where a name is long.
     *
     * @return null if the tool could not tell, or is not there
     */
    static @Nullable SortedMap<String, String> updates(String out) {
        int begin = out.indexOf("@@updates");
        int end = out.lastIndexOf("@@exit ");
        if (begin < 0 || end < begin) {
            return null;
        }
        var text = out.substring(begin + "@@updates".length(), end);
        var updates = new TreeMap<String, String>();
        if (!out.startsWith("@@exit 0", end)) {
            return text.contains("No matching Packages") || text.isBlank() ? updates : null;
        }
        var words = new ArrayList<String>();
        boolean listed = false;
        for (var line : text.split("\n", -1)) {
            if (line.matches("(Available Upgrades|Updated Packages|Upgraded Packages|Available Updates)\\s*")) {
                listed = true;
            } else if (listed) {
                words.addAll(List.of(line.strip().split("\\s+")));
            }
        }
        words.removeIf(String::isEmpty);
        for (int i = 0; i + 2 < words.size(); i += 3) {
            int dot = words.get(i).lastIndexOf('.');
            updates.put(dot > 0 ? words.get(i).substring(0, dot) : words.get(i), upstream(words.get(i + 1)));
        }
        return updates;
    }
}
