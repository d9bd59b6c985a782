package dev.interlock.lab.product;

import dev.interlock.lab.machine.Packages;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The productive database of a UMS deployment: a schema in a real PostgreSQL. Its version follows major.minor of the UMS. */
final class UmsDatabase {
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^:/]+)(?::(\\d+))?/([^?]+).*");

    /** What a deployment is made of, as its tables and the console's network page call it. */
    enum Kind {
        SERVER("server"),
        LOAD_BALANCER("load-balancer");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        String table() {
            return word.replace('-', '_');
        }
    }

    /** A line of the console's "UMS Network". */
    record Registered(Kind kind, UUID processId, String host, String ip, String version, String mode) {}

    /** Something to do while the row that holds the schema's version is locked. */
    interface Renewal {
        void act(String from, Change change);
    }

    /** Makes the change for good. */
    interface Change {
        void commit() throws SQLException;
    }

    private final String url;
    private final String user;
    private final String password;
    private final String schema;

    UmsDatabase(String url, String user, String password, String schema) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.schema = schema;
        if (!URL.matcher(url).matches()) {
            throw new IllegalArgumentException(
                    "The UMS' database is given as jdbc:postgresql://host:port/database, not as "
                            + url.replaceFirst("\\?.*", ""));
        }
    }

    UmsDatabase in(String otherSchema) {
        return new UmsDatabase(url, user, password, "\"" + otherSchema + "\"");
    }

    private String part(int group) {
        Matcher matcher = URL.matcher(url);
        return matcher.matches() && matcher.group(group) != null ? matcher.group(group) : "5432";
    }

    String host() {
        return part(1);
    }

    String port() {
        return part(2);
    }

    String name() {
        return part(3);
    }

    String user() {
        return user;
    }

    /** As a line of {@code ~/.pgpass}. */
    String pgpass() {
        return String.join(
                        ":",
                        host(),
                        port(),
                        name(),
                        user,
                        password.replace("\\", "\\\\").replace(":", "\\:")) + "\n";
    }

    static String majorMinor(String version) {
        String[] parts = version.split("\\.", 3);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("ApplicationName", "igel-ums " + schema);
        return DriverManager.getConnection(url, properties);
    }

    void create(String version) throws SQLException {
        String component = """
                (process_id uuid primary key, host text not null, ip text not null, version text not null,
                 mode text not null check (mode in ('normal', 'update')))
                """;
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("drop schema if exists " + schema + " cascade");
            statement.execute("create schema " + schema);
            statement.execute("set search_path to " + schema);
            statement.execute("""
                    create table schema_info (only_row boolean primary key default true check (only_row),
                        version text not null, renewals integer not null default 0)
                    """);
            statement.execute("create table server " + component);
            statement.execute("create table load_balancer " + component);
            statement.execute("create table renewal (version text primary key, host text not null,"
                    + " renewed_at timestamptz not null default now())");
            statement.execute("create table device (id integer primary key, name text not null)");
            statement.execute(
                    "insert into device select n, 'device-' || lpad(n::text, 4, '0') from generate_series(1, 200) n");
            statement.execute("insert into schema_info (version) values ('" + majorMinor(version) + "')");
        }
    }

    String schemaVersion() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select version from " + schema + ".schema_info")) {
            rows.next();
            return rows.getString(1);
        }
    }

    List<Registered> registered(Kind kind) throws SQLException {
        var all = new ArrayList<Registered>();
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select process_id, host, ip, version, mode from " + schema + "."
                        + kind.table() + " order by host")) {
            while (rows.next()) {
                all.add(new Registered(
                        kind,
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5)));
            }
        }
        return all;
    }

    void register(Registered component) throws SQLException {
        try (var connection = connect();
                var statement = connection.prepareStatement(
                        """
                        insert into %s.%s (process_id, host, ip, version, mode) values (?, ?, ?, ?, ?)
                        on conflict (process_id) do update
                        set host = excluded.host, ip = excluded.ip, version = excluded.version, mode = excluded.mode
                        """.formatted(schema, component.kind().table()))) {
            statement.setObject(1, component.processId());
            statement.setString(2, component.host());
            statement.setString(3, component.ip());
            statement.setString(4, component.version());
            statement.setString(5, component.mode());
            statement.executeUpdate();
        }
    }

    void remove(Kind kind, UUID processId) throws SQLException {
        try (var connection = connect();
                var statement = connection.prepareStatement(
                        "delete from " + schema + "." + kind.table() + " where process_id = ?")) {
            statement.setObject(1, processId);
            statement.executeUpdate();
        }
    }

    /**
     * Renews the schema if it is older. Whoever comes second waits for the first and finds that there is nothing to do; a second
     * renewal to the same version would break a primary key and a column.
     */
    void renew(String target, String host, Renewal renewal) throws SQLException {
        try (var connection = connect()) {
            connection.setAutoCommit(false);
            String now;
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("select version from " + schema + ".schema_info for update")) {
                rows.next();
                now = rows.getString(1);
            }
            if (Packages.compare(now, target) >= 0) {
                connection.rollback();
                return;
            }
            renewal.act(now, () -> {
                try (var statement = connection.prepareStatement(
                        "insert into " + schema + ".renewal (version, host) values (?, ?)")) {
                    statement.setString(1, target);
                    statement.setString(2, host);
                    statement.executeUpdate();
                }
                try (var statement = connection.createStatement()) {
                    statement.execute("alter table " + schema + ".device add column added_in_"
                            + target.replaceAll("[^0-9]", "_") + " text");
                }
                try (var statement = connection.prepareStatement(
                        "update " + schema + ".schema_info set version = ?, renewals = renewals + 1")) {
                    statement.setString(1, target);
                    statement.executeUpdate();
                }
                connection.commit();
            });
        }
    }
}
