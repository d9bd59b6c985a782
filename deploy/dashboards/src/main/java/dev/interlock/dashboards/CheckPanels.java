package dev.interlock.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.embedded.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@code deploy/grafana/check}: does every panel of every dashboard show something? */
public final class CheckPanels {
    private static final String USAGE = """
            usage: deploy/grafana/check [--prometheus URL] [--state FILE] [--patience SECONDS]

            Asks a Prometheus every query of every dashboard in deploy/grafana/dashboards and prints how many series
            each panel has. Exit code 1 if one has none.

              --prometheus URL    yours, which scrapes Interlock. Without it one is started (Debian: apt install
                                  prometheus) that scrapes the Interlock of --state
              --state FILE        state.json of ./interlock up or demo (default: of the demo, .interlock/demo/state.json);
                                  it is waited for, so the check can be started before the demo
              --patience SECONDS  how long a panel may take to get a number (default 60)""";

    /** What a panel or a variable has got so far. */
    record Found(String dashboard, String what, int series, boolean number) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private @Nullable URI prometheus;
    private Path state;
    private long patienceSeconds = 60;

    private CheckPanels(Path root) {
        this.root = root;
        this.state = root.resolve(".interlock/demo/state.json");
    }

    public static void main(String... arguments) {
        var check = new CheckPanels(Path.of(System.getProperty("interlock.root", "."))
                .toAbsolutePath()
                .normalize());
        try {
            System.exit(check.run(new ArrayDeque<>(List.of(arguments))));
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            System.err.println("check: " + e.getMessage());
            System.exit(2);
        }
    }

    private int run(ArrayDeque<String> left) {
        while (!left.isEmpty()) {
            var option = left.pop();
            if (option.equals("--help") || option.equals("-h")) {
                System.out.println(USAGE);
                return 0;
            }
            if (left.isEmpty()
                    || !List.of("--prometheus", "--state", "--patience").contains(option)) {
                throw new IllegalArgumentException("'" + option + "' is not understood.\n" + USAGE);
            }
            switch (option) {
                case "--prometheus" -> prometheus = URI.create(left.pop());
                case "--state" -> state = Path.of(left.pop()).toAbsolutePath();
                default -> patienceSeconds = Long.parseLong(left.pop());
            }
        }
        var yours = prometheus;
        if (yours != null) {
            return report(new Prometheus(yours));
        }
        if (!OwnPrometheus.isThere()) {
            throw new IllegalStateException(OwnPrometheus.MISSING + ", or give the address of yours: --prometheus URL");
        }
        var running = awaitState();
        var targets = new ArrayList<String>();
        running.path("instances")
                .forEach(address -> targets.add(address.asText().replaceFirst("^https?://", "")));
        var tokens = running.path("tokens");
        var token = state.resolveSibling(
                tokens.path(tokens.has("viewer") ? "viewer" : "admin").asText());
        Path folder = temporary();
        try (var own = OwnPrometheus.start(root, folder, targets, token)) {
            own.awaitTargets(targets.size());
            return report(own.api());
        } finally {
            Folders.delete(folder);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("interlock-check");
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder can be made", e);
        }
    }

    private JsonNode awaitState() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        while (true) {
            try {
                var known = JSON.readTree(state.toFile());
                if (known.path("status").asText().equals("ready")) {
                    return known;
                }
            } catch (IOException notYet) {
                // it is being made
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Nothing runs according to " + state
                        + ". Start ./interlock demo --keep, or name another file with --state.");
            }
            OwnPrometheus.pause(500);
        }
    }

    private int report(Prometheus asked) {
        var found = ask(asked, Dashboard.all(root.resolve("deploy/grafana/dashboards")), patienceSeconds);
        var dashboard = "";
        int empty = 0;
        for (var one : found) {
            if (!one.dashboard().equals(dashboard)) {
                dashboard = one.dashboard();
                System.out.println(dashboard);
            }
            System.out.printf(
                    "  %-42s %s%n",
                    one.what(),
                    one.series() == 0
                            ? "EMPTY"
                            : one.series() + " series" + (one.number() ? "" : ", without a number"));
            empty += one.series() == 0 ? 1 : 0;
        }
        System.out.println(
                found.size() + " panels and variables, " + (empty == 0 ? "all with data" : empty + " of them empty"));
        return empty == 0 ? 0 : 1;
    }

    /**
     * Asks again and again until each has had a number at some time, or time is over. A panel has as many series as all its
     * queries together, and none if one of them has none.
     */
    static List<Found> ask(Prometheus prometheus, List<Dashboard> dashboards, long seconds) {
        Map<String, Found> found = new LinkedHashMap<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            dashboards.forEach(dashboard -> each(prometheus, dashboard, (what, result) -> {
                var key = dashboard.title() + "\n" + what;
                var before = found.get(key);
                if (before == null || better(result, before)) {
                    found.put(key, new Found(dashboard.title(), what, result.series(), result.numbers() > 0));
                }
            }));
            if (found.values().stream().allMatch(Found::number) || System.nanoTime() > deadline) {
                return List.copyOf(found.values());
            }
            OwnPrometheus.pause(1000);
        }
    }

    private static boolean better(Prometheus.Result now, Found before) {
        return now.numbers() > 0
                ? !before.number() || now.series() > before.series()
                : !before.number() && now.series() > before.series();
    }

    private static void each(
            Prometheus prometheus, Dashboard dashboard, BiConsumer<String, Prometheus.Result> consumer) {
        for (var variable : dashboard.variables()) {
            int values =
                    prometheus.labelValues(variable.series(), variable.label()).size();
            consumer.accept("$" + variable.name(), new Prometheus.Result(values, values));
        }
        for (var panel : dashboard.panels()) {
            int series = 0;
            int numbers = 0;
            boolean allThere = true;
            for (var query : panel.queries()) {
                var result = prometheus.query(query);
                allThere &= !result.isEmpty();
                series += result.series();
                numbers += result.numbers();
            }
            consumer.accept(
                    panel.title(), allThere ? new Prometheus.Result(series, numbers) : new Prometheus.Result(0, 0));
        }
    }
}
