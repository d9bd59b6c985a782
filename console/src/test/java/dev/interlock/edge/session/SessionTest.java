package dev.interlock.edge.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.edge.EdgeUnderTest;
import dev.interlock.edge.EdgeUnderTest.Answer;
import dev.interlock.edge.Service;
import dev.interlock.embedded.Ports;
import dev.interlock.platform.service.StartFailure;
import dev.interlock.testkit.TestTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SessionTest {

    @TempDir
    static Path folder;

    private static Service service;
    private static EdgeUnderTest edge;

    @BeforeAll
    static void start() {
        service = new Service();
        edge = edge();
    }

    @AfterAll
    static void stop() {
        edge.close();
        service.close();
    }

    /** On a port that is not one of those of outgoing connections, so that it is still free when the edge starts again. */
    private static EdgeUnderTest edge() {
        return edge(Ports.free());
    }

    private static EdgeUnderTest edge(int port) {
        return new EdgeUnderTest(
                service,
                Map.of(
                        "micronaut.server.port",
                        port,
                        "interlock.edge.session.key-file",
                        folder.resolve("session.key").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "text/html, */*;q=0.8"})
    void nobodyIsSignedInAtFirst(String accepted) {
        var answer = edge.get("/session", "Accept", accepted);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("signedIn").asBoolean(true)).isFalse();
        assertThat(answer.json().path("subject").isNull()).isTrue();
        assertThat(answer.json().path("roles").size()).isZero();
        assertThat(answer.json().path("login").asText()).isEqualTo("token");
        assertThat(answer.json().path("version").asText()).matches("\\d+\\.\\d+\\..*");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aGoodTokenBecomesASessionWithWhichTheServicesAreAsked() {
        var token = TestTokens.token("olga", "viewer", "operator");
        var signedIn = edge.signIn(token);

        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.text()).doesNotContain(token);
        var shown = edge.get("/session", "Cookie", signedIn.cookies());
        assertThat(shown.json()).isEqualTo(signedIn.json());
        assertThat(shown.json().path("signedIn").asBoolean()).isTrue();
        assertThat(shown.json().path("subject").asText()).isEqualTo("olga");
        assertThat(shown.json().path("roles")).extracting(r -> r.asText()).containsExactly("operator", "viewer");
        assertThat(Instant.parse(shown.json().path("expiresAt").asText()))
                .isBetween(Instant.now().plusSeconds(3000), Instant.now().plusSeconds(3700));

        assertThat(edge.get("/api/inventory/v1/hosts", "Cookie", signedIn.cookies())
                        .status())
                .isEqualTo(200);
        var asked = service.asked();
        assertThat(asked.headers().getFirst("Authorization")).isEqualTo("Bearer " + token);
        assertThat(asked.headers().containsKey("Cookie")).isFalse();
    }

    @Test
    void theTokenOfAProgramCountsEvenBesideACookie() {
        var own = "Bearer " + TestTokens.token("robot", "service");
        edge.get("/api/agents/v1/agents", "Cookie", session(), "Authorization", own);

        assertThat(service.asked().headers().getFirst("Authorization")).isEqualTo(own);
    }

    @Test
    void theCookieIsOnlyForTheBrowserAndOnlyForUs() {
        var cookie = edge.signIn(TestTokens.token("olga", "viewer")).header("Set-Cookie");

        assertThat(cookie)
                .startsWith("interlock-session-" + edge.address().getPort() + "=")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .contains("Path=/")
                .contains("Max-Age=")
                .doesNotContain("Secure")
                .doesNotContain("Domain");
        assertThat(cookie.length()).isLessThan(4096);
    }

    @Test
    void underHttpsTheCookieIsSecureAndOfThisHostAlone() {
        try (var behindProxy =
                new EdgeUnderTest(service, Map.of("interlock.edge.public-url", "https://interlock.example.com"))) {
            var cookie = behindProxy.signIn(TestTokens.token("olga", "viewer")).header("Set-Cookie");
            assertThat(cookie)
                    .startsWith("__Host-interlock-session=")
                    .contains("Secure")
                    .containsIgnoringCase("HttpOnly");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "forged", "nonsense"})
    void aTokenThatDoesNotCountIsRefused(String kind) {
        var answer = edge.signIn(
                switch (kind) {
                    case "expired" -> TestTokens.expired("olga", "operator");
                    case "forged" -> TestTokens.forged("olga", "operator");
                    default -> kind;
                });

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthenticated");
        assertThat(answer.json().path("next").asText()).contains("./interlock token");
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void aTamperedCookieIsNoSession() {
        var good = session();
        int middle = good.length() / 2;
        var bad = good.substring(0, middle) + (good.charAt(middle) == 'A' ? 'B' : 'A') + good.substring(middle + 1);

        assertSignedOut(edge.get("/session", "Cookie", bad));
        var refused = edge.get("/api/inventory/v1/hosts", "Cookie", bad);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().path("detail").asText()).contains("The session has ended");
        assertThat(refused.header("Set-Cookie")).contains("Max-Age=0");
    }

    @Test
    void aSessionEndsWithItsToken() throws Exception {
        var ends = edge.signIn(dying()).cookies();
        Awaitility.await()
                .until(() -> !edge.get("/session", "Cookie", ends)
                        .json()
                        .path("signedIn")
                        .asBoolean());

        assertThat(edge.get("/api/inventory/v1/hosts", "Cookie", ends).status()).isEqualTo(401);
    }

    /** Good for two more seconds; the skew of clocks that is allowed to an issuer is not granted to a session. */
    private static String dying() {
        return TestTokens.token("olga", Duration.ofSeconds(2), "viewer");
    }

    @Test
    void aRestartSignsNobodyOutButAnotherKeyDoes() {
        var before = session();
        int port = edge.address().getPort();
        edge.close();
        // the server lets go of its port a moment after its context has said that it is closed
        Awaitility.await("the port is free").until(() -> Ports.isFree(port));
        edge = edge(port);
        assertThat(edge.get("/session", "Cookie", before).json().path("subject").asText())
                .isEqualTo("olga");

        try (var other = new EdgeUnderTest(service, Map.of())) {
            var renamed = before.replace(
                    "session-" + port, "session-" + other.address().getPort());
            assertSignedOut(other.get("/session", "Cookie", renamed));
        }
    }

    @Test
    void theKeyIsReadableByItsOwnerOnlyOrNotUsed() throws Exception {
        var key = folder.resolve("session.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        var open = Files.writeString(folder.resolve("open.key"), Files.readString(key));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() ->
                        new EdgeUnderTest(service, Map.of("interlock.edge.session.key-file", open.toString())).close())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void signingOutMakesTheBrowserForget() {
        var answer =
                edge.send("DELETE", "/session", (byte[]) null, "Cookie", session(), "Sec-Fetch-Site", "same-origin");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Set-Cookie")).contains("Max-Age=0").contains("Path=/");
    }

    @Test
    void aTokenThatFillsSeveralCookiesStillWorks() {
        var roles = new String[400];
        var random = new Random(3);
        Arrays.setAll(roles, i -> Long.toString(random.nextLong(), 36));
        var answer = edge.signIn(TestTokens.token("olga", roles));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.raw().headers().allValues("Set-Cookie"))
                .hasSizeGreaterThan(1)
                .allSatisfy(cookie -> assertThat(cookie.length()).isLessThan(4096));
        assertThat(edge.get("/session", "Cookie", answer.cookies())
                        .json()
                        .path("subject")
                        .asText())
                .isEqualTo("olga");
    }

    // who may send commands with the cookie

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, same-origin, 200",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, none, 403",
        "Origin, https://evil.example, 403",
        "Origin, null, 403",
        "X-Nothing, said, 403"
    })
    void aCommandWithTheCookieMustComeFromOurPage(String header, String value, int expected) {
        var answer = edge.send("POST", "/api/upgrades/v1/runs", "{}", "Cookie", session(), header, value);

        assertThat(answer.status()).isEqualTo(expected);
        if (expected == 403) {
            assertThat(answer.problem()).isEqualTo("other-origin");
        } else {
            service.asked();
        }
        assertThat(service.wasAsked()).isFalse();
    }

    @Test
    void anOriginOfOursIsEnoughForAnOlderBrowser() {
        assertThat(edge.send(
                                "DELETE",
                                "/api/upgrades/v1/runs/7",
                                (byte[]) null,
                                "Cookie",
                                session(),
                                "Origin",
                                edge.address().toString())
                        .status())
                .isEqualTo(200);
        service.asked();
    }

    @Test
    void anotherSiteCannotSignABrowserIn() {
        var answer = edge.send(
                "POST",
                "/session",
                "{\"token\":\"" + TestTokens.token("mallory", "viewer") + "\"}",
                "Content-Type",
                "application/json",
                "Origin",
                "https://evil.example");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void readingNeedsNoProof() {
        assertThat(edge.get("/api/inventory/v1/hosts", "Cookie", session(), "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(200);
        service.asked();
    }

    private static String session() {
        return edge.signIn(TestTokens.token("olga", "viewer")).cookies();
    }

    private static void assertSignedOut(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("signedIn").asBoolean(true)).isFalse();
    }
}
