package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import dev.interlock.license.app.HostDirectory;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** License servers that count for themselves, as the lab plays them: real HTTP, real SSH. */
class FlexnetTest {
    private static Lab lab;
    private static LicenseServiceUnderTest service;
    private static final List<String> SCRIPTS = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        lab = Lab.builder().timeScale(50).start();
        lab.onCommand(moment -> {
            if (moment instanceof Moment.Started(var _, var _, var script)) {
                SCRIPTS.add(script);
            }
        });
        service = LicenseServiceUnderTest.with(Map.of(
                "interlock.credentials.dir",
                lab.credentials().toString(),
                "interlock.license.flexnet.health-every",
                "1s"));
    }

    @AfterAll
    static void stop() {
        service.close();
        lab.close();
    }

    /** A license server of the lab, and what it is called here. */
    private record Server(LabHost host, UUID id) {
        JsonNode state() {
            return new ObjectMapper()
                    .valueToTree(Objects.requireNonNull(
                            host.product().details(host.machine()).get("licenseServer")));
        }

        JsonNode view() {
            return service.operator().get("/api/v1/license-servers/" + id).body();
        }

        void is(String health) {
            await(host.name() + " is " + health)
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> view().path("health").asText(), health::equals);
        }
    }

    private static Server server(String name) {
        return server(name, "pcoip-license-server");
    }

    private static Server server(String name, String credential) {
        var host = lab.add(name, "pcoip-license-server", "connected", "licenses");
        var hostId = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        service.bean(HostDirectory.class)
                .put(new HostDirectory.Host(
                        hostId,
                        name,
                        host.address(),
                        host.port(),
                        Lab.USER,
                        lab.credential(),
                        host.hostKey(),
                        "reachable"));
        var answer = service.operator()
                .post("/api/v1/license-servers", """
                        {"name":"%s","kind":"flexnet","baseUrl":"%s","credential":"%s","hostId":"%s"}
                        """.formatted(name, host.http(7070), credential, hostId));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        var made = new Server(host, UUID.fromString(answer.text("licenseServerId")));
        made.is("up");
        return made;
    }

    private static void password(String name, String password) throws IOException {
        var file = lab.credentials().resolve(name + ".password");
        Files.writeString(file, password);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static List<Message> events(UUID server, String type, int count) {
        return service.kafka()
                .await(
                        "interlock.license.events.v1",
                        count,
                        m -> String.valueOf(m.value()).contains(server.toString())
                                && m.header("ce_type").contains("." + type + "."));
    }

    @Test
    @Clause({"L21", "L22", "L26", "L27", "L29", "L41", "L42"})
    void theServersOwnRequestGoesOutAndItsAnswerComesBackAndIsVerifiedByItsList() throws Exception {
        var server = server("fx-flow");
        var code = server.state().path("licenses").fieldNames().next();
        assertThat(service.operator().post("/api/v1/pools", """
                                {"activationCode":"%s","seats":30,"feature":"Agent-Session","expiresAt":"2099-01-01T00:00:00Z"}
                                """.formatted(code)).status())
                .isEqualTo(201);
        var made = service.tryRequest(server.id(), code, 28);
        assertThat(made.status()).as("%s", made.body()).isEqualTo(201);
        assertThat(made.text("requestHostId"))
                .isEqualTo(server.state().path("hostId").asText());
        assertThat(made.body().path("contents").path("DesiredRights").asText())
                .isEqualTo("(ActivationID=" + code + ":28)");
        var request = UUID.fromString(made.text("requestId"));
        var response = lab.portal().respond(service.download(request));

        var uploaded = service.upload(request, response);
        assertThat(uploaded.status()).as("%s", uploaded.body()).isEqualTo(201);
        assertThat(uploaded.text("requestHostId")).isEqualTo(made.text("requestHostId"));
        assertThat(uploaded.body().path("lifetimeSeconds").asLong()).isEqualTo(86_400);
        assertThat(uploaded.text("issuer")).isEqualTo("portal:BACK_OFFICE");
        assertThat(server.state().path("licenses").path(code).asInt())
                .as("only looked at")
                .isEqualTo(25);

        assertThat(service.apply(request).status()).isEqualTo(202);
        await("applied")
                .atMost(Duration.ofSeconds(30))
                .until(() -> shown(request).path("state").asText(), "applied"::equals);
        assertThat(server.state().path("licenses").path(code).asInt()).isEqualTo(28);
        assertThat(server.host().count(Effect.Kind.ACTIVATE, code)).isOne();
        assertThat(shown(request).path("custody").findValuesAsText("act"))
                .containsExactly("made", "downloaded", "uploaded", "sent", "applied", "verified");
        assertThat(shown(request).path("custody").path(5).path("detail").asText())
                .isEqualTo("fx-flow lists 28 of Agent-Session");
        assertThat(service.operator()
                        .get("/api/v1/pools/" + code)
                        .body()
                        .path("active")
                        .asInt())
                .isEqualTo(28);
        assertThat(service.apply(request).body().path("appliedBefore").asBoolean())
                .isTrue();
        assertThat(service.upload(request, response).problem()).isEqualTo("response-used");

        var listed = service.operator().get("/api/v1/license-servers/" + server.id() + "/features");
        assertThat(listed.text("machineId")).isEqualTo(made.text("requestHostId"));
        assertThat(listed.body().path("items").path(0).path("count").asInt()).isEqualTo(28);
        assertThat(service.activate(code, server.id(), 5).problem()).isEqualTo("activation-by-request-only");
        assertThat(service.session(server.id(), UUID.randomUUID(), "ann").problem())
                .isEqualTo("license-server-not-counting");
        assertThat(SCRIPTS).isNotEmpty().noneMatch(script -> script.contains("L4b-license-server!"));
    }

    @Test
    @Clause({"L24", "L25", "L31", "L32"})
    void whatItsCommandsAndThePortalRefuseIsToldInTheirWords() throws Exception {
        var one = server("fx-one");
        var other = server("fx-other");
        var code = "FX-" + UUID.randomUUID();
        lab.portal().entitle(code, "Agent-Session", 10, LocalDate.parse("2099-01-01"));
        service.pool(code, 10, Instant.parse("2099-01-01T00:00:00Z"));
        var asked = service.request(one.id(), code, 4);
        var answer = lab.portal().respond(service.download(asked));
        var elsewhere = service.request(other.id(), code, 4);
        assertThat(service.upload(elsewhere, answer).problem()).isEqualTo("response-for-other-machine");
        var damaged = answer.clone();
        damaged[answer.length / 2] ^= 1;
        assertThat(service.upload(asked, damaged).problem()).isEqualTo("response-altered");
        assertThat(service.upload(asked, new byte[40_000]).problem()).isEqualTo("response-too-large");
        assertThat(service.upload(asked, "GIF89a".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(422);
        assertThat(service.tryRequest(one.id(), code, 11).problem()).isEqualTo("activation-count-exceeded");
        assertThat(service.tryRequest(one.id(), code.toUpperCase(Locale.ROOT).replace("-", ""), 1)
                        .problem())
                .isEqualTo("activation-code-invalid");
    }

    @Test
    @Clause("L43")
    void aWrongPasswordIsTriedOnceByWhicheverDoorAndThenNoMore() throws Exception {
        password("fx-wrong", "Wr0ng-one!");
        var server = server("fx-wrong", "fx-wrong");
        var features = "/api/v1/license-servers/" + server.id() + "/features";
        assertThat(service.operator().get(features).problem()).isEqualTo("license-server-password-refused");
        assertThat(server.state().path("wrongPasswords").asInt()).isOne();
        assertThat(service.operator().get(features).problem()).isEqualTo("credential-unusable");
        var code = "FW-" + UUID.randomUUID();
        service.pool(code, 10, Instant.parse("2099-01-01T00:00:00Z"));
        var refused = service.tryRequest(server.id(), code, 1);
        assertThat(refused.problem()).isEqualTo("credential-unusable");
        assertThat(refused.text("next")).contains("Correct the password in its file");
        assertThat(server.state().path("wrongPasswords").asInt())
                .as("not tried again")
                .isOne();
        password("fx-wrong", "L4b-license-server!");
        assertThat(service.operator().get(features).status()).isEqualTo(200);
    }

    @Test
    @Clause("L43")
    void aLockedAdministratorIsToldAndLeftAlone() throws Exception {
        var server = server("fx-locked");
        for (int i = 0; i < 3; i++) {
            server.host().console("TERADICI_LICENSE_SERVER_PASSWORD=Wr0ng-one! pcoip-list-licenses");
        }
        var code = "FL-" + UUID.randomUUID();
        service.pool(code, 10, Instant.parse("2099-01-01T00:00:00Z"));
        var refused = service.tryRequest(server.id(), code, 1);
        assertThat(refused.problem()).isEqualTo("administrator-locked-out");
        assertThat(refused.text("next")).contains("Nothing is tried before");
        assertThat(events(server.id(), "AdministratorLockedOut", 1)).hasSize(1);
        int tries = server.state().path("triesWhileLocked").asInt();
        assertThat(service.operator()
                        .get("/api/v1/license-servers/" + server.id() + "/features")
                        .problem())
                .isEqualTo("administrator-locked-out");
        assertThat(server.state().path("triesWhileLocked").asInt()).isEqualTo(tries);
        assertThat(server.view().path("warnings").toString()).contains("were blocked until");
    }

    @Test
    @Clause({"L84", "L87"})
    void itsHealthIsWatchedAndACauseIsNamed() {
        var server = server("fx-health");
        assertThat(server.view().path("version").asText()).isEqualTo("2021.05");
        server.host().console("systemctl stop flexnetls-TERADICI");
        server.is("down");
        assertThat(server.view().path("healthCause").asText())
                .contains("connection refused at port")
                .contains("its service is inactive");
        assertThat(server.view().path("healthNext").asText()).contains("is-active flexnetls-TERADICI");
        server.host().console("systemctl start flexnetls-TERADICI");
        server.is("up");
        var told = events(server.id(), "LicenseServerHealthChanged", 3).stream()
                .map(m -> String.valueOf(m.value()).replaceAll("(?s).*\"after\": *\"(\\w+)\".*", "$1"))
                .toList();
        assertThat(told).containsExactly("up", "down", "up");
    }

    @Test
    @Clause({"L9", "L89"})
    void corruptedTrustedStorageIsToldOnce() {
        var server = server("fx-storage");
        server.host().fail(Fault.BADSTORAGE, "modified");
        server.host().console("systemctl restart flexnetls-TERADICI");
        server.is("down");
        await("the cause is known")
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.view().path("healthCause").asText(), cause -> cause.contains("trusted storage"));
        assertThat(server.view().path("healthCause").asText())
                .contains("is corrupted")
                .doesNotContain("compliance");
        assertThat(server.view().path("warnings").toString()).contains("moved or modified");
        assertThat(events(server.id(), "TrustedStorageCorrupted", 1)).hasSize(1);
    }

    @Test
    @Clause({"L39", "L40"})
    void aPasswordThatCannotBeOneIsRefusedAndTheInitialOneIsWarnedOf() throws Exception {
        password("fx-impossible", "short");
        var refused = service.operator().post("/api/v1/license-servers", """
                {"name":"fx-impossible","kind":"flexnet","baseUrl":"http://127.0.0.1:1","credential":"fx-impossible"}
                """);
        assertThat(refused.problem()).isEqualTo("admin-password-impossible");
        assertThat(refused.text("detail"))
                .contains("it has not 8 to 30 characters", "no upper-case letter", "no digit", "no symbol")
                .doesNotContain("short");

        var server = server("fx-initial");
        server.host().console("printf '%s\\n' 'L4b-license-server!' '1P@ssw0rd!' '1P@ssw0rd!' | pcoip-set-password");
        password("fx-initial", "1P@ssw0rd!");
        var again = service.operator()
                .post("/api/v1/license-servers", """
                {"name":"fx-initial-2","kind":"flexnet","baseUrl":"%s","credential":"fx-initial"}
                """.formatted(server.host().http(7070)));
        var second = new Server(server.host(), UUID.fromString(again.text("licenseServerId")));
        assertThat(service.operator()
                        .get("/api/v1/license-servers/" + second.id() + "/features")
                        .status())
                .isEqualTo(200);
        await("the warning")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> second.view().path("warnings").toString(),
                        warnings -> warnings.contains("change it at once"));
    }

    private static JsonNode shown(UUID request) {
        return service.operator().get("/api/v1/activation-requests/" + request).body();
    }
}
