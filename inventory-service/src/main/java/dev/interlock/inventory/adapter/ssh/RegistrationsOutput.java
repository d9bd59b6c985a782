package dev.interlock.inventory.adapter.ssh;

import dev.interlock.inventory.domain.Registrations;
import dev.interlock.inventory.domain.Registrations.Entry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code registrations.sh} prints. A list with a line that is no entry proves nothing: it is not compared. */
final class RegistrationsOutput {

    private static final String SERVERS = "umsadmin-cli web-certs list-assigned-server";
    private static final String NETWORK = "umsadmin-cli network list";

    private RegistrationsOutput() {}

    static Registrations parse(String out) {
        var lines = out.lines().map(String::stripTrailing).toList();
        if (!lines.contains("@@done")) {
            return new Registrations.Unreadable("the answer broke off after " + out.length() + " characters");
        }
        if (lines.contains("@@copy")) {
            return new Registrations.OfACopy();
        }
        var servers = part(lines, "@@servers");
        if (!servers.succeeded()) {
            return new Registrations.Unreadable(SERVERS + " failed: " + servers.words());
        }
        var entries = new LinkedHashSet<Entry>();
        for (var line : servers.lines()) {
            var entry = entry(line.split(";", -1), 0, Registrations.SERVER);
            if (entry == null) {
                return new Registrations.Unreadable(SERVERS + " printed \"" + shortened(line) + "\"");
            }
            entries.add(entry);
        }
        var network = part(lines, "@@network");
        if (!network.succeeded()) {
            // assumed: not every version has it
            return new Registrations.Listed(SERVERS, Set.of(Registrations.SERVER), List.copyOf(entries));
        }
        for (var line : network.lines()) {
            var columns = line.split(";", -1);
            if (columns[0].equals(Registrations.LOAD_BALANCER)) {
                var entry = entry(columns, 1, Registrations.LOAD_BALANCER);
                if (entry == null) {
                    return new Registrations.Unreadable(NETWORK + " printed \"" + shortened(line) + "\"");
                }
                entries.add(entry);
            }
        }
        return new Registrations.Listed(
                SERVERS + ", " + NETWORK,
                Set.of(Registrations.SERVER, Registrations.LOAD_BALANCER),
                List.copyOf(entries));
    }

    /** {@code HOST;LAST KNOWN IP;PROCESS ID;VERSION}, from column {@code at} on. */
    private static @Nullable Entry entry(String[] columns, int at, String kind) {
        if (columns.length < at + 3 || columns[at].isBlank()) {
            return null;
        }
        var name = columns[at].strip();
        var id = columns[at + 2].strip();
        return new Entry(
                id.isEmpty() ? name : id,
                kind,
                name,
                emptyToNull(columns[at + 1]),
                columns.length < at + 4 ? null : emptyToNull(columns[at + 3]));
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isBlank() ? null : text.strip();
    }

    private record Part(List<String> lines, boolean succeeded) {
        String words() {
            return lines.isEmpty() ? "it said nothing" : shortened(lines.getLast());
        }
    }

    private static Part part(List<String> all, String mark) {
        var lines = new ArrayList<String>();
        for (int i = all.indexOf(mark) + 1; i > 0 && i < all.size(); i++) {
            if (all.get(i).startsWith("@@exit ")) {
                return new Part(lines, all.get(i).equals("@@exit 0"));
            }
            if (!all.get(i).isBlank()) {
                lines.add(all.get(i));
            }
        }
        return new Part(lines, false);
    }

    private static String shortened(String line) {
        var text = line.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
