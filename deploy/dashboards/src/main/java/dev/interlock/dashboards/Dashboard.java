package dev.interlock.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A Grafana dashboard: what it asks Prometheus. */
record Dashboard(String title, JsonNode json, List<Panel> panels, List<Variable> variables) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+),\\s*([a-z_]+)\\)");
    private static final Pattern LEFT_OVER = Pattern.compile("\\$\\{?[A-Za-z_]+");

    /** @param queries as Prometheus takes them: what Grafana fills in is filled in */
    record Panel(String title, List<String> queries) {}

    /** A choice that Prometheus gives: the values of a label of these series. */
    record Variable(String name, String series, String label) {}

    static List<Dashboard> all(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Dashboard::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The dashboards in " + folder + " cannot be read", e);
        }
    }

    static Dashboard read(Path file) {
        try {
            var json = JSON.readTree(file.toFile());
            var variables = new ArrayList<Variable>();
            var names = new ArrayList<String>();
            for (var variable : json.path("templating").path("list")) {
                names.add(variable.path("name").asText());
                if (variable.path("type").asText().equals("query")) {
                    var asked = LABEL_VALUES.matcher(
                            variable.path("query").path("query").asText());
                    if (!asked.matches()) {
                        throw new IllegalArgumentException(
                                file + ": variable " + variable.path("name") + " asks for no label's values");
                    }
                    variables.add(new Variable(
                            variable.path("name").asText(), filled(asked.group(1), names, file), asked.group(2)));
                }
            }
            var panels = new ArrayList<Panel>();
            for (var panel : json.path("panels")) {
                if (panel.path("type").asText().equals("row")) {
                    continue;
                }
                var queries = new ArrayList<String>();
                panel.path("targets")
                        .forEach(
                                target -> queries.add(filled(target.path("expr").asText(), names, file)));
                panels.add(new Panel(panel.path("title").asText(), List.copyOf(queries)));
            }
            return new Dashboard(json.path("title").asText(), json, List.copyOf(panels), List.copyOf(variables));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is no dashboard", e);
        }
    }

    /** As with "All" chosen for every variable. The windows are shorter than Grafana's: what is scraped is young. */
    private static String filled(String query, List<String> names, Path file) {
        var filled = query.replace("$__rate_interval", "1m").replace("$__range", "30m");
        for (var name : names) {
            filled = filled.replace("\"$" + name + "\"", "\".*\"").replace("\"${" + name + "}\"", "\".*\"");
        }
        if (LEFT_OVER.matcher(filled).find()) {
            throw new IllegalArgumentException(file + ": no such variable in " + query);
        }
        return filled;
    }
}
