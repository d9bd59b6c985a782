package dev.interlock.cli;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.cli.Terminal.Colour;
import dev.interlock.client.MalformedAnswerException;
import dev.interlock.client.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Aligned columns for people. On a terminal the widest columns are cut until a row fits; elsewhere nothing is. */
final class Table {

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;
    private static final Set<String> GOOD = Set.of(
            "reachable",
            "active",
            "succeeded",
            "completed",
            "approved",
            "up",
            "validated",
            "held",
            "updated",
            "delivered",
            "licensed",
            "done",
            "skipped",
            "true");
    private static final Set<String> BAD = Set.of(
            "unreachable",
            "host-key-changed",
            "failed",
            "aborted",
            "rejected",
            "expired",
            "down",
            "refused",
            "broken",
            "inactive",
            "denied",
            "false");
    private static final Set<String> WAITING = Set.of(
            "new",
            "running",
            "pausing",
            "paused",
            "aborting",
            "queued",
            "planned",
            "proposed",
            "ending",
            "pending",
            "open",
            "grace");

    /** @param cell what stands in it of a row */
    record Column<T>(String title, Function<T, ? extends @Nullable Object> cell) {
        String text(T row) {
            try {
                return Table.text(cell.apply(row));
            } catch (MalformedAnswerException e) {
                // an older service does not have it
                return "-";
            }
        }
    }

    static <T> Column<T> column(String title, Function<T, ? extends @Nullable Object> cell) {
        return new Column<>(title, cell);
    }

    /** Of JSON that is this program's own. */
    static Column<JsonNode> column(String title, String member) {
        return new Column<>(title, row -> row.path(member));
    }

    private final Terminal terminal;
    private final List<String> titles;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Terminal terminal, List<String> titles) {
        this.terminal = terminal;
        this.titles = List.copyOf(titles);
    }

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    void print() {
        int[] widths = new int[titles.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = titles.get(c).length();
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], length(row.get(c)));
            }
        }
        fit(widths);
        line(titles, widths, true);
        rows.forEach(row -> line(row, widths, false));
    }

    private void fit(int[] widths) {
        long total = (long) GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        while (total > terminal.width()) {
            int widest = 0;
            for (int c = 1; c < widths.length; c++) {
                widest = widths[c] > widths[widest] ? c : widest;
            }
            if (widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
            total--;
        }
    }

    private void line(List<String> cells, int[] widths, boolean title) {
        var line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String cell = cut(cells.get(c), widths[c]);
            String padding = c == widths.length - 1 ? "" : " ".repeat(widths[c] - length(cell)) + GAP;
            line.append(title ? terminal.paint(Colour.BOLD, cell) : coloured(terminal, cell))
                    .append(padding);
        }
        terminal.out().println(line);
    }

    static String coloured(Terminal terminal, String cell) {
        if (GOOD.contains(cell)) {
            return terminal.paint(Colour.GREEN, cell);
        } else if (BAD.contains(cell)) {
            return terminal.paint(Colour.RED, cell);
        } else if (WAITING.contains(cell)) {
            return terminal.paint(Colour.YELLOW, cell);
        }
        return cell;
    }

    static String cut(String text, int width) {
        return length(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** One line, whatever the value is; times to the second. Control characters of a host's answer never reach a terminal. */
    static String text(@Nullable Object value) {
        // no switch over types: its first use in a process costs more than all the rest of a table
        if (value == null) {
            return "-";
        } else if (value instanceof JsonNode json) {
            return ofJson(json);
        } else if (value instanceof Value object) {
            return ofJson(object.json());
        } else if (value instanceof Collection<?> items) {
            String texts = items.stream().map(Table::text).collect(joining(", "));
            return texts.isEmpty() ? "-" : texts;
        } else if (value instanceof Map<?, ?> members) {
            String texts = members.entrySet().stream()
                    .map(each ->
                            members.size() == 1 ? text(each.getValue()) : each.getKey() + "=" + text(each.getValue()))
                    .collect(joining(" "));
            return texts.isEmpty() ? "-" : texts;
        }
        return line(value.toString());
    }

    private static String ofJson(JsonNode value) {
        if (value.isArray()) {
            var parts = new ArrayList<String>();
            value.forEach(each -> parts.add(ofJson(each)));
            return parts.isEmpty() ? "-" : String.join(", ", parts);
        }
        if (value.isObject()) {
            var parts = new ArrayList<String>();
            value.fields()
                    .forEachRemaining(field -> parts.add(
                            value.size() == 1
                                    ? ofJson(field.getValue())
                                    : field.getKey() + "=" + ofJson(field.getValue())));
            return parts.isEmpty() ? "-" : String.join(" ", parts);
        }
        if (value.isNull() || value.isMissingNode()) {
            return "-";
        }
        return line(value.asText());
    }

    private static String line(String text) {
        if (text.startsWith("PT") && text.matches("PT([0-9.]+[HMS])+")) {
            return text.substring(2)
                    .replaceAll("([HMS])(?=[0-9])", "$1 ")
                    .replace("H", " h")
                    .replace("M", " min")
                    .replace("S", " s");
        }
        if (text.length() >= 20 && text.endsWith("Z") && text.charAt(4) == '-') {
            try {
                return Instant.parse(text).truncatedTo(ChronoUnit.SECONDS).toString();
            } catch (DateTimeException e) {
                return safe(text);
            }
        }
        return safe(text);
    }

    static String safe(String text) {
        return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ⏎ ").replaceAll("\\p{Cntrl}", "?");
    }
}
