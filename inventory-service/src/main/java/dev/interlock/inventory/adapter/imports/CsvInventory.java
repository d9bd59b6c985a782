package dev.interlock.inventory.adapter.imports;

import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.inventory.domain.HostDraft;
import dev.interlock.inventory.domain.ImportedInventory;
import dev.interlock.inventory.domain.ImportedInventory.ImportedDeployment;
import dev.interlock.inventory.domain.ImportedInventory.ImportedHost;
import dev.interlock.inventory.domain.ImportedInventory.LineProblem;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file with a header. One line is one host, or one further deployment of a host named before. A line that cannot be
 * read is reported and the next one is read as if it were not there. Excel's semicolons, byte order mark and CRLF are understood.
 */
public final class CsvInventory {

    static final List<String> COLUMNS = List.of(
            "name", "address", "port", "user", "credential", "host_key", "deployment", "product", "role", "labels");
    private static final List<String> REQUIRED = List.of("name", "address", "user", "credential");
    private static final String KNOWN = "The columns are " + String.join(", ", COLUMNS) + ".";

    private final List<ImportedHost> hosts = new ArrayList<>();
    private final Map<String, ImportedHost> byName = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final List<LineProblem> rejected = new ArrayList<>();

    private CsvInventory() {}

    private static final class Group {
        final int line;
        final String name;

        @Nullable
        String product;

        final Map<String, Place> places = new LinkedHashMap<>();

        Group(int line, String name) {
            this.line = line;
            this.name = name;
        }
    }

    public static ImportedInventory parse(String text) {
        var reader = new CsvInventory();
        reader.read(text.startsWith("\uFEFF") ? text.substring(1) : text);
        return reader.result();
    }

    private ImportedInventory result() {
        var deployments = groups.values().stream()
                .map(group -> new ImportedDeployment(
                        group.line,
                        new DeploymentDraft(group.name, group.product, List.copyOf(group.places.values()), Map.of())))
                .toList();
        return new ImportedInventory("csv", hosts, deployments, rejected, List.of(), Map.of("hostKey", "host_key"));
    }

    private void read(String text) {
        var lines = text.split("\r\n|\n|\r", -1);
        int at = 0;
        while (at < lines.length && (lines[at].isBlank() || lines[at].startsWith("#"))) {
            at++;
        }
        if (at == lines.length) {
            rejected.add(new LineProblem(0, "file", "the file is empty", "Begin with a header line. " + KNOWN));
            return;
        }
        var delimiter = lines[at].indexOf(',') < 0 && lines[at].indexOf(';') >= 0 ? ';' : ',';
        var format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(true)
                .setIgnoreSurroundingSpaces(true)
                .setCommentMarker('#')
                .get();
        var columns = header(format, lines[at], at + 1);
        if (columns != null) {
            rows(format, columns, lines, at + 1);
        }
    }

    private @Nullable List<String> header(CSVFormat format, String line, int number) {
        List<String> columns;
        try (var parser = CSVParser.parse(line, format)) {
            columns = parser.getRecords().getFirst().stream()
                    .map(column -> column.strip().toLowerCase(Locale.ROOT))
                    .toList();
        } catch (IOException | UncheckedIOException broken) {
            rejected.add(new LineProblem(number, "header", "the header cannot be read: " + reason(broken), KNOWN));
            return null;
        }
        int before = rejected.size();
        var seen = new HashSet<String>();
        for (var column : columns) {
            if (!COLUMNS.contains(column)) {
                rejected.add(new LineProblem(
                        number,
                        column.isEmpty() ? "header" : column,
                        "there is no column '" + column + "', so nothing of this file was imported",
                        KNOWN + " Put anything else into labels, as in site=fra;tier=prod."));
            } else if (!seen.add(column)) {
                rejected.add(new LineProblem(
                        number, column, "the column '" + column + "' is there twice", "Remove one of them."));
            }
        }
        for (var column : REQUIRED) {
            if (!columns.contains(column)) {
                rejected.add(new LineProblem(
                        number,
                        column,
                        "the column '" + column + "' is missing, so nothing of this file was imported",
                        "Add it to the header and to each line. " + KNOWN));
            }
        }
        return rejected.size() == before ? columns : null;
    }

    /** After a line with broken quotes the parser cannot go on, but the file can: it starts anew on the line after. */
    private void rows(CSVFormat format, List<String> columns, String[] lines, int from) {
        int start = from;
        while (start < lines.length) {
            int next = lines.length;
            var rest = String.join("\n", List.of(lines).subList(start, lines.length));
            int begins = start;
            try (var parser = CSVParser.parse(new StringReader(rest), format)) {
                var records = parser.iterator();
                while (true) {
                    begins = firstOfRecord(lines, start + (int) parser.getCurrentLineNumber());
                    if (!records.hasNext()) {
                        break;
                    }
                    row(columns, records.next(), begins + 1);
                }
            } catch (IOException | UncheckedIOException broken) {
                rejected.add(new LineProblem(
                        begins + 1,
                        "line",
                        "the line cannot be read: " + reason(broken),
                        "Close each quote, and double a quote inside quotes (\"\")."));
                next = begins + 1;
            }
            start = next;
        }
    }

