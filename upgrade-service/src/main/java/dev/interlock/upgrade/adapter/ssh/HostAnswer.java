package dev.interlock.upgrade.adapter.ssh;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a script's {@code @@} lines said; see {@code upgrade/scripts/common.sh}. Lines of any other shape are the tools' own words. */
final class HostAnswer {
    private static final Pattern TIMESTAMP = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d) UTC");

    private final Map<String, String> words = new HashMap<>();
    private final Map<String, Double> phases = new LinkedHashMap<>();
    private final List<Installed> packages = new ArrayList<>();
    private final Map<String, Map<String, String>> units = new LinkedHashMap<>();
    private final Map<String, String> urls = new TreeMap<>();
    private final Map<String, List<String>> blocks = new HashMap<>();
    private final StringBuilder said = new StringBuilder();
    private @Nullable Long freeKibibytes;

    /** @param at when rpm installed it, by the host's clock */
    record Installed(String name, String version, String release, Instant at) {}

    private HostAnswer() {}

    static HostAnswer of(String out) {
        var answer = new HostAnswer();
        answer.read(out);
        return answer;
    }

    private void read(String out) {
        String phase = null;
        double since = 0;
        String block = "";
        var properties = new HashMap<String, String>();
        for (String line : out.split("\n", -1)) {
            String[] parts = line.split(" ", 3);
            switch (parts[0]) {
                case "@@at" -> {
                    double now = number(parts.length > 2 ? parts[2] : "");
                    if (phase != null) {
                        phases.merge(phase, Math.max(0, now - since), Double::sum);
                    }
                    phase = parts.length > 1 ? parts[1] : "";
                    since = now;
                    block = "";
                }
                case "@@pkg" -> installed(line);
                case "@@df" -> free(line);
                case "@@units" -> block = "units";
                case "@@out" -> block = "out";
                case "@@block" -> {
                    block = line;
                    blocks.put(line.substring("@@block ".length()), new ArrayList<>());
                }
                case "@@url" -> {
                    block = "url " + (parts.length > 1 ? parts[1] : "");
                    urls.put(block.substring(4), "");
                }
                case "@@end" -> {
                    unit(properties);
                    block = "";
                }
                default -> {
                    if (line.startsWith("@@")) {
                        words.put(
                                parts[0].substring(2),
                                line.substring(parts[0].length()).strip());
                    } else if (block.equals("units")) {
                        if (line.isEmpty()) {
                            unit(properties);
                        } else {
                            int equals = line.indexOf('=');
                            properties.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
                        }
                    } else if (block.startsWith("@@block ")) {
                        blocks.computeIfAbsent(block.substring("@@block ".length()), n -> new ArrayList<>())
                                .add(line);
                    } else if (block.startsWith("url ")) {
                        urls.merge(block.substring(4), line, (a, b) -> (a + "\n" + b).strip());
                    } else if (!line.isBlank()) {
                        said.append(line).append('\n');
                    }
                }
            }
        }
        if ("end".equals(phase)) {
            words.put("complete", "");
        }
    }

    private void unit(Map<String, String> properties) {
        String id = properties.get("Id");
        if (id != null) {
            units.put(id.replaceAll("\\.service$", ""), Map.copyOf(properties));
        }
        properties.clear();
    }

    private void installed(String line) {
        String[] p = line.split(" ", -1);
        if (p.length == 5) {
            packages.add(new Installed(p[1], p[2], p[3], Instant.ofEpochSecond((long) number(p[4]))));
        }
    }

    private void free(String line) {
        String[] p = line.strip().split("\\s+", -1);
        if (p.length >= 5 && p[4].matches("\\d+")) {
            long free = Long.parseLong(p[4]);
            freeKibibytes = freeKibibytes == null ? free : Math.min(freeKibibytes, free);
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** The script came to its end. */
    boolean complete() {
        return words.containsKey("complete");
    }

    boolean says(String word) {
        return words.containsKey(word);
    }

    Optional<String> word(String word) {
        return Optional.ofNullable(words.get(word));
    }

    Map<String, Double> phases() {
        return phases;
    }

    List<Installed> packages() {
        return packages;
    }

    Map<String, String> unit(String name) {
        return units.getOrDefault(name, Map.of());
    }

    Set<String> units() {
        return units.keySet();
    }

    boolean active(String unit) {
        return unit(unit).getOrDefault("ActiveState", "").equals("active");
    }

    boolean stopped(String unit) {
        return switch (unit(unit).getOrDefault("ActiveState", "")) {
            case "inactive", "failed" -> true;
            default -> false;
        };
    }

    /** When its main process was started. */
    Optional<Instant> startedAt(String unit) {
        Matcher m = TIMESTAMP.matcher(unit(unit).getOrDefault("ExecMainStartTimestamp", ""));
        if (!m.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(m.group(1) + "T" + m.group(2) + "Z"));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** The lines that some tool of the host said under this name. */
    List<String> block(String name) {
        return blocks.getOrDefault(name, List.of());
    }

    String text(String block) {
        return String.join("\n", block(block));
    }

    Map<String, String> urls() {
        return urls;
    }

    Optional<Long> freeKibibytes() {
        return Optional.ofNullable(freeKibibytes);
    }

    /** The tools' own words. */
    String said() {
        return said.toString();
    }
}
