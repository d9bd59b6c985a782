package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Licences by files that are carried, with everything that can go wrong on the way (L20–L32). */
class OfflineActivationTest {
    @TempDir
    static Path folder = Path.of("");

    private static LicenseServiceUnderTest service;
    private static MovableClock clock;
    private final TestAuthority authority = LicenseServiceUnderTest.AUTHORITY;

    @BeforeAll
    static void start() {
        service = LicenseServiceUnderTest.with(
                Map.of(MovableClock.WANTED, true, "interlock.license.authorities-dir", folder.toString()));
        clock = service.bean(MovableClock.class);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    @Clause({"L21", "L22", "L23", "L26", "L27", "L28", "L29"})
    void fromTheRequestToTheVerifiedList() throws Exception {
        var server = service.server();
        var code = service.pool(30);
        var made = service.tryRequest(server, code, 5);
        assertThat(made.status()).isEqualTo(201);
        var machine = made.text("requestHostId");
        assertThat(made.body().path("contents").path("HostUUID").asText()).isEqualTo(server.toString());
        assertThat(made.body().path("contents").path("RequestHostIDType").asText())
                .isEqualTo("VM UUID");
        assertThat(made.body().path("contents").path("RequestHostID").asText()).isEqualTo(machine);
        assertThat(made.body().path("contents").path("DesiredRights").asText())
                .isEqualTo("(ActivationID=" + code + ":5)");
        var request = UUID.fromString(made.text("requestId"));

        var file = service.download(request);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
                .isEqualTo(made.text("sha256"));
        var uploaded = service.upload(request, authority.answer(file, clock.instant()));
        assertThat(uploaded.status()).isEqualTo(201);
        assertThat(uploaded.body().path("acceptable").asBoolean()).isTrue();
        assertThat(total(code, server)).isZero();

        var inspected = service.operator().get("/api/v1/activation-requests/" + request + "/response");
        assertThat(inspected.text("requestHostId")).isEqualTo(machine);
        assertThat(inspected.body().path("lifetimeSeconds").asLong()).isEqualTo(86_400);
        assertThat(inspected.text("lifetimeFrom")).isEqualTo("file");
        assertThat(inspected.text("lifetimeNote")).contains("7 days", "24 hours");
        assertThat(Instant.parse(inspected.text("expiresAt")))
                .isEqualTo(Instant.parse(inspected.text("responseTime")).plus(Duration.ofDays(1)));
        assertThat(total(code, server)).as("inspecting applies nothing").isZero();

        var applied = service.apply(request);
        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.body().path("total").asInt()).isEqualTo(5);
        assertThat(applied.body().path("change").asInt()).isEqualTo(5);
        assertThat(total(code, server)).isEqualTo(5);

        var shown = service.operator().get("/api/v1/activation-requests/" + request);
        assertThat(shown.text("state")).isEqualTo("applied");
        assertThat(shown.body().path("custody").findValuesAsText("act"))
                .containsExactly("made", "downloaded", "uploaded", "inspected", "applied", "verified");
        assertThat(shown.body().path("custody").findValuesAsText("actor")).containsOnly("olga");
        assertThat(shown.body().path("custody").path(0).path("sha256").asText()).isEqualTo(made.text("sha256"));
        assertThat(shown.body().path("custody").path(2).path("sha256").asText()).isEqualTo(uploaded.text("sha256"));
        assertThat(shown.body().path("custody").path(5).path("detail").asText()).isEqualTo("a total of 5 is active");
    }

