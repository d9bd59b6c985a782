package dev.interlock.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Grafana 11 and 12 expect of a dashboard's file, and people of a panel. */
class DashboardsTest {
    private static final Path ROOT = Path.of(System.getProperty("interlock.root", "../.."));
    private static final Set<String> TYPES =
            Set.of("row", "stat", "gauge", "bargauge", "timeseries", "state-timeline", "table");
    private static final Set<String> UNITS = Set.of("none", "s", "cps", "reqps", "percentunit", "bytes");

    static List<Dashboard> dashboards() {
        return Dashboard.all(ROOT.resolve("deploy/grafana/dashboards"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void hasWhatGrafanaNeeds(Dashboard dashboard) {
        var json = dashboard.json();
        assertThat(json.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
        assertThat(json.path("uid").asText()).matches("interlock-[a-z-]{3,30}");
        assertThat(json.path("id").isNull()).isTrue();
        assertThat(json.path("tags")).extracting(JsonNode::asText).contains("interlock");
        assertThat(json.path("links").path(0).path("type").asText()).isEqualTo("dashboards");
        assertThat(json.path("templating").path("list").path(0).path("type").asText())
                .isEqualTo("datasource");
        assertThat(dashboard.variables()).isNotEmpty();
        var ids = new HashSet<Integer>();
        for (var panel : json.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(TYPES).contains(panel.path("type").asText());
            if (!panel.path("type").asText().equals("row")) {
                isWhole(panel);
            }
        }
        assertThat(overlaps(json.path("panels"))).isEmpty();
    }

    private static void isWhole(JsonNode panel) {
        var title = panel.path("title").asText();
        assertThat(title).isNotBlank();
        assertThat(panel.path("description").asText())
                .as("description of %s", title)
                .hasSizeGreaterThan(5);
        assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
        var defaults = panel.path("fieldConfig").path("defaults");
        assertThat(UNITS).as("unit of %s", title).contains(defaults.path("unit").asText());
        var steps = defaults.path("thresholds").path("steps");
        assertThat(steps.path(0).has("value") && steps.path(0).path("value").isNull())
                .as("first threshold of %s has no value", title)
                .isTrue();
        double last = Double.NEGATIVE_INFINITY;
        for (int i = 1; i < steps.size(); i++) {
            assertThat(steps.path(i).path("value").asDouble())
                    .as("thresholds of %s rise", title)
                    .isGreaterThan(last);
            last = steps.path(i).path("value").asDouble();
        }
        var references = new HashSet<String>();
        assertThat(panel.path("targets")).isNotEmpty();
        for (var target : panel.path("targets")) {
            assertThat(references.add(target.path("refId").asText())).isTrue();
            assertThat(target.path("expr").asText()).isNotBlank();
        }
    }

    private static List<String> overlaps(JsonNode panels) {
        var taken = new HashSet<String>();
        var overlaps = new ArrayList<String>();
        for (var panel : panels) {
            var at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    if (!taken.add(x + "," + y)) {
                        overlaps.add(panel.path("title").asText());
                    }
                }
            }
        }
        return overlaps;
    }
}
