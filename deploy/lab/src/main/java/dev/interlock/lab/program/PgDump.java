package dev.interlock.lab.program;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.program.PgArchive.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** {@code pg_dump -Fc}: copies a real database, over TCP. Texts and exit codes are those of PostgreSQL 17. */
final class PgDump implements Program {
    static final String VERSION = "17.2";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Duration TAKES = Duration.ofSeconds(2);
    private static final int CHUNK = 1 << 16;

    /** Where and as whom. */
    private record Target(String host, String port, String database, String user) {
        String at() {
            return "connection to server at \"" + host + "\", port " + port + " failed: ";
        }
    }

    /** From where a password came; {@code file} is null if it was not in one. */
    private record Password(@Nullable String text, @Nullable String file) {}

    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of("w", "W", "v", "O", "x", "c", "C", "no-password", "verbose", "no-owner", "no-acl", "version"),
                Set.of(
                        "F",
                        "f",
                        "h",
                        "p",
                        "U",
                        "d",
                        "Z",
                        "format",
                        "file",
                        "host",
                        "port",
                        "username",
                        "dbname",
                        "compress",
                        "lock-wait-timeout"));
        if (options.has("version")) {
            call.line("pg_dump (PostgreSQL) " + VERSION);
            return 0;
        }
        if (options.unknown() != null) {
            call.err("pg_dump: unrecognized option '" + options.unknown()
                    + "'\npg_dump: hint: Try \"pg_dump --help\" for more information.");
            return 1;
        }
        String format = options.value("F", "format");
        if (format == null || !Set.of("c", "custom").contains(format)) {
            call.err("pg_dump: error: the lab's pg_dump knows the custom format only: -Fc");
            return 1;
        }
        String user = given(
                options.value("U", "username"), call, "PGUSER", call.machine().user(call.uid()));
        String operand = options.rest().isEmpty() ? null : options.rest().getFirst();
        String asked = options.value("d", "dbname");
        var target = new Target(
                given(options.value("h", "host"), call, "PGHOST", ""),
                given(options.value("p", "port"), call, "PGPORT", "5432"),
                given(asked == null ? operand : asked, call, "PGDATABASE", user),
                user);
        String file = options.value("f", "file");
        FileSystem.Node into = null;
        if (file != null) {
            try {
                into = call.files().openWrite(call.path(file), true, call.uid(), 0600);
            } catch (Errno e) {
                return fail(call, "could not open output file \"" + file + "\": " + e.text());
            }
        }
        if (target.host.isEmpty()) {
            return fail(
                    call,
                    "connection to server on socket \"/var/run/postgresql/.s.PGSQL." + target.port
                            + "\" failed: No such file or directory\n\tIs the server running locally and accepting"
                            + " connections on that socket?");
        }
        Password password = password(call, target);
        PgArchive archive;
        try (var connection = connect(target, password)) {
            archive = dump(call, target, connection);
        } catch (SQLException e) {
            call.process().checkpoint();
            return fail(call, refused(target, password, e));
        }
        call.sleep(TAKES);
        byte[] bytes = cut(call, archive);
        if (into == null) {
            call.write(1, bytes, bytes.length);
            return 0;
        }
        try {
            for (int at = 0; at < bytes.length; at += CHUNK) {
                call.process().checkpoint();
                call.files().write(into, at, bytes, at, Math.min(CHUNK, bytes.length - at));
            }
        } catch (Errno e) {
            return fail(call, "could not write to output file: " + e.text());
        }
        call.machine()
                .effect(call.process(), Effect.Kind.BACKUP, target.database, call.path(String.valueOf(file)), () -> {});
        return 0;
    }

    private static int fail(Call call, String text) throws IOException {
        call.err("pg_dump: error: " + text);
        return 1;
    }

    private static String given(@Nullable String option, Call call, String variable, String otherwise) {
        return option == null ? call.environment().getOrDefault(variable, otherwise) : option;
    }

    /** What the fault leaves of the file. */
    private static byte[] cut(Call call, PgArchive archive) throws IOException {
        byte[] all = archive.bytes();
        int contents = archive.contents().length;
        return switch (call.machine().faults().value(Fault.BADBACKUP)) {
            case "cut" -> Arrays.copyOf(all, contents / 2);
            case "data" -> Arrays.copyOf(all, contents + (all.length - contents) / 2);
            case "empty" -> new byte[0];
            default -> all;
        };
    }

    private static Connection connect(Target target, Password password) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", target.user);
        if (password.text != null) {
            properties.setProperty("password", password.text);
        }
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("ApplicationName", "pg_dump");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + target.host + ":" + target.port + "/" + target.database, properties);
    }

    private static String refused(Target target, Password password, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String message = String.valueOf(e.getMessage());
        if (state.startsWith("08") && password.text == null && message.contains("password")) {
            return target.at() + "fe_sendauth: no password supplied";
        }
        if (state.equals("08001")) {
            return message.contains("refused")
                    ? target.at()
                            + "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"
                    : "could not translate host name \"" + target.host + "\" to address: Name or service not known";
        }
        String real = message.replaceFirst("^FATAL: ", "FATAL:  ");
        return target.at()
                + real
                + (state.equals("28P01") && password.file != null
                        ? "\npassword retrieved from file \"" + password.file + "\""
                        : "");
    }

    private static Password password(Call call, Target target) throws IOException {
        String variable = call.environment().get("PGPASSWORD");
        if (variable != null) {
            return new Password(variable, null);
        }
        String file = call.environment()
                .getOrDefault("PGPASSFILE", call.environment().getOrDefault("HOME", "/") + "/.pgpass");
        FileSystem.Node node = call.files().find(file, true);
        if (node == null || !call.files().access(file, call.uid(), 4)) {
            return new Password(null, null);
        }
        if ((node.mode() & 077) != 0) {
            call.err("WARNING: password file \"" + file
                    + "\" has group or world access; permissions should be u=rw (0600) or less");
            return new Password(null, null);
        }
        for (String line : new String(call.readFile(file), StandardCharsets.UTF_8).split("\n")) {
            String found = password(line, List.of(target.host, target.port, target.database, target.user));
            if (found != null) {
                return new Password(found, file);
            }
        }
        return new Password(null, null);
    }

    /** The password in a line {@code host:port:database:user:password}, if it is for this target. */
    private static @Nullable String password(String line, List<String> target) {
        if (line.startsWith("#")) {
            return null;
        }
        String[] fields = line.split("(?<!\\\\):", 5);
        if (fields.length < 5) {
            return null;
        }
        for (int i = 0; i < target.size(); i++) {
            if (!fields[i].equals("*") && !Objects.equals(plain(fields[i]), target.get(i))) {
                return null;
            }
        }
        return plain(fields[4]);
    }

    private static String plain(String field) {
        return field.replaceAll("\\\\(.)", "$1");
    }

    /** Everything as of one moment. */
    private static PgArchive dump(Call call, Target target, Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        var schemas = new ArrayList<Entry>();
        var tables = new ArrayList<Entry>();
        var data = new ArrayList<Entry>();
        int id = 5;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select oid, nspname, pg_get_userbyid(nspowner) from pg_namespace
                        where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public') order by 2
                        """)) {
            while (rows.next()) {
                schemas.add(new Entry(
                        id++, 2615, rows.getLong(1), "SCHEMA", "-", rows.getString(2), rows.getString(3), ""));
            }
        }
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select c.oid, n.nspname, c.relname, pg_get_userbyid(c.relowner),
                               format('%I.%I', n.nspname, c.relname)
                        from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where c.relkind = 'r' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
                        order by 2, 3
                        """)) {
            PGConnection real = connection.unwrap(PGConnection.class);
            while (rows.next()) {
                long oid = rows.getLong(1);
                String schema = rows.getString(2);
                String name = rows.getString(3);
                String owner = rows.getString(4);
                tables.add(new Entry(id++, 1259, oid, "TABLE", schema, name, owner, ""));
                var bytes = new ByteArrayOutputStream();
                real.getCopyAPI().copyOut("copy " + rows.getString(5) + " to stdout", bytes);
                data.add(new Entry(
                        0, 0, oid, "TABLE DATA", schema, name, owner, bytes.toString(StandardCharsets.UTF_8)));
            }
        }
        var all = new ArrayList<>(schemas);
        all.addAll(tables);
        for (Entry e : data) {
            all.add(new Entry(id++, e.catalog(), e.oid(), e.kind(), e.schema(), e.name(), e.owner(), e.data()));
        }
        String version = connection.getMetaData().getDatabaseProductVersion();
        connection.rollback();
        return new PgArchive(STAMP.format(call.machine().now()), target.database, version, all);
    }
}
