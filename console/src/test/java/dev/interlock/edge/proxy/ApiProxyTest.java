package dev.interlock.edge.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.edge.EdgeUnderTest;
import dev.interlock.edge.Service;
import dev.interlock.testkit.TestTokens;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiProxyTest {

    private static final String BEARER = "Bearer " + TestTokens.token("olga", "operator");

    @RegisterExtension
    @Order(1)
    static final Service service = new Service();

    @RegisterExtension
    @Order(2)
    static final EdgeUnderTest edge = new EdgeUnderTest(service, Map.of());

    @BeforeEach
    void quiet() {
        service.answers((exchange, body) -> Service.json(exchange, 200, "{}"));
        while (service.wasAsked()) {
            service.asked();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/inventory/v1/hosts?limit=2&name=a%20b%2Fc, /api/v1/hosts?limit=2&name=a%20b%2Fc",
        "/api/licenses/v1/pools, /api/v1/pools",
        "/api/upgrades/v1/runs/7/events, /api/v1/runs/7/events",
        "/api/agents/v1/agents/a%2Fb, /api/v1/agents/a%2Fb",
        "/api/agents/openapi, /openapi",
        "/api/agents/openapi/platform.yml, /openapi/platform.yml"
    })
    void aPathOfTheEdgeIsAPathOfTheService(String asked, String within) {
        assertThat(edge.get(asked, "Authorization", BEARER).status()).isEqualTo(200);
        assertThat(service.asked().uri()).hasToString(within);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void everyMethodGoesThroughWithItsBody(String method) {
        service.answers((exchange, body) -> Service.send(exchange, 202, "text/plain", body, headers -> {}));
        var sent = method.equals("GET") || method.equals("OPTIONS") ? null : "{\"name\":\"north\"}";

        var answer = edge.send(method, "/api/inventory/v1/hosts", sent, "Authorization", BEARER);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text()).isEqualTo(sent == null ? "" : sent);
        assertThat(service.asked().method()).isEqualTo(method);
    }

    @Test
    void aFileGoesThroughByteForByteBothWays() {
        var file = new byte[3 << 20];
        new Random(7).nextBytes(file);
        service.answers((exchange, body) -> Service.send(
                exchange,
                200,
                "application/octet-stream",
                body,
                headers -> headers.set("Content-Disposition", "attachment; filename=\"request.bin\"")));

        var answer = edge.send(
                "POST",
                "/api/licenses/v1/activation-requests/7/response",
                file,
                "Authorization",
                BEARER,
                "Content-Type",
                "application/octet-stream");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.raw().body()).isEqualTo(file);
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"request.bin\"");
        assertThat(service.asked().body()).isEqualTo(ByteBuffer.wrap(file));
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithAProblem() {
        var answer = edge.send("POST", "/api/inventory/v1/imports", new byte[9 << 20], "Authorization", BEARER);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.problem()).isEqualTo("too-large");
    }

    @Test
    void headersThatMeanSomethingGoThroughAndThoseOfAConnectionDoNot() {
        service.answers(
                (exchange, body) -> Service.send(exchange, 200, "application/json", new byte[] {'{', '}'}, headers -> {
                    headers.set("ETag", "\"3\"");
                    headers.set("Keep-Alive", "timeout=5");
                    headers.set("Set-Cookie", "interlock-session=mine");
                    headers.set("X-Own", "kept");
                }));

        var answer = edge.get(
                "/api/upgrades/v1/plans/7",
                "Authorization",
                BEARER,
                "If-Match",
                "\"2\"",
                "Idempotency-Key",
                "k1",
                "Last-Event-ID",
                "41",
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "Cookie",
                "interlock-session=x; other=y",
                "TE",
                "trailers",
                "X-Forwarded-For",
                "6.6.6.6");

        var asked = service.asked().headers();
        assertThat(asked.getFirst("Authorization")).isEqualTo(BEARER);
        assertThat(asked.getFirst("If-Match")).isEqualTo("\"2\"");
        assertThat(asked.getFirst("Idempotency-Key")).isEqualTo("k1");
        assertThat(asked.getFirst("Last-Event-ID")).isEqualTo("41");
        assertThat(asked.getFirst("traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c-");
        assertThat(asked.getFirst("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(asked.getFirst("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(asked.getFirst("X-Forwarded-Host")).isEqualTo(edge.address().getAuthority());
        assertThat(asked.getFirst("X-Forwarded-Prefix")).isEqualTo("/api/upgrades");
        assertThat(asked.keySet()).doesNotContain("Cookie", "Te", "Origin");
        assertThat(answer.header("ETag")).isEqualTo("\"3\"");
        assertThat(answer.header("X-Own")).isEqualTo("kept");
        assertThat(answer.header("trace-id")).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(answer.raw().headers().map().keySet()).doesNotContain("keep-alive", "set-cookie");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void locationsAreThoseOfTheEdge() {
        var own = service.address();
        for (var location : new String[] {"/api/v1/runs/7", own + "/api/v1/runs/7"}) {
            service.answers((exchange, body) -> Service.send(
                    exchange,
                    201,
                    "application/json",
                    new byte[] {'{', '}'},
                    headers -> headers.set("Location", location)));
            assertThat(edge.send("POST", "/api/upgrades/v1/runs", "{}", "Authorization", BEARER)
                            .header("Location"))
                    .isEqualTo("/api/upgrades/v1/runs/7");
        }
        service.answers((exchange, body) -> Service.send(
                exchange,
                302,
                "text/plain",
                new byte[0],
                headers -> headers.set("Location", "https://example.com/api/v1")));
        var away = edge.get("/api/upgrades/v1/runs", "Authorization", BEARER);
        assertThat(away.status()).isEqualTo(302);
        assertThat(away.header("Location")).isEqualTo("https://example.com/api/v1");
    }

    @Test
    void whatTheServiceCompressedStaysAsItIs() throws Exception {
        var plain = "signal ".repeat(500).getBytes(StandardCharsets.UTF_8);
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        }
        service.answers((exchange, body) -> Service.send(
                exchange,
                200,
                "application/json",
                compressed.toByteArray(),
                headers -> headers.set("Content-Encoding", "gzip")));

        var answer = edge.get("/api/inventory/v1/hosts", "Authorization", BEARER, "Accept-Encoding", "gzip");

        assertThat(service.asked().headers().getFirst("Accept-Encoding")).isEqualTo("gzip");
        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.raw().body()).isEqualTo(compressed.toByteArray());
    }

    @Test
    void theServicesOwnProblemsAndEmptyAnswersGoThrough() {
        service.answers((exchange, body) -> Service.send(
                exchange,
                409,
                "application/problem+json",
                "{\"type\":\"/problems/host-taken\",\"status\":409}".getBytes(StandardCharsets.UTF_8),
                headers -> {}));
        var refused = edge.send("POST", "/api/inventory/v1/hosts", "{}", "Authorization", BEARER);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("host-taken");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");

        service.answers((exchange, body) -> Service.send(exchange, 204, "text/plain", new byte[0], headers -> {}));
        assertThat(edge.send("DELETE", "/api/inventory/v1/hosts/7", (byte[]) null, "Authorization", BEARER)
                        .status())
                .isEqualTo(204);

        service.answers((exchange, body) -> {
            exchange.getResponseHeaders().set("Content-Length", "1234");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        var head = edge.send("HEAD", "/api/inventory/v1/hosts/7", (byte[]) null, "Authorization", BEARER);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.raw().body()).isEmpty();
    }

    @Test
    void whoIsNotSignedInIsToldSoByTheEdge() {
        var answer = edge.get("/api/inventory/v1/hosts");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthenticated");
        assertThat(answer.json().path("next").asText()).contains("Sign in");
        assertThat(service.wasAsked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/nowhere/v1/hosts",
                "/api/inventory/../prometheus",
                "/api/inventory/v1/%2e%2e/%2E%2e/prometheus",
                "/api/inventory/..%2fprometheus",
                "/api/inventory/..;/prometheus"
            })
    void whatIsNoApiIsAProblem(String path) {
        var answer = edge.get(path, "Authorization", BEARER);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("no-such-path");
        assertThat(service.wasAsked()).isFalse();
    }

    @Test
    void aServiceThatBreaksOffBeforeItsAnswerIsAProblem() {
        service.answers((exchange, body) -> exchange.close());

        var answer = edge.get("/api/agents/v1/agents", "Authorization", BEARER);

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.problem()).isEqualTo("service-unavailable");
        assertThat(answer.json().path("service").asText()).isEqualTo("agent-monitor");
        assertThat(answer.json().path("next").asText()).contains("Try again");
    }
}