    @Test
    void appliedTwiceItIsAppliedOnce() {
        var server = service.server();
        var code = service.pool(30);
        var request = service.activateByRequest(server, code, 7);
        var again = service.apply(request);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("appliedBefore").asBoolean()).isTrue();
        assertThat(again.body().path("change").asInt()).isZero();
        assertThat(total(code, server)).isEqualTo(7);
        assertThat(types(code, 3)).containsExactly("ActivationRequested", "ResponseAccepted", "LicensesActivated");
    }

    @Test
    @Clause({"L14", "L15"})
    void theCountOfARequestIsTheTotalAndALowerOneReturnsTheDifference() {
        var server = service.server();
        var code = service.pool(30);
        service.activateByRequest(server, code, 5);
        service.activateByRequest(server, code, 10);
        assertThat(total(code, server)).isEqualTo(10);
        service.activateByRequest(server, code, 4);
        assertThat(total(code, server)).isEqualTo(4);
        service.activateByRequest(server, code, 0);
        assertThat(pool(code).path("available").asInt()).isEqualTo(30);
        assertThat(types(code, 12))
                .filteredOn(type -> type.startsWith("Licenses"))
                .containsExactly("LicensesActivated", "LicensesActivated", "LicensesReturned", "LicensesReturned");
    }

    @Test
    @Clause("L12")
    void licencesThatAreAskedBackCarryNoSessionFromTheRequestOn() {
        var server = service.server();
        var code = service.pool(3);
        service.activateByRequest(server, code, 3);
        service.session(server, UUID.randomUUID(), "ann");
        assertThat(service.tryRequest(server, code, 0).problem()).isEqualTo("licenses-in-use");
        service.request(server, code, 1);
        assertThat(service.session(server, UUID.randomUUID(), "bob").problem())
                .as("the other two may be another server's by now")
                .isEqualTo("no-license");
        assertThat(pool(code).path("activations").path(0).path("returning").asInt())
                .isEqualTo(2);
        assertThat(total(code, server)).as("until the return is confirmed").isEqualTo(3);
        assertThat(pool(code).path("inTransit").path("returning").asInt()).isEqualTo(2);
        assertThat(pool(code).path("inTransit").path("asked").asInt()).isZero();
    }

    @Test
    void whatARequestOnItsWayAsksForIsShownAtThePool() {
        var server = service.server();
        var code = service.pool(10);
        service.activateByRequest(server, code, 3);
        service.request(server, code, 7);
        assertThat(pool(code).path("inTransit").path("asked").asInt())
                .as("more than it has")
                .isEqualTo(4);
        assertThat(pool(code).path("available").asInt()).isEqualTo(7);
    }

    @Test
    @Clause("L16")
    void theCountOfARequestIsAlwaysExplicit() {
        var server = service.server();
        var code = service.pool(3);
        for (String body : List.of(
                "{}",
                "{\"activationCode\":\"" + code + "\"}",
                "{\"activationCode\":\"" + code + "\",\"total\":null}",
                "{\"activationCode\":\"" + code + "\",\"total\":-1}",
                "{\"activationCode\":\"" + code + "\",\"total\":\"all\"}")) {
            var refused = service.operator().post("/api/v1/license-servers/" + server + "/activation-requests", body);
            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(refused.text("next")).as(body).isNotEmpty();
        }
    }

    @Test
    @Clause({"L13", "L31", "L32"})
    void whatThePortalWouldRefuseIsRefusedBeforeAFileIsCarried() {
        var berlin = service.server();
        var tokyo = service.server();
        var code = "AbCd-" + UUID.randomUUID();
        service.pool(code, 10, Instant.parse("2099-01-01T00:00:00Z"));
        var wrong = service.tryRequest(berlin, code.toLowerCase(Locale.ROOT), 1);
        assertThat(wrong.problem()).isEqualTo("activation-code-invalid");
        assertThat(wrong.text("next")).contains("did you mean " + code);
        assertThat(service.tryRequest(berlin, code, 11).problem()).isEqualTo("activation-count-exceeded");
        service.activateByRequest(berlin, code, 8);
        var held = service.tryRequest(tokyo, code, 3);
        assertThat(held.problem()).isEqualTo("activation-count-exceeded");
        assertThat(held.body().path("available").asInt()).isEqualTo(2);
        assertThat(held.text("next")).contains("return licences on other servers");
    }

    @Test
    @Clause("L25")
    void anAnswerWorksOnlyOnTheMachineThatAsked() {
        var code = service.pool(30);
        var asked = service.request(service.server(), code, 5);
        var other = service.request(service.server(), code, 5);
        var refused = service.upload(other, authority.answer(service.download(asked), clock.instant()));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("response-for-other-machine");
        assertThat(refused.text("next")).contains("its own request");
        assertThat(rejected(code)).contains("other-machine");
    }

    @Test
    void anAnswerToAnotherRequestIsRefused() {
        var server = service.server();
        var first = service.pool(30);
        var second = service.pool(30);
        var asked = service.request(server, first, 5);
        var other = service.request(server, second, 5);
        var file = authority.answer(service.download(asked), clock.instant());
        assertThat(service.upload(other, file).problem()).isEqualTo("response-for-other-request");
        var otherTotal = authority.answer(
                service.download(asked),
                clock.instant(),
                body -> ((ObjectNode) body.path("rights").path(0)).put("count", 6));
        var refused = service.upload(asked, otherTotal);
        assertThat(refused.problem()).isEqualTo("response-for-other-request");
        assertThat(refused.text("detail")).contains("A total of 5 of " + first, "allots 6 of " + first);
    }

    @Test
    @Clause("L28")
    void anAnswerLivesAsLongAsItSaysAnd24HoursIfItSaysNothing() {
        var server = service.server();
        record Case(@Nullable Long lifetime, Duration age, boolean applicable) {}
        for (var each : List.of(
                new Case(86_400L, Duration.ofHours(23), true),
                new Case(86_400L, Duration.ofHours(24), false),
                new Case(604_800L, Duration.ofDays(6), true),
                new Case(604_800L, Duration.ofDays(7), false),
                new Case(60L, Duration.ofSeconds(61), false),
                new Case(null, Duration.ofHours(23), true),
                new Case(null, Duration.ofHours(24), false))) {
            var code = service.pool(30);
            var request = service.request(server, code, 5);
            var answered = clock.instant().minus(each.age());
            var file = authority.answer(service.download(request), answered, body -> {
                if (each.lifetime() == null) {
                    body.remove("lifetime");
                } else {
                    body.put("lifetime", each.lifetime());
                }
            });
            var uploaded = service.upload(request, file);
            assertThat(uploaded.status()).as(each.toString()).isEqualTo(each.applicable() ? 201 : 409);
            if (each.applicable()) {
                assertThat(uploaded.text("lifetimeFrom")).isEqualTo(each.lifetime() == null ? "default" : "file");
            } else {
                assertThat(uploaded.problem()).isEqualTo("response-expired");
                assertThat(uploaded.text("next")).contains("the same request file");
                assertThat(rejected(code)).containsExactly("expired");
            }
        }
    }

    @Test
    @Clause("L28")
    void anAnswerThatExpiresBetweenUploadAndApplicationIsNotApplied() {
        var server = service.server();
        var code = service.pool(30);
        var request = service.request(server, code, 5);
        var file = service.download(request);
        assertThat(service.upload(request, authority.answer(file, clock.instant(), body -> body.put("lifetime", 60)))
                        .status())
                .isEqualTo(201);
        clock.move(Duration.ofSeconds(61));
        assertThat(service.apply(request).problem()).isEqualTo("response-expired");
        assertThat(total(code, server)).isZero();
        // the same request, answered anew
        assertThat(service.upload(request, authority.answer(file, clock.instant()))
                        .status())
                .isEqualTo(201);
        assertThat(service.apply(request).status()).isEqualTo(200);
        assertThat(total(code, server)).isEqualTo(5);
    }

    @Test
    void anAnswerIsUsedOnce() {
        var server = service.server();
        var code = service.pool(30);
        var request = service.request(server, code, 5);
        var file = authority.answer(service.download(request), clock.instant());
        service.upload(request, file);
        service.apply(request);
        var again = service.upload(request, file);
        assertThat(again.problem()).isEqualTo("response-used");
        assertThat(again.text("next")).contains("Nothing is to be done");
        service.activateByRequest(server, code, 2);
        assertThat(service.upload(request, file).problem()).isEqualTo("response-used");
        assertThat(service.apply(request).body().path("change").asInt()).isZero();
        assertThat(total(code, server))
                .as("the old answer did not undo the newer one")
                .isEqualTo(2);
    }

    @Test
    @Clause("L24")
    void aNewRequestTakesThePlaceOfTheOneBefore() {
        var server = service.server();
        var code = service.pool(30);
        var first = service.request(server, code, 9);
        var answer = authority.answer(service.download(first), clock.instant());
        service.upload(first, answer);
        var second = service.request(server, code, 3);
        assertThat(service.apply(first).problem()).isEqualTo("request-superseded");
        assertThat(service.upload(first, answer).problem()).isEqualTo("request-superseded");
        assertThat(service.operator()
                        .get("/api/v1/activation-requests/" + first)
                        .text("state"))
                .isEqualTo("superseded");
        service.upload(second, authority.answer(service.download(second), clock.instant()));
        service.apply(second);
        assertThat(total(code, server)).isEqualTo(3);
    }

    @Test
    void aFileThatIsCutOffDamagedOversizedForeignOrOfAStrangerIsRefusedEachWithItsProblem() {
        var server = service.server();
        var code = service.pool(30);
        var request = service.request(server, code, 5);
        var good = authority.answer(service.download(request), clock.instant());
        var stranger = new TestAuthority().answer(service.download(request), clock.instant());
        var flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        var problems = new ArrayList<String>();
        for (byte[] file : List.of(
                Arrays.copyOf(good, good.length / 2),
                flipped,
                Arrays.copyOf(good, 70_000),
                new byte[900_000],
                "GIF89a".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                service.download(request),
                stranger)) {
            var refused = service.upload(request, file);
            assertThat(refused.text("next")).isNotEmpty();
            problems.add(refused.status() + " " + refused.problem());
        }
        assertThat(problems)
                .containsExactly(
                        "422 response-truncated",
                        "422 response-altered",
                        "413 response-too-large",
                        "413 response-too-large",
                        "422 response-unreadable",
                        "422 response-unreadable",
                        "422 response-unreadable",
                        "422 response-untrusted");
        assertThat(total(code, server)).isZero();
        assertThat(service.operator()
                        .get("/api/v1/activation-requests/" + request)
                        .body()
                        .path("custody"))
                .filteredOn(entry -> entry.path("act").asText().equals("refused"))
                .hasSize(problems.size());
        service.upload(request, good);
        assertThat(service.apply(request).status())
                .as("the right file still works")
                .isEqualTo(200);
    }

    @Test
    void theKeyOfAnAuthorityThatIsPutIntoTheFolderCountsAtOnce() throws Exception {
        var server = service.server();
        var code = service.pool(30);
        var request = service.request(server, code, 5);
        var other = new TestAuthority();
        var answer = other.answer(service.download(request), clock.instant());
        assertThat(service.upload(request, answer).problem()).isEqualTo("response-untrusted");
        var key = folder.resolve("other.pub");
        Files.writeString(key, other.publicKey() + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(service.upload(request, answer).problem())
                .as("others may write to it")
                .isEqualTo("response-untrusted");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(service.upload(request, answer).status()).isEqualTo(201);
        assertThat(service.apply(request).status()).isEqualTo(200);
        // the purchase is that authority's now
        var second = service.request(server, code, 6);
        service.upload(second, authority.answer(service.download(second), clock.instant()));
        assertThat(service.apply(second).problem()).isEqualTo("response-of-other-authority");
    }

    @Test
    void noSingleBitOfAnAnswerCanBeOther() {
        var server = service.server();
        var request = service.request(server, service.pool(30), 5);
        var good = authority.answer(service.download(request), clock.instant());
        var random = new Random(28);
        for (int i = 0; i < 400; i++) {
            var flipped = good.clone();
            int bit = random.nextInt(8 * good.length);
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            var refused = service.inspect(flipped);
            assertThat(refused.status()).as("bit %d", bit).isEqualTo(422);
            assertThat(refused.problem())
                    .as("bit %d", bit)
                    .isIn("response-altered", "response-truncated", "response-untrusted", "response-unreadable");
        }
        assertThat(service.inspect(good).body().path("acceptable").asBoolean()).isTrue();
    }

    @Test
    void whatAnAuthorityAllotsIsNotActivatedDirectlyNorTheOtherWayRound() {
        var server = service.server();
        var allotted = service.pool(30);
        service.activateByRequest(server, allotted, 5);
        assertThat(pool(allotted).path("authority").asText()).isEqualTo(authority.keyId());
        var refused = service.activate(allotted, server, 6);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("activation-by-request-only");
        assertThat(refused.text("next")).contains("license-servers request");
        var direct = service.pool(30);
        service.activate(direct, server, 5);
        assertThat(service.tryRequest(server, direct, 6).problem()).isEqualTo("pool-allotted-here");
    }

    @Test
    void theTrailIsOnlyEverAddedTo() throws SQLException {
        var request = service.activateByRequest(service.server(), service.pool(3), 1);
        try (var database = service.database();
                var statement = database.createStatement()) {
            for (String wrong : List.of(
                    "update custody set actor = 'nobody' where request_id = '" + request + "'",
                    "delete from custody where request_id = '" + request + "'")) {
                assertThatThrownBy(() -> statement.executeUpdate(wrong))
                        .as(wrong)
                        .hasMessageContaining("only ever added to");
            }
        }
    }

    @Test
    void requestsAreListedNewestFirst() {
        var server = service.server();
        var code = service.pool(30);
        var first = service.request(server, code, 1);
        var second = service.request(server, code, 2);
        assertThat(service.operator().all("/api/v1/activation-requests?limit=1&licenseServerId=" + server))
                .extracting(each -> each.path("requestId").asText())
                .containsExactly(second.toString(), first.toString());
        var unknown = UUID.randomUUID();
        assertThat(service.apply(unknown).status()).isEqualTo(404);
        assertThat(service.apply(second).problem()).isEqualTo("no-response");
        assertThat(service.nobody()
                        .as("vera", "viewer")
                        .post("/api/v1/activation-requests/" + second + "/application", "")
                        .status())
                .isEqualTo(403);
    }

    private static JsonNode pool(String code) {
        return service.operator().get("/api/v1/pools/" + code).body();
    }

    private static int total(String code, UUID server) {
        for (JsonNode held : pool(code).path("activations")) {
            if (held.path("licenseServerId").asText().equals(server.toString())) {
                return held.path("total").asInt();
            }
        }
        return 0;
    }

    private static List<String> types(String code, int count) {
        return service.kafka().await("interlock.license.events.v1", count, m -> code.equals(m.key())).stream()
                .map(m -> m.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1"))
                .toList();
    }

    private static List<String> rejected(String code) {
        return service
                .kafka()
                .await(
                        "interlock.license.events.v1",
                        1,
                        m -> code.equals(m.key()) && m.header("ce_type").contains("ResponseRejected"))
                .stream()
                .map(m -> String.valueOf(m.value()).replaceAll(".*\"reason\": *\"([a-z-]+)\".*", "$1"))
                .toList();
    }
}
