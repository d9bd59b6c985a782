package dev.interlock.lab.product;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.product.UmsDatabase.Kind;
import dev.interlock.lab.product.UmsDatabase.Registered;
import dev.interlock.lab.product.UmsNode.Copy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The UMS Administrator's command line. The columns of {@code web-certs} are the vendor's; those of {@code db list}, and {@code
 * network list}, which stands in for the console's page "UMS Network", are assumed, and so are the texts.
 */
final class UmsAdminCli implements Program {
    private static final String PRODUCTIVE = "1";
    private static final String COPY = "2";
    private static final String FINGERPRINT = "351B4DA62D5A304C5B86401FB2C49091490EA5AE";

    @Override
    public int run(Call call) throws IOException {
        if (call.uid() != 0) {
            call.err("umsadmin-cli: must be run as root");
            return 1;
        }
        var words = new ArrayList<>(call.arguments());
        boolean machine = words.remove("--machine-readable");
        boolean header = !words.remove("--no-header");
        String command = words.size() < 2 ? "" : words.removeFirst() + " " + words.removeFirst();
        UmsNode node = call.machine().attached(UmsNode.class);
        try {
            return switch (command) {
                case "db list" -> print(call, machine, header, sources(node));
                case "db test" -> test(call, node, option(words, "-i", "--id"));
                case "db activate" -> activate(call, node, option(words, "-i", "--id"));
                case "db backup" -> backup(call, node, option(words, "-o", "--outfile"));
                case "server start", "server stop", "server restart" ->
                    call.exec(List.of("systemctl", command.substring("server ".length()), UmsNode.SERVER));
                case "server end-update-mode" -> endUpdateMode(call, node);
                case "web-certs list" ->
                    print(
                            call,
                            machine,
                            header,
                            List.of(
                                    List.of("NAME", "FINGERPRINT (SHA1)", "EXPIRATION DATE", "USED"),
                                    List.of(node.host(), FINGERPRINT, "2043-03-23", "true")));
                case "web-certs list-assigned-server" -> print(call, machine, header, servers(node));
                case "network list" -> print(call, machine, header, network(node));
                default -> {
                    call.err("Unknown command: " + String.join(" ", call.arguments()));
                    yield 2;
                }
            };
        } catch (SQLException e) {
            call.process().checkpoint();
            call.err("The data source does not answer: " + e.getMessage());
            return 1;
        }
    }

    private static @Nullable String option(List<String> words, String brief, String full) {
        for (int i = 0; i + 1 < words.size(); i++) {
            if (words.get(i).equals(brief) || words.get(i).equals(full)) {
                return words.get(i + 1);
            }
        }
        return null;
    }

