package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.license.adapter.jdbc.JdbcSessions;
import dev.interlock.testkit.ApiClient.Answer;
import dev.interlock.testkit.Clause;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final UUID AGENT = UUID.randomUUID();

    private final LicenseServiceUnderTest service = LicenseServiceUnderTest.shared();

    @Test
    @Clause("L11")
    void ofManyThreadsOnFiftySeatsExactlyFiftyWin() throws Exception {
        var server = service.serverWith(50);
        var answers = together(16, 200, i -> service.session(server, UUID.randomUUID(), "user" + i));
        var sessions = new HashSet<String>();
        int denied = 0;
        for (var answer : answers) {
            if (answer.status() == 201) {
                sessions.add(answer.text("sessionId"));
            } else {
                assertThat(answer.status()).isEqualTo(409);
                assertThat(answer.problem()).isEqualTo("no-license");
                denied++;
            }
        }
        assertThat(sessions).hasSize(50);
        assertThat(denied).isEqualTo(150);
        assertThat(inUse(server)).isEqualTo(50);
    }

    @Test
    @Clause("L11")
    void whileOthersReleaseNobodyGetsOneTooManyAndTheCountEndsRight() throws Exception {
        var server = service.serverWith(8);
        var answers = together(12, 240, i -> {
            var answer = service.session(server, AGENT, "user" + i);
            if (answer.status() == 201 && ThreadLocalRandom.current().nextInt(4) > 0) {
                assertThat(service.broker()
                                .delete("/api/v1/sessions/" + answer.text("sessionId"))
                                .status())
                        .isEqualTo(204);
            }
            assertThat(inUse(server)).isBetween(0, 8);
            return answer;
        });
        assertThat(answers).extracting(Answer::status).containsOnly(201, 409);
        int live = service.operator()
                .all("/api/v1/sessions?licenseServerId=" + server)
                .size();
        assertThat(inUse(server)).isEqualTo(live);
    }

    @Test
    @Clause("L10")
    void severalPurchasesOfAServerAreUsedTheOneThatExpiresFirstBefore() throws Exception {
        var server = service.server();
        var late = service.pool(10, Instant.parse("2098-01-01T00:00:00Z"));
        var soon = service.pool(10, Instant.parse("2097-01-01T00:00:00Z"));
        service.activate(late, server, 3);
        service.activate(soon, server, 2);
        var codes = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            codes.add(service.session(server, AGENT, "ann").text("activationCode"));
        }
        assertThat(codes).containsExactly(soon, soon, late, late, late);
        assertThat(service.session(server, AGENT, "ann").status()).isEqualTo(409);

        var contested = service.server();
        service.activate(late, contested, 7);
        service.activate(soon, contested, 8);
        var answers = together(10, 40, i -> service.session(contested, AGENT, "user" + i));
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(15);
    }

    @Test
    void aDenialSaysWhyAndWhatToDo() {
        var empty = service.server();
        var nothing = service.session(empty, AGENT, "ann");
        assertThat(nothing.status()).isEqualTo(409);
        assertThat(nothing.problem()).isEqualTo("no-license");
        assertThat(nothing.text("reason")).isEqualTo("nothing-activated");
        assertThat(nothing.text("next")).contains("Activate licences on this server");
        var full = service.serverWith(1);
        service.session(full, AGENT, "ann");
        var none = service.session(full, AGENT, "bob");
        assertThat(none.text("reason")).isEqualTo("no-license");
        assertThat(none.body().path("active").asInt()).isEqualTo(1);
        assertThat(none.body().path("inUse").asInt()).isEqualTo(1);
    }

    @Test
    void denialsAreCountedByTheHourTheServerAndTheReason() throws Exception {
        var empty = service.server();
        var full = service.serverWith(1);
        var answers = together(8, 40, i -> service.session(full, AGENT, "user" + i));
        assertThat(answers.stream().filter(answer -> answer.status() == 409)).hasSize(39);
        service.session(empty, AGENT, "ann");
        var ofFull = service.operator()
                .get("/api/v1/denials?licenseServerId=" + full)
                .body();
        assertThat(ofFull.path("total").asInt()).isEqualTo(39);
        assertThat(ofFull.path("items"))
                .allSatisfy(hour -> assertThat(hour.path("reason").asText()).isEqualTo("no-license"));
        var ofEmpty = service.operator()
                .get("/api/v1/denials?hours=2&licenseServerId=" + empty)
                .body();
        assertThat(ofEmpty.path("items").path(0).path("reason").asText()).isEqualTo("nothing-activated");
        assertThat(ofEmpty.path("items").path(0).path("count").asInt()).isEqualTo(1);
        for (var hours : List.of("0", "-1", "721", "x")) {
            assertThat(service.operator().get("/api/v1/denials?hours=" + hours).status())
                    .as(hours)
                    .isEqualTo(400);
        }
    }

    @Test
    void aReleasedLicenceIsFreeAgainAndARepeatedReleaseFreesNothingMore() {
        var server = service.serverWith(1);
        var first = service.session(server, AGENT, "ann");
        var path = "/api/v1/sessions/" + first.text("sessionId");
        assertThat(service.broker().delete(path).status()).isEqualTo(204);
        assertThat(service.broker().delete(path).status()).isEqualTo(204);
        assertThat(service.broker().get(path).body().path("releasedAt").isTextual())
                .isTrue();
        assertThat(inUse(server)).isZero();
        assertThat(service.session(server, AGENT, "bob").status()).isEqualTo(201);
        assertThat(service.session(server, AGENT, "eve").status()).isEqualTo(409);
        assertThat(service.broker()
                        .delete("/api/v1/sessions/" + UUID.randomUUID())
                        .problem())
                .isEqualTo("not-found");
    }

    @Test
    void theSameRequestConsumesOneLicenceHoweverOftenAndAtOnceItIsSent() throws Exception {
        var server = service.serverWith(10);
        var key = UUID.randomUUID().toString();
        var answers = together(8, 40, i -> service.session(server, AGENT, "ann", "Idempotency-Key", key));
        assertThat(answers).extracting(Answer::status).containsOnly(201);
        assertThat(answers)
                .extracting(answer -> answer.text("sessionId"))
                .containsOnly(answers.getFirst().text("sessionId"));
        assertThat(answers.stream().filter(a -> a.header("Idempotency-Replayed").isEmpty()))
                .hasSize(1);
        assertThat(inUse(server)).isEqualTo(1);

        var id = UUID.randomUUID();
        var path = "/api/v1/license-servers/" + server + "/sessions";
        var body = "{\"agentId\":\"%s\",\"user\":\"ann\",\"sessionId\":\"%s\"}".formatted(AGENT, id);
        assertThat(service.broker().post(path, body).text("sessionId")).isEqualTo(id.toString());
        assertThat(service.broker().post(path, body).text("sessionId")).isEqualTo(id.toString());
        var other = service.broker().post(path, body.replace("ann", "eve"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("session-id-taken");
        assertThat(inUse(server)).isEqualTo(2);
        var another = service.nobody()
                .as("other-broker", "service")
                .post(path, "{\"agentId\":\"%s\",\"user\":\"ann\"}".formatted(AGENT), "Idempotency-Key", key);
        assertThat(another.text("sessionId")).isNotEqualTo(answers.getFirst().text("sessionId"));
    }

    @Test
    void twinsThatWantTheLastLicenceBothGetIt() throws Exception {
        for (int round = 0; round < 10; round++) {
            var server = service.serverWith(1);
            var key = UUID.randomUUID().toString();
            var answers = together(4, 4, i -> service.session(server, AGENT, "ann", "Idempotency-Key", key));
            assertThat(answers).extracting(Answer::status).containsOnly(201);
        }
    }

    @Test
    void badRequestsAreRefusedEachWithItsProblem() {
        var path = "/api/v1/license-servers/" + service.server() + "/sessions";
        for (String body : List.of(
                "{}",
                "{\"agentId\":\"%s\"}".formatted(AGENT),
                "{\"agentId\":\"x\",\"user\":\"ann\"}",
                "{\"agentId\":\"%s\",\"user\":\" \"}".formatted(AGENT),
                "{\"agentId\":\"%s\",\"user\":\"%s\"}".formatted(AGENT, "u".repeat(201)),
                "{\"agentId\":\"%s\",\"user\":\"ann\",\"seat\":1}".formatted(AGENT),
                "{",
                "[]")) {
            var answer = service.broker().post(path, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.text("next")).as(body).isNotEmpty();
        }
        assertThat(service.session(UUID.randomUUID(), AGENT, "ann").problem()).isEqualTo("not-found");
        assertThat(service.broker().get("/api/v1/sessions?limit=0").status()).isEqualTo(400);
        assertThat(service.broker().get("/api/v1/sessions?after=%21").status()).isEqualTo(400);
    }

    @Test
    void liveSessionsAreListedPageByPage() {
        var server = service.serverWith(7);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            ids.add(service.session(server, AGENT, "user" + i).text("sessionId"));
        }
        service.broker().delete("/api/v1/sessions/" + ids.remove(3));
        assertThat(service.operator().all("/api/v1/sessions?limit=2&licenseServerId=" + server))
                .extracting(session -> session.path("sessionId").asText())
                .containsExactlyElementsOf(ids);
        var agent = UUID.randomUUID();
        assertThat(service.operator().all("/api/v1/sessions?agentId=" + agent)).isEmpty();
    }

    @Test
    void aCrashInTheMiddleOfAnAuthorizationConsumesNothing() throws SQLException {
        var server = service.serverWith(3);
        try (var database = service.database()) {
            database.setAutoCommit(false);
            try (var claim = database.prepareStatement(JdbcSessions.CLAIM)) {
                var now = OffsetDateTime.now(ZoneOffset.UTC);
                claim.setObject(1, server);
                claim.setObject(2, now);
                claim.setObject(3, UUID.randomUUID());
                claim.setObject(4, server);
                claim.setObject(5, AGENT);
                claim.setString(6, "ann");
                claim.setObject(7, now);
                try (var rows = claim.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt("in_use")).isEqualTo(1);
                }
            }
            // the process is gone before its commit
            database.abort(Runnable::run);
        }
        assertThat(service.session(server, AGENT, "bob").status()).isEqualTo(201);
        assertThat(inUse(server)).isEqualTo(1);
        assertThat(service.operator().all("/api/v1/sessions?licenseServerId=" + server))
                .hasSize(1);
    }

    private int inUse(UUID server) {
        int sum = 0;
        for (var held : service.operator()
                .get("/api/v1/license-servers/" + server)
                .body()
                .path("activations")) {
            sum += held.path("inUse").asInt();
        }
        return sum;
    }

    private interface Request {
        Answer send(int i);
    }

    private static List<Answer> together(int threads, int requests, Request request) throws Exception {
        var calls = new ArrayList<Callable<Answer>>();
        for (int i = 0; i < requests; i++) {
            int number = i;
            calls.add(() -> request.send(number));
        }
        var answers = new ArrayList<Answer>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (var answer : pool.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
