import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.embedded.SigningKey;
import dev.interlock.license.LicenseService;
import dev.interlock.license.adapter.jdbc.JdbcSessions;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many sessions a second license-service authorises over HTTP – token checked, one licence claimed, event in the outbox,
 * relay and Kafka at work – beside pgbench running the same two statements in a transaction on the same PostgreSQL. The two
 * take turns, so that both meet the same machine. Started by {@code deploy/bench/session-authorization}.
 */
public final class SessionAuthorization {
    private static int clients = 16;
    private static int seconds = 5;
    private static int rounds = 3;
    private static boolean durable = true;

    public static void main(String[] args) throws Exception {
        boolean json = false;
        var serverCounts = new int[] {1, 16};
        for (String arg : args) {
            if (arg.equals("--json")) {
                json = true;
            } else if (arg.equals("--no-fsync")) {
                durable = false;
            } else if (arg.matches("--clients=\\d+")) {
                clients = Integer.parseInt(arg.substring(10));
            } else if (arg.matches("--seconds=\\d+")) {
                seconds = Integer.parseInt(arg.substring(10));
            } else if (arg.matches("--rounds=\\d+")) {
                rounds = Integer.parseInt(arg.substring(9));
            } else if (arg.matches("--servers=\\d+")) {
                serverCounts = new int[] {Integer.parseInt(arg.substring(10))};
            } else {
                System.err.println("usage: deploy/bench/session-authorization [--json] [--no-fsync] [--clients=N]"
                        + " [--seconds=N] [--rounds=N] [--servers=N]");
                System.exit(2);
            }
        }
        var key = SigningKey.generate();
        var token = key.token("bench", List.of("service"), Instant.now(), Duration.ofHours(2));
        try (var servers = new BenchServers("session-authorization", durable)) {
            var properties = servers.properties();
            properties.put("interlock.security.jwks", key.jwksJson());
            try (var service = LicenseService.start(properties)) {
                int port = service.getBean(EmbeddedServer.class).getPort();
                var lines = new ArrayList<String>();
                for (int count : serverCounts) {
                    lines.add(measure(count, port, token, servers, json));
                }
                lines.forEach(System.out::println);
            }
        }
        System.exit(0);
    }

    private static String measure(
            int servers, int port, String token, BenchServers on, boolean json) throws Exception {
        var postgres = on.postgres;
        try (var database = connect(postgres)) {
            prepare(database, servers);
            var script = Files.writeString(on.folder.resolve("authorize.sql"), pgbenchScript(servers));
            http(servers, port, token, Math.max(3, seconds));
            pgbench(postgres, script, 2);
            var http = new double[rounds];
            var pgbench = new double[rounds];
            var latencies = new ArrayList<long[]>();
            for (int round = 0; round < rounds; round++) {
                awaitEmptyOutbox(database);
                var result = http(servers, port, token, seconds);
                http[round] = result.perSecond();
                latencies.add(result.nanos());
                awaitEmptyOutbox(database);
                pgbench[round] = pgbench(postgres, script, seconds);
            }
            checkCounts(database);
            var nanos = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            double service = median(http);
            double yardstick = median(pgbench);
            double p50 = nanos[nanos.length / 2] / 1e6;
            double p99 = nanos[(int) (nanos.length * 0.99)] / 1e6;
            return json
                    ? String.format(
                            Locale.ROOT,
                            "{\"bench\":\"session-authorization\",\"servers\":%d,\"clients\":%d,\"durable\":%b,"
                                    + "\"httpPerSecond\":%.0f,\"pgbenchPerSecond\":%.0f,\"ratio\":%.3f,"
                                    + "\"httpMillisP50\":%.2f,\"httpMillisP99\":%.2f}",
                            servers, clients, durable, service, yardstick, service / yardstick, p50, p99)
                    : String.format(
                            Locale.ROOT,
                            "%2d license server(s), %d clients, PostgreSQL %s: HTTP %,.0f/s (p50 %.1f ms, p99 %.1f ms),"
                                    + " pgbench %,.0f/s, ratio %.2f",
                            servers,
                            clients,
                            durable ? "durable" : "without fsync",
                            service,
                            p50,
                            p99,
                            yardstick,
                            service / yardstick);
        }
    }

    private static UUID server(int number) {
        return new UUID(0, number);
    }

    /** One pool of a million seats a server; nothing in use. */
    private static void prepare(Connection database, int servers) throws Exception {
        try (var statement = database.createStatement()) {
            statement.execute("truncate session, activation, pool, pool_notice, license_server, outbox");
            for (int i = 1; i <= servers; i++) {
                statement.execute("insert into license_server values ('%s', 'bench-%d', 'native', null, now(), 'bench')"
                        .formatted(server(i), i));
                statement.execute(
                        "insert into pool (activation_code, seats, feature, expires_at, created_at) values ('BENCH-%d', 1000000,"
                                .formatted(i) + " 'pcoip-session', '2099-01-01', now())");
                statement.execute("insert into activation (activation_code, server_id, total) values ('BENCH-%d','%s',1000000)"
                        .formatted(i, server(i)));
            }
            statement.execute("vacuum analyze");
        }
    }

