package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.cli.Terminal.Colour;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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

    /**
     * @param pointers JSON pointers, the first that leads somewhere counts: {@code /failure/reason|/skipReason}; a star in the
     *     place of an index stands for each of a list
     */
    record Column(String title, String pointers) {
        String text(JsonNode row) {
            for (String pointer : pointers.split("\\|")) {
                JsonNode value = at(row, pointer);
                if (!value.isMissingNode() && !value.isNull()) {
                    return Table.text(value);
                }
            }
            return "-";
        }

        private static JsonNode at(JsonNode row, String pointer) {
            int star = pointer.indexOf("/*");
            if (star < 0) {
                return row.at(pointer);
            }
            var each = Api.JSON.createArrayNode();
            row.at(pointer.substring(0, star)).forEach(item -> each.add(item.at(pointer.substring(star + 2))));
            return each;
        }
    }

    static Column column(String title, String pointers) {
        return new Column(title, pointers);
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
    static String text(JsonNode value) {
        if (value.isArray()) {
            var parts = new ArrayList<String>();
            value.forEach(each -> parts.add(text(each)));
            return parts.isEmpty() ? "-" : String.join(", ", parts);
        }
        if (value.isObject()) {
            var parts = new ArrayList<String>();
            value.fields()
                    .forEachRemaining(field -> parts.add(
                            value.size() == 1
                                    ? text(field.getValue())
                                    : field.getKey() + "=" + text(field.getValue())));
            return parts.isEmpty() ? "-" : String.join(" ", parts);
        }
        if (value.isNull() || value.isMissingNode()) {
            return "-";
        }
        String text = value.asText();
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
