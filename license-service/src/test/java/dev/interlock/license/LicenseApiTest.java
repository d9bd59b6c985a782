package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LicenseApiTest {
    private final LicenseServiceUnderTest service = LicenseServiceUnderTest.shared();

    private static String pool(String code, String seats, String expiresAt) {
        return "{\"activationCode\":\"%s\",\"seats\":%s,\"feature\":\"pcoip-session\",\"expiresAt\":\"%s\"}"
                .formatted(code, seats, expiresAt);
    }

    @Test
    void aRegisteredServerIsShownAndListed() {
        var name = "berlin-" + UUID.randomUUID();
        var answer = service.operator()
                .post(
                        "/api/v1/license-servers",
                        "{\"name\":\"%s\",\"kind\":\"native\",\"address\":\"https://ls1:7071/request\"}"
                                .formatted(name));
        assertThat(answer.status()).isEqualTo(201);
        var shown = service.operator().get(answer.header("Location"));
        assertThat(shown.text("name")).isEqualTo(name);
        assertThat(shown.text("address")).isEqualTo("https://ls1:7071/request");
        assertThat(service.operator().all("/api/v1/license-servers?limit=1"))
                .extracting(server -> server.path("name").asText())
                .contains(name)
                .isSorted();
    }

    @Test
    void poolsAreListedPageByPageInTheOrderOfTheirCodes() {
        var codes = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            codes.add(service.pool(i + 1));
        }
        var listed = service.operator().all("/api/v1/pools?limit=2").stream()
                .map(pool -> pool.path("activationCode").asText())
                .toList();
        assertThat(listed).containsAll(codes).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void badPoolsAreRefusedEachWithItsProblem() {
        var code = UUID.randomUUID().toString();
        var end = "2099-01-01T00:00:00Z";
        for (String body : List.of(
                "{}",
                pool("", "1", end),
                pool("with space", "1", end),
                pool("a".repeat(65), "1", end),
                pool(code, "0", end),
                pool(code, "-1", end),
                pool(code, "1000001", end),
                pool(code, "null", end),
                pool(code, "1.5", end),
                pool(code, "1", "tomorrow"),
                pool(code, "1", "2020-01-01T00:00:00Z"),
                pool(code, "1", end).replace("pcoip-session", " "),
                pool(code, "1", end).replace("\"seats\"", "\"chairs\""),
                "{\"activationCode\":",
                "")) {
            var answer = service.operator().post("/api/v1/pools", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.problem()).as(body).isNotEmpty();
            assertThat(answer.text("next")).as(body).isNotEmpty();
        }
        assertThat(service.operator().get("/api/v1/pools/" + code).status()).isEqualTo(404);
    }

    @Test
    void badServersAreRefusedEachWithItsProblem() {
        for (String body : List.of(
                "{}",
                "{\"name\":\"\",\"kind\":\"native\"}",
                "{\"name\":\"x\",\"kind\":\"flexnet\"}",
                "{\"name\":\"x\",\"kind\":\"pcoip\"}",
                "{\"name\":\"x\",\"kind\":\"native\",\"baseUrl\":\"http://x:7070\"}",
                "{\"name\":\"x\"}",
                "{\"name\":\"%s\",\"kind\":\"native\"}".formatted("x".repeat(101)))) {
            var answer = service.operator().post("/api/v1/license-servers", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.text("next")).as(body).isNotEmpty();
        }
        assertThat(service.operator()
                        .get("/api/v1/license-servers/" + UUID.randomUUID())
                        .problem())
                .isEqualTo("not-found");
        assertThat(service.operator().get("/api/v1/license-servers/nonsense").status())
                .isEqualTo(400);
    }

    @Test
    void namesAndCodesAreTakenOnce() {
        var name = "{\"name\":\"%s\",\"kind\":\"native\"}".formatted(UUID.randomUUID());
        assertThat(service.operator().post("/api/v1/license-servers", name).status())
                .isEqualTo(201);
        assertThat(service.operator().post("/api/v1/license-servers", name).problem())
                .isEqualTo("license-server-name-taken");
        var code = service.pool(3);
        assertThat(service.operator()
                        .post("/api/v1/pools", pool(code, "3", "2099-01-01T00:00:00Z"))
                        .problem())
                .isEqualTo("activation-code-taken");
    }

    @Test
    void aCreationSentTwiceWithOneKeyHappensOnce() {
        var body = pool(UUID.randomUUID().toString(), "3", "2099-01-01T00:00:00Z");
        var key = UUID.randomUUID().toString();
        var first = service.operator().post("/api/v1/pools", body, "Idempotency-Key", key);
        var second = service.operator().post("/api/v1/pools", body, "Idempotency-Key", key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        var other = service.operator()
                .post(
                        "/api/v1/pools",
                        pool(UUID.randomUUID().toString(), "4", "2099-01-01T00:00:00Z"),
                        "Idempotency-Key",
                        key);
        assertThat(other.status()).isEqualTo(422);
    }

    @Test
    void eachRoleMayDoWhatItMayAndNoMore() {
        var server = service.serverWith(20);
        var code = service.pool(5);
        record Call(String method, String path, String body, List<String> allowed) {}
        var everybody = List.of("viewer", "operator", "approver", "admin", "service");
        var operators = List.of("operator", "admin");
        var reporters = List.of("operator", "admin", "service");
        var calls = List.of(
                new Call("GET", "/api/v1/license-servers", "", everybody),
                new Call("GET", "/api/v1/license-servers/" + server, "", everybody),
                new Call("GET", "/api/v1/pools", "", everybody),
                new Call("GET", "/api/v1/pools/" + code, "", everybody),
                new Call("GET", "/api/v1/sessions", "", everybody),
                new Call("POST", "/api/v1/license-servers", "{\"name\":\"%s\",\"kind\":\"native\"}", operators),
                new Call("POST", "/api/v1/pools", pool("%s", "1", "2099-01-01T00:00:00Z"), operators),
                new Call("PUT", "/api/v1/pools/" + code + "/activations/" + server, "{\"total\":1}", operators),
                new Call(
                        "POST",
                        "/api/v1/license-servers/" + server + "/sessions",
                        "{\"agentId\":\"%s\",\"user\":\"ann\"}",
                        reporters),
                new Call("DELETE", "/api/v1/sessions/" + UUID.randomUUID(), "", reporters));
        for (var call : calls) {
            var body = call.body().isEmpty()
                    ? null
                    : call.body().replace("%s", UUID.randomUUID().toString());
            assertThat(service.nobody().send(call.method(), call.path(), body).status())
                    .as("nobody: %s", call)
                    .isEqualTo(401);
            for (String role : everybody) {
                var fresh = call.body().isEmpty()
                        ? null
                        : call.body().replace("%s", UUID.randomUUID().toString());
                int status = service.nobody()
                        .as("somebody", role)
                        .send(call.method(), call.path(), fresh)
                        .status();
                if (call.allowed().contains(role)) {
                    assertThat(status).as("%s: %s", role, call).isIn(200, 201, 404);
                } else {
                    assertThat(status).as("%s: %s", role, call).isEqualTo(403);
                }
            }
        }
    }
}
