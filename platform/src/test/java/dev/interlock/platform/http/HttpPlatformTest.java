package dev.interlock.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.platform.http.RunningService.Answer;
import dev.interlock.platform.security.RouteCatalogue;
import dev.interlock.testkit.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpPlatformTest {

    private static final String GOOD = "{\"name\":\"north\",\"aspects\":3}";
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    // problems

    @Test
    void namesTheWrongFieldsOfARequest() {
        var answer = service.post(
                "/api/v1/signals", "{\"name\":\" \",\"aspects\":0,\"lamps\":[{\"colour\":\"\"}]}", "operator");

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer.json().get("fields"))
                .extracting(f -> f.get("field").asText())
                .containsExactlyInAnyOrder("aspects", "lamps[0].colour", "name");
    }

    @Test
    void refusesAFieldThatItDoesNotKnow() {
        var answer = service.post("/api/v1/signals", "{\"name\":\"n\",\"aspects\":1,\"colour\":\"red\"}", "operator");

        assertProblem(answer, 400, "unknown-field");
        assertThat(answer.json().get("detail").asText()).contains("\"colour\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":",
                "hello",
                "{\"name\":\"a\",\"name\":\"b\",\"aspects\":1}",
                "{\"name\":\"a\",\"aspects\":1} x"
            })
    void refusesWhatIsNotJson(String body) {
        assertProblem(service.post("/api/v1/signals", body, "operator"), 400, "malformed-json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"n\",\"aspects\":\"many\"}",
                "{\"name\":\"n\",\"aspects\":1.5}",
                "{\"name\":\"n\",\"aspects\":null}",
                "{\"name\":\"n\",\"aspects\":\"3\"}"
            })
    void saysWhichFieldHasAValueOfTheWrongKind(String body) {
        var answer = service.post("/api/v1/signals", body, "operator");

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer.json().get("fields").get(0).get("field").asText()).isEqualTo("aspects");
    }

    @Test
    void saysThatATimeCannotBeRead() {
        var answer =
                service.post("/api/v1/signals", "{\"name\":\"n\",\"aspects\":1,\"since\":\"yesterday\"}", "operator");

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer.json().get("detail").asText()).contains("since", "2026-01-31T23:59:59Z");
    }

    @Test
    void saysThatTheBodyIsMissing() {
        var answer = service.send(service.request("POST", "/api/v1/signals", null, RunningService.token("operator"))
                .header("Content-Type", "application/json"));
        assertProblem(answer, 400, "invalid-request");
    }

    @Test
    void saysThatAPathVariableIsNoUuid() {
        var answer = service.get("/api/v1/signals/seven", "viewer");

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer.json().get("detail").asText()).isEqualTo("id cannot be read as a UUID.");
    }

    @Test
    void answersAnUnknownThingWithWhatToDoNext() {
        var id = UUID.randomUUID();
        var answer = service.get("/api/v1/signals/" + id, "viewer");

        assertProblem(answer, 404, "not-found");
        assertThat(answer.json().get("instance").asText()).isEqualTo("/api/v1/signals/" + id);
    }

    @Test
    void answersAnUnknownPath() {
        assertProblem(service.get("/api/v1/points", "viewer"), 404, "no-such-path");
        assertProblem(service.send(service.request("GET", "/api/v1/points", null, null)), 401, "unauthenticated");
    }

    @Test
    void answersAMethodThatIsNotThere() {
        var answer = service.send(service.request("PATCH", "/api/v1/signals", "{}", RunningService.token("operator")));

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("allow")).contains("POST", "GET");
    }

    @Test
    void answersAWishForAnotherMediaType() {
        var answer = service.send(service.request("GET", "/api/v1/signals", null, RunningService.token("viewer"))
                .header("Accept", "text/csv"));
        assertProblem(answer, 406, "not-acceptable");
    }

    @Test
    void answersABodyOfAnotherMediaType() {
        var request = service.request("POST", "/api/v1/signals", null, RunningService.token("operator"))
                .header("Content-Type", "text/plain")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("north"));
        assertProblem(service.send(request), 415, "unsupported-media-type");
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        var large = "{\"name\":\"" + "n".repeat(1_100_000) + "\",\"aspects\":1}";
        assertProblem(service.post("/api/v1/signals", large, "operator"), 413, "too-large");
    }

    @Test
    void keepsTheReasonOfAnUnexpectedErrorToItself() {
        var answer = service.get("/api/v1/signals/broken", "viewer");

        assertProblem(answer, 500, "unexpected");
        assertThat(answer.raw().body()).doesNotContain("secret reason", "IllegalState", "dev.interlock");
        assertThat(answer.json().get("id").asText())
                .isEqualTo(answer.header("trace-id"))
                .hasSize(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "501", "-1"})
    void refusesALimitOutOfRange(String limit) {
        assertProblem(service.get("/api/v1/signals?limit=" + limit, "viewer"), 400, "invalid-request");
    }

    @Test
    void refusesACursorOfSomethingElse() {
        assertProblem(service.get("/api/v1/signals?after=%21%21", "viewer"), 400, "invalid-request");
        assertProblem(service.get("/api/v1/signals?after=" + Cursor.of("a", "b"), "viewer"), 400, "invalid-request");
    }

    @Test
    void wantsToKnowWhichVersionAnUpdateReplaces() {
        var path = "/api/v1/signals/" + UUID.randomUUID();
        var token = RunningService.token("operator");

        assertProblem(service.send(service.request("PUT", path, null, token)), 428, "if-match-required");
        assertProblem(
                service.send(service.request("PUT", path, null, token).header("If-Match", "\"v6\"")),
                412,
                "stale-version");
        var updated = service.send(service.request("PUT", path, null, token).header("If-Match", "\"v7\""));
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.header("etag")).isEqualTo("\"v8\"");
    }

    // pages

    @Test
    void readsAListPageByPage() {
        for (String name : List.of("page-a", "page-b", "page-c")) {
            assertThat(service.post("/api/v1/signals", "{\"name\":\"" + name + "\",\"aspects\":1}", "operator")
                            .status())
                    .isEqualTo(201);
        }
        var seen = new ArrayList<String>();
        var after = Cursor.of("page");
        while (after != null) {
            var page = service.get("/api/v1/signals?limit=2&after=" + after, "viewer")
                    .json();
            page.get("items").forEach(item -> seen.add(item.get("name").asText()));
            assertThat(page.get("items").get(0).get("lamps").isArray()).isTrue();
            after = page.get("next").isNull() ? null : page.get("next").asText();
        }
        assertThat(seen).containsSubsequence("page-a", "page-b", "page-c");
    }

    // security

    @Test
    void answersNoRouteWithoutATokenButLivenessAndReadiness() {
        var routes = RouteCatalogue.of(service.context);
        assertThat(routes).extracting(RouteCatalogue::path).contains("/api/v1/signals", "/prometheus", "/api/v1/audit");

        var open = routes.stream()
                .filter(route -> !route.method().equals("OPTIONS"))
                .filter(route -> service.send(service.request(route.method(), route.path(), null, null))
                                .status()
                        != 401)
                .map(RouteCatalogue::path)
                .toList();

        assertThat(open).containsOnly("/health/liveness", "/health/readiness");
    }

    @Test
    void letsNobodyReadWhatNobodySaidWhoMayRead() {
        assertProblem(service.get("/unmarked", "admin", "operator"), 403, "forbidden");
    }

    @Test
    void givesTheMethodsRolesPrecedenceOverTheClasss() {
        assertThat(service.get("/api/v1/signals", "viewer").status()).isEqualTo(200);
        assertProblem(service.post("/api/v1/signals", GOOD, "viewer", "service", "approver"), 403, "forbidden");
        assertProblem(
                service.post("/api/v1/signals/" + UUID.randomUUID() + "/approval", "{}", "operator"), 403, "forbidden");
        assertProblem(service.get("/api/v1/signals"), 403, "forbidden");
    }

    @Test
    void trustsNoTokenThatIsExpiredForeignUnsignedOrNamesTheServiceItself() {
        var none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJyb2xlcyI6WyJhZG1pbiJdLCJleHAiOjQxMDI0NDQ4MDB9.";
        for (String token : List.of(
                TestTokens.expired("ada", "admin"),
                TestTokens.forged("ada", "admin"),
                TestTokens.token("system", "admin"),
                none,
                "nonsense")) {
            var answer = service.send(service.request("GET", "/api/v1/signals", null, token));
            assertProblem(answer, 401, "unauthenticated");
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        }
    }

    @Test
    void tellsTheCommandWhoGaveIt() {
        var who = service.get("/api/v1/signals/who", "viewer", "operator", "emperor")
                .json();
        assertThat(who.get("name").asText()).isEqualTo("ada");
        assertThat(who.get("roles")).extracting(r -> r.asText()).containsExactlyInAnyOrder("viewer", "operator");
    }

    // telemetry

    @Test
    void continuesTheCallersTrace() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer = service.send(service.request("GET", "/api/v1/signals/who", null, RunningService.token("viewer"))
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));

        assertThat(answer.header("trace-id")).isEqualTo(trace);
        assertThat(answer.json().get("traceparent").asText())
                .startsWith("00-" + trace + "-")
                .doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void servesMetricsToWhoHasAToken() {
        var answer = service.get("/prometheus", "viewer");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.raw().body()).contains("jvm_memory_used_bytes", "hikaricp_connections");
    }

    @Test
    void servesItsOpenApiDocument() {
        var answer = service.get("/openapi/platform.yml", "viewer");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).startsWith("application/yaml");
        assertThat(answer.raw().body()).startsWith("openapi: 3").contains("/api/v1/audit:", "/api/v1/dead-letters:");
        assertProblem(service.get("/openapi/../application.yml", "viewer"), 404, "no-such-path");
    }

    // idempotency

    @Test
    void answersTheSameCreationTwiceWithTheSameAnswer() {
        var first = create("key-1", "{\"name\":\"twice\",\"aspects\":1}");
        var second = create("key-1", "{\"aspects\":1, \"name\":\"twice\"}");

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("location"))
                .isEqualTo(first.header("location"))
                .isNotNull();
        assertThat(second.header("etag")).isEqualTo("\"v1\"");
        assertThat(second.header("idempotency-replayed")).isEqualTo("true");
        assertThat(example().names()).containsOnlyOnce("twice");
    }

    @Test
    void refusesAnotherBodyUnderAUsedKey() {
        assertThat(create("key-2", GOOD).status()).isEqualTo(201);
        assertProblem(create("key-2", "{\"name\":\"south\",\"aspects\":3}"), 422, "idempotency-key-reused");
    }

    @Test
    void keepsTheKeysOfTwoActorsApart() {
        assertThat(create("key-3", GOOD).status()).isEqualTo(201);
        var other = service.request("POST", "/api/v1/signals", GOOD, TestTokens.token("bob", "operator"))
                .header("Idempotency-Key", "key-3");
        assertThat(service.send(other).header("idempotency-replayed")).isNull();
    }

    @Test
    void letsACreationThatFailedBeTriedAgain() {
        var body = "{\"name\":\"forbidden name\",\"aspects\":1}";
        assertProblem(create("key-4", body), 409, "name-taken");
        assertProblem(create("key-4", body), 409, "name-taken");
        assertThat(example().names()).doesNotContain("forbidden name");
    }

    @Test
    void tellsThatTheSameRequestIsBeingHandled() throws Exception {
        var request = service.request("POST", "/api/v1/signals/slow", null, RunningService.token("operator"))
                .header("Idempotency-Key", "key-5");
        var first = service.sending(request);
        assertThat(example().entered.await(20, TimeUnit.SECONDS)).isTrue();

        assertProblem(service.send(request), 409, "request-in-flight");
        example().mayLeave.countDown();
        assertThat(first.get().status()).isEqualTo(202);
        assertThat(service.send(request).header("idempotency-replayed")).isEqualTo("true");
    }

    // health

    @Test
    void isAliveAndReadyForEverybodyButTellsDetailsOnlyToWhoHasAToken() {
        await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            var ready = service.send(service.request("GET", "/health/readiness", null, null));
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.json().get("status").asText()).isEqualTo("UP");
            assertThat(ready.json().hasNonNull("details")).isFalse();
        });
        assertThat(service.send(service.request("GET", "/health/liveness", null, null))
                        .status())
                .isEqualTo(200);
        var details = service.get("/health", "viewer").json().get("details");
        assertThat(details.get("database").get("status").asText()).isEqualTo("UP");
        assertThat(details.get("kafka").get("status").asText()).isEqualTo("UP");
    }

    private static Answer create(String key, String body) {
        return service.send(service.request("POST", "/api/v1/signals", body, RunningService.token("operator"))
                .header("Idempotency-Key", key));
    }

    private static ExampleService example() {
        return service.context.getBean(ExampleService.class);
    }

    private static void assertProblem(Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.json().get("type").asText()).isEqualTo("/problems/" + slug);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        for (String member : List.of("title", "detail", "next", "instance")) {
            assertThat(answer.json().get(member).asText()).isNotBlank();
        }
    }
}
