package dev.interlock.testkit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/clauses.csv}: every rule of the source documents, by number. */
final class Clauses {

    record Clause(String number, String owner, String kind, String statement) {
        char group() {
            return number.charAt(0);
        }
    }

    private static final Pattern ROW = Pattern.compile("([CLGKP]\\d+),([a-z -]+),\"([^\"]*)\",\"(.*)\"");

    private static final Pattern REASON = Pattern.compile("([CLGKP]\\d+),\"(.+)\"");

    static List<Clause> read(Path csv) throws IOException {
        var clauses = new ArrayList<Clause>();
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                throw new IllegalArgumentException(csv + ": not a clause: " + line);
            }
            clauses.add(new Clause(
                    row.group(1), row.group(2), row.group(3), row.group(4).replace("\"\"", "\"")));
        }
        return List.copyOf(clauses);
    }

    /** {@code docs/not-provable.csv}: clause to why no test of ours can prove it. */
    static Map<String, String> notProvable(Path csv) throws IOException {
        var reasons = new TreeMap<String, String>();
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            Matcher row = REASON.matcher(line);
            if (!row.matches()) {
                throw new IllegalArgumentException(csv + ": not a clause and a reason: " + line);
            }
            reasons.put(row.group(1), row.group(2).replace("\"\"", "\""));
        }
        return reasons;
    }

    private Clauses() {}
}
