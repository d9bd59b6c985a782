package dev.interlock.dashboards;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Metrics by name, as docs/metrics.md tells them and as a service exposes them. */
record MetricsPage(Map<String, Metric> metrics) {
    private static final List<String> SERVICES =
            List.of("inventory-service", "license-service", "upgrade-service", "agent-monitor");
    private static final Set<String> EVERYWHERE = Set.of("service", "le");
    private static final Pattern NAMED = Pattern.compile("`([a-z_]+)`");
    private static final Pattern TYPED = Pattern.compile("# TYPE (interlock_[a-z_]+) ([a-z]+)");
    private static final Pattern SAMPLE = Pattern.compile("(interlock_[a-z_]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    /** One that Interlock has; of its labels not those that all have, or all histograms. */
    record Metric(String type, Set<String> labels, Set<String> services) {}

    static MetricsPage read(Path page) throws IOException {
        var metrics = new TreeMap<String, Metric>();
        Set<String> services = Set.of();
        for (var line : Files.readAllLines(page)) {
            if (line.startsWith("## ")) {
                var title = line;
                services = line.startsWith("## All services")
                        ? new TreeSet<>(SERVICES)
                        : Stream.concat(SERVICES.stream(), Stream.of("edge"))
                                .filter(title::contains)
                                .collect(toCollection(TreeSet::new));
            }
            if (line.startsWith("| `interlock_")) {
                var cells = line.split("\\|", -1);
                var name = cells[1].strip().replace("`", "");
                // the words of the last label stand behind a colon
                var labels = named(cells[3].split(":", -1)[0]);
                var type = cells[2].replace("⛁", "").strip();
                if (metrics.put(name, new Metric(type, labels, services)) != null) {
                    throw new IllegalArgumentException(page + " has " + name + " twice");
                }
            }
        }
        return new MetricsPage(metrics);
    }

    private static Set<String> named(String cell) {
        return NAMED.matcher(cell)
                .results()
                .map(found -> found.group(1))
                .filter(label -> !EVERYWHERE.contains(label))
                .collect(toCollection(TreeSet::new));
    }

    /** What these services answered, by service. */
    static MetricsPage exposed(Map<String, String> answers) {
        var metrics = new TreeMap<String, Metric>();
        answers.forEach((service, text) -> {
            var types = new TreeMap<String, String>();
            TYPED.matcher(text).results().forEach(found -> types.put(found.group(1), found.group(2)));
            text.lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
                var name = family(sample.group(1), types);
                var metric = metrics.computeIfAbsent(
                        name, n -> new Metric(String.valueOf(types.get(n)), new TreeSet<>(), new TreeSet<>()));
                metric.services().add(service);
                if (sample.group(2) != null) {
                    LABEL.matcher(sample.group(2))
                            .results()
                            .map(label -> label.group(1))
                            .filter(label -> !EVERYWHERE.contains(label))
                            .forEach(metric.labels()::add);
                }
            });
        });
        return new MetricsPage(metrics);
    }

    /** A histogram's or summary's samples, and Micrometer's greatest value beside it, are one metric. */
    private static String family(String sample, Map<String, String> types) {
        for (var suffix : List.of("_bucket", "_count", "_sum", "_max")) {
            if (sample.endsWith(suffix)) {
                var base = sample.substring(0, sample.length() - suffix.length());
                if (Set.of("histogram", "summary").contains(types.getOrDefault(base, ""))) {
                    return base;
                }
            }
        }
        return sample;
    }
}
