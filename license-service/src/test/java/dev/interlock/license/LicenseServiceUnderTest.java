package dev.interlock.license;

import dev.interlock.testkit.ApiClient;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.ServiceUnderTest;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One running service on real PostgreSQL and Kafka, and the words in which the tests speak to it. */
public final class LicenseServiceUnderTest implements AutoCloseable {
    private static @Nullable LicenseServiceUnderTest shared;

    /** Whose answers every service under test applies. */
    public static final TestAuthority AUTHORITY = new TestAuthority();

    private final ApplicationContext context;
    private final Map<String, Object> properties;
    private final ApiClient nobody;

    private LicenseServiceUnderTest(Map<String, Object> more) {
        properties = ServiceUnderTest.properties("license");
        properties.put("interlock.license.authorities", AUTHORITY.publicKey());
        properties.putAll(more);
        context = LicenseService.start(properties);
        nobody = ApiClient.of(context.getBean(EmbeddedServer.class).getURI());
    }

    /** For tests that need no clock or setting of their own. */
    public static synchronized LicenseServiceUnderTest shared() {
        var running = shared;
        if (running == null) {
            running = new LicenseServiceUnderTest(Map.of());
            shared = running;
            var started = running;
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
        }
        return running;
    }

    public static LicenseServiceUnderTest with(Map<String, Object> more) {
        return new LicenseServiceUnderTest(more);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public URI uri() {
        return context.getBean(EmbeddedServer.class).getURI();
    }

    /** Makes a request for licences, and answers its id. */
    public UUID request(UUID server, String code, int total) {
        return UUID.fromString(created(tryRequest(server, code, total)).text("requestId"));
    }

    public ApiClient.Answer tryRequest(UUID server, String code, int total) {
        return operator()
                .post(
                        "/api/v1/license-servers/" + server + "/activation-requests",
                        "{\"activationCode\":\"%s\",\"total\":%d}".formatted(code, total));
    }

    public byte[] download(UUID request) {
        return FileTransfer.download(uri(), "/api/v1/activation-requests/" + request + "/request.bin");
    }

    public ApiClient.Answer upload(UUID request, byte[] response) {
        return FileTransfer.upload(uri(), "/api/v1/activation-requests/" + request + "/response", response);
    }

    public ApiClient.Answer inspect(byte[] response) {
        return FileTransfer.upload(uri(), "/api/v1/activation-responses/inspection", response);
    }

    public ApiClient.Answer apply(UUID request) {
        return operator().post("/api/v1/activation-requests/" + request + "/application", "");
    }

    /** Activates by request and answer, all of it going well. */
    public UUID activateByRequest(UUID server, String code, int total) {
        var request = request(server, code, total);
        var response = AUTHORITY.answer(download(request), bean(Clock.class).instant());
        created(upload(request, response));
        var applied = apply(request);
        if (applied.status() != 200) {
            throw new AssertionError(applied.toString());
        }
        return request;
    }

    public ApiClient nobody() {
        return nobody;
    }

    public ApiClient operator() {
        return nobody.as("olga", "operator");
    }

    public ApiClient broker() {
        return nobody.as("broker", "service");
    }

    public KafkaProbe kafka() {
        return new KafkaProbe(property("kafka.bootstrap.servers"));
    }

    public Connection database() throws SQLException {
        return DriverManager.getConnection(
                property("datasources.default.url"),
                property("datasources.default.username"),
                property("datasources.default.password"));
    }

    public UUID server() {
        var answer = operator()
                .post(
                        "/api/v1/license-servers",
                        "{\"name\":\"ls-%s\",\"kind\":\"native\"}".formatted(UUID.randomUUID()));
        return UUID.fromString(created(answer).text("licenseServerId"));
    }

    public String pool(int seats) {
        return pool(seats, Instant.parse("2099-01-01T00:00:00Z"));
    }

    public String pool(int seats, Instant expiresAt) {
        var code = UUID.randomUUID().toString();
        return pool(code, seats, expiresAt);
    }

    public String pool(String code, int seats, Instant expiresAt) {
        created(operator().post("/api/v1/pools", """
                        {"activationCode":"%s","seats":%d,"feature":"pcoip-session","expiresAt":"%s"}
                        """.formatted(code, seats, expiresAt)));
        return code;
    }

    public ApiClient.Answer activate(String code, UUID server, int total) {
        return operator().put("/api/v1/pools/" + code + "/activations/" + server, "{\"total\":%d}".formatted(total));
    }

    public ApiClient.Answer session(UUID server, UUID agent, String user, String... headers) {
        return broker().post(
                        "/api/v1/license-servers/" + server + "/sessions",
                        "{\"agentId\":\"%s\",\"user\":\"%s\"}".formatted(agent, user),
                        headers);
    }

    /** A server with its own pool, all of it active. */
    public UUID serverWith(int seats) {
        var server = server();
        var answer = activate(pool(seats), server, seats);
        if (answer.status() != 200) {
            throw new AssertionError(answer.toString());
        }
        return server;
    }

    private static ApiClient.Answer created(ApiClient.Answer answer) {
        if (answer.status() != 201) {
            throw new AssertionError(answer.toString());
        }
        return answer;
    }

    private String property(String name) {
        return Objects.requireNonNull(properties.get(name), name).toString();
    }

    @Override
    public void close() {
        context.close();
    }
}
