package dev.interlock.dashboards;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/prometheus, by promtool and by reading. */
class AlertsTest {
    private static final Path ROOT = Path.of(System.getProperty("interlock.root", "../.."));
    private static final Path FOLDER = ROOT.resolve("deploy/prometheus");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile(
            "runbook_url: '\\{\\{ or \\$externalLabels\\.interlock_console \"http://localhost:8080\" }}/docs/(\\w+)\\.html#([a-z0-9-]+)'");
    private static final Pattern METRIC = Pattern.compile("interlock_[a-z_]+");

    @TempDir
    Path folder;

    private static String rules() throws IOException {
        return Files.readString(FOLDER.resolve("interlock-alerts.yml"), StandardCharsets.UTF_8);
    }

    private static Set<String> alerts() throws IOException {
        return found(ALERT, rules());
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(result.groupCount()))
                .collect(toCollection(TreeSet::new));
    }

    @Test
    void promtoolFindsNoFaultInRulesAndConfiguration() throws Exception {
        promtool("check", "rules", "interlock-alerts.yml");
        // it wants to see the token's file
        for (var file : List.of("prometheus.yml", "interlock-alerts.yml")) {
            Files.copy(FOLDER.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("interlock.token"), "token");
        promtoolIn(folder, "check", "config", "prometheus.yml");
    }

    @Test
    void everyAlertFiresAndKeepsQuietWhenItShould() throws Exception {
        promtool("test", "rules", "interlock-alerts.test.yml");
    }

    @Test
    void promtoolSeesAThresholdThatIsOff() throws Exception {
        Files.writeString(folder.resolve("interlock-alerts.yml"), rules().replace("< 4 * 3600", "< 2 * 3600"));
        Files.copy(FOLDER.resolve("interlock-alerts.test.yml"), folder.resolve("interlock-alerts.test.yml"));
        assertThat(exit(folder, "test", "rules", "interlock-alerts.test.yml").code())
                .isNotZero();
    }

    @Test
    void everyAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws Exception {
        var tests = Files.readString(FOLDER.resolve("interlock-alerts.test.yml"), StandardCharsets.UTF_8);
        assertThat(alerts()).hasSizeGreaterThan(30);
        assertThat(alerts()).allSatisfy(alert -> {
            int begin = tests.indexOf("- name: " + alert + "\n");
            assertThat(begin).as("a test of %s", alert).isPositive();
            int end = tests.indexOf("- name: ", begin + 1);
            var test = tests.substring(begin, end);
            assertThat(test)
                    .contains("alertname=\"" + alert + "\"")
                    .contains("exp_samples: []")
                    .contains("value: 1");
        });
    }

    @Test
    void everyAlertSaysHowBadWhatAndWhatToDo() throws Exception {
        for (var alert : rules().split("- alert: ", -1)) {
            if (alert.startsWith("Interlock")) {
                assertThat(alert)
                        .containsPattern("severity: (info|warning|critical)")
                        .contains("summary: ")
                        .contains("description: ")
                        .containsPattern(RUNBOOK);
            }
        }
    }

    @Test
    void everyRunbookLinkLeadsToAHeadingAndTheTableOfAlertsIsComplete() throws Exception {
        var page = Files.readString(ROOT.resolve("docs/dashboards.md"), StandardCharsets.UTF_8);
        var anchors = page.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .toList();
        assertThat(RUNBOOK.matcher(rules()).results())
                .isNotEmpty()
                .allMatch(link -> link.group(1).equals("dashboards"))
                .allMatch(link -> anchors.contains(link.group(2)));
        assertThat(alerts()).allMatch(alert -> page.contains("| `" + alert + "` |"));
        assertThat(found(Pattern.compile("\\| `(Interlock\\w+)` \\|"), page)).isEqualTo(alerts());
    }

    @Test
    void alertsAndPanelsUseDocumentedMetricsOnly() throws Exception {
        var documented =
                MetricsPage.read(ROOT.resolve("docs/metrics.md")).metrics().keySet();
        var used = new TreeSet<>(found(METRIC, rules().replaceAll("(?m)^ *(#|runbook_url:).*$", "")));
        for (var dashboard : Dashboard.all(ROOT.resolve("deploy/grafana/dashboards"))) {
            dashboard.panels().forEach(panel -> panel.queries().forEach(query -> used.addAll(found(METRIC, query))));
            dashboard.variables().forEach(variable -> used.addAll(found(METRIC, variable.series())));
        }
        assertThat(used)
                .isNotEmpty()
                .allMatch(name -> documented.contains(name)
                        || documented.contains(name.replaceFirst("_(bucket|count|sum|max)$", "")));
    }

    private record Exit(int code, String said) {}

    private void promtool(String... arguments) throws Exception {
        promtoolIn(FOLDER, arguments);
    }

    private void promtoolIn(Path where, String... arguments) throws Exception {
        var exit = exit(where, arguments);
        assertThat(exit.code()).as(exit.said()).isZero();
    }

    private Exit exit(Path where, String... arguments) throws Exception {
        assumeTrue(
                OwnPrometheus.isProgram("promtool"),
                "There is no promtool on the PATH; on Debian: apt install prometheus");
        var command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        var said = Files.createTempFile(folder, "promtool", ".txt");
        var process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Exit(process.exitValue(), Files.readString(said));
    }
}
