package dev.interlock.siem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.siem.mapping.EventTable;
import dev.interlock.siem.mapping.Row;
import dev.interlock.siem.syslog.SyslogSinkConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

/** The table in docs/siem.md is the one that the plugin works by. */
class SiemPageTest {

    private static final String BEGIN = "<!-- table: written by the build from events.json, see below -->\n";
    private static final String BEGIN_SETTINGS = "<!-- settings: written by the build -->\n";
    private static final String END_SETTINGS = "<!-- end of the settings -->\n";
    private static final String END = "<!-- end of the table -->\n";

    @Test
    void thePageShowsTheTable() throws IOException {
        var file = Golden.ROOT.resolve("docs/siem.md");
        var page = Files.readString(file);
        var wanted = between(between(page, BEGIN, END, table()), BEGIN_SETTINGS, END_SETTINGS, settings());
        if (Boolean.getBoolean("interlock.accept")) {
            Files.writeString(file, wanted);
        } else {
            assertThat(page)
                    .as("docs/siem.md is behind: run `mvn -o -q -pl deploy/siem -am test -Dtest=SiemPageTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dinterlock.accept=true` and commit the result")
                    .isEqualTo(wanted);
        }
    }

    private static String between(String page, String begin, String end, String text) {
        int from = page.indexOf(begin) + begin.length();
        return page.substring(0, from) + text + page.substring(page.indexOf(end));
    }

    private static String settings() {
        var rows = new SyslogSinkConnector()
                .config().configKeys().values().stream()
                        .map(key -> "| `" + key.name + "` | "
                                + (key.hasDefault() ? value(key.defaultValue) : "**must be given**") + " | "
                                + key.documentation.replace("|", "\\|") + " |\n")
                        .collect(Collectors.joining());
        return "\n| setting | default | |\n|---|---|---|\n" + rows + "\n";
    }

    private static String value(Object value) {
        var text = value instanceof Password password ? password.value() : String.valueOf(value);
        return text.isEmpty() ? "–" : "`" + text + "`";
    }

    private static String table() {
        var rows = EventTable.get().rows().stream().map(SiemPageTest::line).collect(Collectors.joining());
        return "\n| event | class | activity | severity | cause | clause |\n|---|---|---|---|---|---|\n" + rows + "\n";
    }

    private static String line(Row row) {
        var when = row.when().entrySet().stream()
                .map(each -> each.getValue().isEmpty()
                        ? "without `" + each.getKey() + "`"
                        : "`" + each.getKey() + "` is `" + each.getValue() + "`")
                .sorted()
                .collect(Collectors.joining(", "));
        var clause = row.clause() == null
                ? "–"
                : row.clause().paths().isEmpty() ? row.clause().template() : "the event's own";
        var activity = row.activityName() == null ? row.activity() : row.activityName();
        return "| " + row.type() + (when.isEmpty() ? "" : " " + when) + " | "
                + row.as().uid() + " " + row.as().caption()
                + " | " + row.activityId() + " " + activity + " | "
                + row.severity().caption() + " | "
                + row.cause().template().replace("|", "\\|") + " | " + clause + " |\n";
    }
}
