package dev.interlock.upgrade.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code pcoip-list-licenses} shows of the licenses that are there: how many of each feature and expiration. How many of them
 * are in use changes by itself and is left out.
 *
 * @param counts by {@code <feature> <expiration>}
 */
public record LicenseList(Map<String, Integer> counts) {
    private static final Pattern RULE = Pattern.compile("={10,}");
    private static final Pattern FIRST_TABLE =
            Pattern.compile("Expiration\\s*={10,}(.*?)Total number of features", Pattern.DOTALL);
    private static final int COLUMNS = 5;

    public LicenseList {
        counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
    }

    /** Reads the first table: name, count, version, type, expiration. Its lines wrap, so they are read by white space. */
    public static Optional<LicenseList> of(String printed) {
        var table = FIRST_TABLE.matcher(printed);
        if (!table.find()) {
            return Optional.empty();
        }
        String text = RULE.matcher(table.group(1)).replaceAll(" ").strip();
        String[] words = text.isEmpty() ? new String[0] : text.split("\\s+");
        if (words.length % COLUMNS != 0) {
            return Optional.empty();
        }
        var counts = new TreeMap<String, Integer>();
        for (int i = 0; i < words.length; i += COLUMNS) {
            if (!words[i + 1].matches("\\d{1,9}")) {
                return Optional.empty();
            }
            counts.merge(words[i] + " " + words[i + 4], Integer.parseInt(words[i + 1]), Integer::sum);
        }
        return Optional.of(new LicenseList(counts));
    }

    /** As one line, for a step's findings. */
    public String text() {
        return String.join(
                ";",
                counts.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList());
    }

    /** The inverse of {@link #text}. */
    public static LicenseList read(String text) {
        var counts = new TreeMap<String, Integer>();
        for (String entry : text.split(";", -1)) {
            int equals = entry.lastIndexOf('=');
            if (equals > 0) {
                counts.put(entry.substring(0, equals), Integer.parseInt(entry.substring(equals + 1)));
            }
        }
        return new LicenseList(counts);
    }

    public int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Where this list differs from the one before, count by count; empty when it does not.
     *
     * @param today by the host's own date: what expired by then is said to have expired (L18)
     */
    public List<String> differences(LicenseList before, String today) {
        var keys = new java.util.TreeSet<>(before.counts.keySet());
        keys.addAll(counts.keySet());
        var differences = new ArrayList<String>();
        for (String key : keys) {
            int was = before.counts.getOrDefault(key, 0);
            int is = counts.getOrDefault(key, 0);
            if (was != is) {
                String[] parts = key.split(" ", 2);
                boolean expired = parts[1].matches("\\d{4}-\\d\\d-\\d\\d") && parts[1].compareTo(today) < 0;
                differences.add(parts[0] + " until " + parts[1] + (expired ? ", which is over (L18)," : "") + " counts "
                        + is + ", not " + was);
            }
        }
        return differences;
    }
}