    private static int firstOfRecord(String[] lines, int from) {
        int at = from;
        while (at < lines.length && (lines[at].isEmpty() || lines[at].startsWith("#"))) {
            at++;
        }
        return at;
    }

    private void row(List<String> columns, CSVRecord row, int line) {
        if (row.size() == 1 && row.get(0).isBlank()) {
            return;
        }
        if (row.size() != columns.size()) {
            rejected.add(new LineProblem(
                    line,
                    "line",
                    "the line has " + row.size() + " fields, the header has " + columns.size(),
                    "Give every column a field, empty if need be, and put a field with a separator into quotes."));
            return;
        }
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < columns.size(); i++) {
            fields.put(columns.get(i), row.get(i).strip());
        }
        var port = HostDraft.DEFAULT_PORT;
        var givenPort = fields.getOrDefault("port", "");
        if (!givenPort.isEmpty()) {
            try {
                port = Integer.parseInt(givenPort);
            } catch (NumberFormatException noNumber) {
                rejected.add(new LineProblem(
                        line,
                        "port",
                        "'" + givenPort + "' is no port",
                        "Use a number from 1 to 65535, or leave it out."));
                return;
            }
        }
        var labels = labels(fields.get("labels"), line);
        if (labels == null) {
            return;
        }
        var draft = new HostDraft(
                fields.get("name"),
                fields.get("address"),
                port,
                fields.get("user"),
                fields.get("credential"),
                fields.get("host_key"),
                fields.containsKey("labels") ? labels : null);
        var key = fields.getOrDefault("name", "").toLowerCase(Locale.ROOT);
        var before = key.isEmpty() ? null : byName.get(key);
        if (before != null && !before.draft().equals(draft)) {
            rejected.add(new LineProblem(
                    line,
                    "name",
                    "the host " + fields.get("name") + " is described otherwise on line " + before.line(),
                    "Keep one description. Only deployment, product and role may differ between lines of one host."));
            return;
        }
        if (before == null) {
            var host = new ImportedHost(line, draft);
            hosts.add(host);
            byName.put(key, host);
        }
        member(fields, line);
    }

    private void member(Map<String, String> fields, int line) {
        var name = fields.getOrDefault("deployment", "");
        var product = fields.getOrDefault("product", "");
        var role = fields.getOrDefault("role", "");
        if (name.isEmpty()) {
            if (!product.isEmpty() || !role.isEmpty()) {
                rejected.add(new LineProblem(
                        line,
                        "deployment",
                        "there is a product or role but no deployment; the host itself is taken",
                        "Name the deployment, or leave product and role empty: products are found by the probe."));
            }
            return;
        }
        var group = groups.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new Group(line, name));
        if (group.product == null && !product.isEmpty()) {
            group.product = product;
        } else if (!product.isEmpty() && !product.equals(group.product)) {
            rejected.add(new LineProblem(
                    line,
                    "product",
                    "the deployment " + name + " has the product " + group.product + " on an earlier line",
                    "Give a deployment one product; use two deployments for two products. The host itself is taken."));
            return;
        }
        var host = fields.getOrDefault("name", "");
        var place = new Place(host, role.isEmpty() ? DeploymentDraft.DEFAULT_ROLE : role);
        var other = group.places.putIfAbsent(host.toLowerCase(Locale.ROOT), place);
        if (other != null && !other.equals(place)) {
            rejected.add(new LineProblem(
                    line,
                    "role",
                    host + " already has the role " + other.role() + " in " + name,
                    "Give a host one role in a deployment."));
        }
    }

    private @Nullable Map<String, String> labels(@Nullable String text, int line) {
        var labels = new TreeMap<String, String>();
        if (text == null || text.isEmpty()) {
            return labels;
        }
        for (var label : text.split("[;,]")) {
            if (label.isBlank()) {
                continue;
            }
            int equals = label.indexOf('=') < 0 ? label.length() : label.indexOf('=');
            if (label.substring(0, equals).isBlank()) {
                rejected.add(new LineProblem(
                        line,
                        "labels",
                        "'" + label.strip() + "' is no label",
                        "Write labels as name=value or name, separated by semicolons, as in site=fra;tier=prod;new."));
                return null;
            }
            labels.put(
                    label.substring(0, equals).strip(),
                    equals == label.length() ? "" : label.substring(equals + 1).strip());
        }
        return labels;
    }

    private static String reason(Exception broken) {
        Throwable cause = broken;
        while (cause.getCause() instanceof CSVException deeper) {
            cause = deeper;
        }
        var message = cause.getMessage();
        return message == null
                ? "its quotes do not match"
                : message.replaceAll("\\(?line \\d+\\)?,?\\s*", "").replaceFirst("^.*Exception: ", "");
    }
}