    private static List<List<String>> sources(UmsNode node) {
        UmsDatabase database = node.cluster().database();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("ID", "NAME", "DBMS", "HOST", "PORT", "DATABASE", "USER", "ACTIVE"));
        rows.add(List.of(
                PRODUCTIVE,
                "productive",
                "PostgreSQL",
                database.host(),
                database.port(),
                database.name(),
                database.user(),
                String.valueOf(!node.inUpdateMode())));
        if (node.inUpdateMode()) {
            rows.add(List.of(COPY, "local-copy", "Embedded", "localhost", "1527", "rmdb", "igel", "true"));
        }
        return rows;
    }

    private static List<Registered> registered(UmsNode node, Kind kind) throws SQLException {
        Copy copy = node.copy();
        if (copy == null) {
            return node.cluster().database().registered(kind);
        }
        return kind == Kind.SERVER ? copy.servers() : copy.balancers();
    }

    private static List<List<String>> servers(UmsNode node) throws SQLException {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("HOST", "LAST KNOWN IP", "PROCESS ID", "VERSION"));
        for (Registered r : registered(node, Kind.SERVER)) {
            rows.add(List.of(r.host(), r.ip(), r.processId().toString(), r.version()));
        }
        return rows;
    }

    private static List<List<String>> network(UmsNode node) throws SQLException {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("KIND", "HOST", "LAST KNOWN IP", "PROCESS ID", "VERSION", "MODE"));
        for (Kind kind : Kind.values()) {
            for (Registered r : registered(node, kind)) {
                rows.add(List.of(kind.word(), r.host(), r.ip(), r.processId().toString(), r.version(), r.mode()));
            }
        }
        return rows;
    }

    private static int print(Call call, boolean machine, boolean header, List<List<String>> rows) throws IOException {
        var widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : header ? rows : rows.subList(1, rows.size())) {
            if (machine) {
                call.line(String.join(";", row));
                continue;
            }
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 1) + "s", row.get(i)));
            }
            call.line(line.toString());
        }
        return 0;
    }

    private static int test(Call call, UmsNode node, @Nullable String id) throws IOException {
        boolean productive = id == null ? !node.inUpdateMode() : id.equals(PRODUCTIVE);
        if (!productive && !(node.inUpdateMode() && (id == null || id.equals(COPY)))) {
            return unknown(call, id);
        }
        try {
            if (productive) {
                String schema = node.cluster().database().schemaVersion();
                if (!node.inUpdateMode() && !node.fits(schema)) {
                    call.err("Connection test failed: the schema " + schema + " does not fit UMS " + node.installed());
                    return 1;
                }
            }
        } catch (SQLException e) {
            call.process().checkpoint();
            call.err("Connection test failed: " + e.getMessage());
            return 1;
        }
        call.line("Connection test successful.");
        return 0;
    }

    private static int unknown(Call call, @Nullable String id) throws IOException {
        call.err("There is no data source " + id + ".");
        return 1;
    }

    /** By hand, where a server stayed on its copy: the first one renews (G24). */
    private static int activate(Call call, UmsNode node, @Nullable String id) throws IOException, SQLException {
        if (COPY.equals(id) && node.inUpdateMode()) {
            call.line("Data source 2 is active already.");
            return 0;
        }
        if (!PRODUCTIVE.equals(id)) {
            return unknown(call, id);
        }
        if (!node.inUpdateMode()) {
            call.line("Data source 1 is active already.");
            return 0;
        }
        String target = UmsDatabase.majorMinor(node.installed());
        if (node.cluster().renew(call.process(), node.installed())) {
            call.line("Schema of the productive database renewed: " + target);
        }
        String schema = node.cluster().database().schemaVersion();
        if (!node.fits(schema)) {
            call.err("The schema of the data source (" + schema + ") is newer than this server (" + target + ").");
            return 1;
        }
        node.reconnect(call.process());
        call.line("Data source 1 activated.");
        return 0;
    }

    private static int backup(Call call, UmsNode node, @Nullable String file) throws IOException {
        if (file == null) {
            call.err("Missing required option: '-o'");
            return 2;
        }
        if (!node.inUpdateMode()) {
            call.err("The active data source is not an embedded database. Use the backup procedures recommended by the"
                    + " DBMS manufacturer.");
            return 1;
        }
        FileSystem.Node node2 = call.files().openWrite(call.path(file), true, call.uid(), 0600);
        byte[] bytes = "backup of the local copy\n".getBytes(StandardCharsets.UTF_8);
        call.files().write(node2, 0, bytes, 0, bytes.length);
        call.line("Backup of the local copy created: " + file);
        return 0;
    }

    private static int endUpdateMode(Call call, UmsNode node) throws IOException, SQLException {
        if (!node.inUpdateMode()) {
            call.line("The server is not in update mode.");
            return 0;
        }
        String schema = node.cluster().database().schemaVersion();
        if (!node.fits(schema)) {
            call.err("The schema of the productive database (" + schema + ") does not fit UMS " + node.installed()
                    + ": not all servers have been updated.");
            return 1;
        }
        node.reconnect(call.process());
        call.line("Update mode ended.");
        return 0;
    }
}
