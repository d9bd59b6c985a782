package dev.interlock.standalone;

import dev.interlock.embedded.Ports;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What people read: aligned columns. */
final class Tables {
    private Tables() {}

    static void print(PrintStream out, List<List<String>> rows) {
        var widths = new ArrayList<Integer>();
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (widths.size() <= i) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append("  ").append(row.get(i));
                if (i < row.size() - 1) {
                    line.repeat(' ', widths.get(i) - row.get(i).length());
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }

    static void addresses(Home home, State state, PrintStream out) {
        var rows = new ArrayList<List<String>>();
        var console = state.services().get(Part.CONSOLE.word());
        if (console != null) {
            rows.add(List.of("console", console.replace("//" + Ports.LOOPBACK, "//localhost")));
        }
        state.instances().forEach((name, address) -> {
            if (!address.equals(console)) {
                rows.add(List.of(name + " service", address));
            }
        });
        rows.add(List.of("PostgreSQL", state.postgres()));
        rows.add(List.of("Kafka", state.kafka()));
        if (state.lab() != null) {
            rows.add(List.of("lab", state.lab()));
        }
        state.tokens()
                .forEach((name, file) -> rows.add(
                        List.of("token of " + name, home.folder().resolve(file).toString())));
        rows.add(List.of("credentials", home.credentials().toString()));
        rows.add(List.of("logs", home.logs().toString()));
        out.println();
        print(out, rows);
        out.println();
    }
}
