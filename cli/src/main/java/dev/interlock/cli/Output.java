package dev.interlock.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.interlock.cli.Table.Column;
import dev.interlock.cli.Terminal.Colour;
import dev.interlock.client.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/** Answers, as tables for people or as JSON or YAML for programs. */
final class Output {

    /** What {@code -o} takes. */
    enum Format {
        table,
        json,
        yaml
    }

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build());

    private final Terminal terminal;
    private Format format = Format.table;

    Output(Terminal terminal) {
        this.terminal = terminal;
    }

    void format(Format chosen) {
        format = chosen;
    }

    boolean forPeople() {
        return format == Format.table;
    }

    /** A list: for programs always one array. */
    @SafeVarargs
    final <T extends Value> void list(List<T> rows, boolean more, Column<T>... columns) {
        list(rows, Value::json, more, columns);
    }

    /** @param json what programs get of a row */
    @SafeVarargs
    final <T> void list(List<T> rows, Function<T, JsonNode> json, boolean more, Column<T>... columns) {
        if (!forPeople()) {
            ArrayNode all = Api.JSON.createArrayNode();
            rows.forEach(row -> all.add(json.apply(row)));
            program(all);
        } else if (rows.isEmpty()) {
            terminal.out().println(terminal.paint(Colour.FAINT, "None."));
        } else {
            table(rows, columns);
        }
        more(more);
    }

    /** Says so if not all was read; beside the output, so that programs are not disturbed. */
    void more(boolean more) {
        if (more) {
            terminal.err().println("There are more: --limit shows further ones, --all shows every one.");
        }
    }

    @SafeVarargs
    final <T> void table(List<T> rows, Column<T>... columns) {
        table(rows, List.of(columns));
    }

    private <T> void table(List<T> rows, List<Column<T>> columns) {
        var titles = new ArrayList<String>();
        for (Column<T> column : columns) {
            titles.add(column.title());
        }
        var table = new Table(terminal, titles);
        for (T row : rows) {
            var cells = new ArrayList<String>();
            for (Column<T> column : columns) {
                cells.add(column.text(row));
            }
            table.row(cells);
        }
        table.print();
    }

    /** One thing, with everything that is known of it. */
    void show(JsonNode thing) {
        if (forPeople()) {
            show("", thing);
        } else {
            program(thing);
        }
    }

    /** Plain values first, then what has values of its own, then tables. */
    private void show(String indent, JsonNode thing) {
        var plain = new LinkedHashMap<String, JsonNode>();
        var inner = new LinkedHashMap<String, JsonNode>();
        var tables = new LinkedHashMap<String, JsonNode>();
        thing.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            var kind = isTable(value) ? tables : value.isObject() && !value.isEmpty() ? inner : plain;
            // what is inside may be keyed by names of packages and units, which are no words
            kind.put(indent.isEmpty() ? words(field.getKey()) : field.getKey(), value);
        });
        int widest = plain.keySet().stream().mapToInt(Table::length).max().orElse(0);
        plain.forEach((name, value) -> terminal.out()
                .println(indent
                        + terminal.paint(Colour.BOLD, name)
                        + " ".repeat(widest - Table.length(name) + 2)
                        + Table.coloured(terminal, Table.text(value))));
        inner.forEach((name, value) -> {
            terminal.out().println(indent + terminal.paint(Colour.BOLD, name));
            show(indent + "  ", value);
        });
        tables.forEach((name, value) -> {
            terminal.out().println();
            terminal.out().println(terminal.paint(Colour.BOLD, name));
            rows(value);
        });
    }

    /** A sentence for people; programs get the service's answer. */
    void done(String sentence, JsonNode answer) {
        if (forPeople()) {
            terminal.out().println(sentence);
        } else {
            program(answer.isMissingNode() ? Api.JSON.createObjectNode() : answer);
        }
    }

    private void rows(JsonNode list) {
        var names = new LinkedHashSet<String>();
        list.forEach(row -> row.fieldNames().forEachRemaining(names::add));
        var rows = new ArrayList<JsonNode>();
        list.forEach(rows::add);
        table(
                rows,
                names.stream()
                        .map(name -> new Column<JsonNode>(words(name), row -> row.path(name)))
                        .toList());
    }

    private static boolean isTable(JsonNode value) {
        return value.isArray() && !value.isEmpty() && value.path(0).isObject();
    }

    /** {@code licenseServerId} is 'license server id'. */
    static String words(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(java.util.Locale.ROOT);
    }

    private void program(JsonNode answer) {
        try {
            terminal.out()
                    .println((format == Format.json ? JSON : YAML)
                            .writeValueAsString(answer)
                            .stripTrailing());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