    /** The service's own statement with pgbench's values in it, and the outbox's insert. */
    private static String pgbenchScript(int servers) {
        var server = "('00000000-0000-0000-0000-' || lpad(to_hex(:n::int), 12, '0'))::uuid";
        var claim = JdbcSessions.CLAIM;
        for (String value : List.of(
                server, "now()", "gen_random_uuid()", server, "'00000000-0000-0000-0001-000000000001'::uuid", "'bench'", "now()")) {
            claim = claim.replaceFirst("\\?", java.util.regex.Matcher.quoteReplacement(value));
        }
        var payload = "{\"sessionId\":\"00000000-0000-0000-0000-000000000001\",\"licenseServerId\":\"00000000-0000-0000-0000-000000000001\","
                + "\"agentId\":\"00000000-0000-0000-0001-000000000001\",\"user\":\"bench\",\"activationCode\":\"BENCH-1\","
                + "\"feature\":\"pcoip-session\",\"inUse\":1,\"total\":1000000,\"at\":\"2026-01-01T00:00:00.000000Z\"}";
        var schema = "urn:interlock:schema:dev.interlock.license.SessionAuthorized.v1";
        return """
                \\set n random(1, %d)
                begin;
                %s;
                with locked as materialized (
                    select count(pg_advisory_xact_lock(1229737803, bucket)) from unnest(array[:n::int]) as bucket)
                insert into outbox
                    (id, aggregatetype, aggregateid, type, payload, occurred_at, source, dataschema, traceparent)
                select e.id, e.aggregatetype, e.aggregateid, e.type, e.payload::jsonb, e.occurred_at, e.source, e.dataschema,
                       e.traceparent
                from locked,
                     unnest(array[gen_random_uuid()], array['interlock.license.sessions.v1'], array[%s::text],
                            array['dev.interlock.license.SessionAuthorized.v1'], array[%s], array[now()],
                            array['/interlock/license-service'],
                            array[%s], array[null::text])
                     with ordinality as e (id, aggregatetype, aggregateid, type, payload, occurred_at, source, dataschema,
                            traceparent, place)
                order by e.place;
                commit;
                """
                .formatted(servers, claim.strip(), server, literal(payload), literal(schema));
    }

    /** pgbench would take what follows a colon for a variable, inside a text too. */
    private static String literal(String text) {
        return "E'" + text.replace(":", "\\x3a") + "'";
    }

    private static double pgbench(EmbeddedPostgres postgres, Path script, int seconds) throws Exception {
        var builder = new ProcessBuilder(
                        "pgbench", "-n", "-M", "prepared", "-f", script.toString(), "-c", Integer.toString(clients), "-j", "2",
                        "-T", Integer.toString(seconds), "-h", "127.0.0.1", "-p", Integer.toString(postgres.port()),
                        "-U", EmbeddedPostgres.USER, "bench")
                .redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", postgres.password());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
        return output.lines()
                .filter(line -> line.startsWith("tps = "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[2]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(output));
    }

    private record Result(double perSecond, long[] nanos) {}

    /** Clients that cost little: one kept connection each, a request of bytes, and the status of the answer. */
    private static Result http(int servers, int port, String token, int seconds) throws Exception {
        var answered = new LongAdder();
        var calls = new ArrayList<Callable<long[]>>();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        for (int i = 0; i < clients; i++) {
            int client = i;
            calls.add(() -> {
                var nanos = new ArrayList<Long>();
                try (var socket = new Socket("127.0.0.1", port)) {
                    socket.setTcpNoDelay(true);
                    var in = new BufferedInputStream(socket.getInputStream());
                    var out = new BufferedOutputStream(socket.getOutputStream());
                    for (int n = client; System.nanoTime() < end; n++) {
                        long start = System.nanoTime();
                        out.write(request(server(1 + n % servers), token));
                        out.flush();
                        int status = status(in);
                        if (status != 201) {
                            throw new IllegalStateException("answer " + status);
                        }
                        nanos.add(System.nanoTime() - start);
                        answered.increment();
                    }
                }
                return nanos.stream().mapToLong(Long::longValue).toArray();
            });
        }
        long begin = System.nanoTime();
        var all = new ArrayList<long[]>();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            for (var result : threads.invokeAll(calls)) {
                all.add(result.get());
            }
        }
        double took = (System.nanoTime() - begin) / 1e9;
        return new Result(answered.sum() / took, all.stream().flatMapToLong(Arrays::stream).toArray());
    }

    private static byte[] request(UUID server, String token) {
        var body = "{\"agentId\":\"00000000-0000-0000-0001-000000000001\",\"user\":\"bench\"}";
        return ("POST /api/v1/license-servers/" + server + "/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                        + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static int status(InputStream in) throws IOException {
        int status = 0;
        int length = 0;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (status == 0) {
                status = Integer.parseInt(line.substring(9, 12));
            } else if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the service hung up");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void awaitEmptyOutbox(Connection database) throws Exception {
        try (var statement = database.createStatement()) {
            for (int i = 0; i < 1200; i++) {
                try (var rows = statement.executeQuery("select count(*) from outbox")) {
                    rows.next();
                    if (rows.getLong(1) == 0) {
                        return;
                    }
                }
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("the relay does not get the outbox empty");
    }

    /** No licence lost or doubled by either. */
    private static void checkCounts(Connection database) throws Exception {
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(
                        "select (select sum(in_use) from activation), (select count(*) from session where released_at is null)")) {
            rows.next();
            if (rows.getLong(1) != rows.getLong(2)) {
                throw new IllegalStateException(rows.getLong(1) + " licences in use by " + rows.getLong(2) + " sessions");
            }
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws Exception {
        return DriverManager.getConnection(postgres.jdbcUrl("bench"), EmbeddedPostgres.USER, postgres.password());
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private SessionAuthorization() {}
}
