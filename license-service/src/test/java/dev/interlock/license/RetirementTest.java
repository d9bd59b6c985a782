package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.ApiClient;
import dev.interlock.testkit.Clause;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RetirementTest {
    private final LicenseServiceUnderTest service = LicenseServiceUnderTest.shared();
    private final ApiClient admin = service.nobody().as("ada", "admin");

    @Test
    @Clause("L17")
    void aServerThatHoldsLicencesIsNotLetGo() {
        var server = service.server();
        var code = service.pool(10);
        service.activate(code, server, 4);
        var refused = retire(server);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("license-server-holds-licenses");
        assertThat(refused.text("detail")).contains("4 of " + code, "lost");
        assertThat(refused.text("next")).contains("Return them all first", "ticket");
        service.activate(code, server, 0);
        assertThat(retire(server).body().path("retiredAt").isTextual()).isTrue();
        assertThat(retire(server).status()).as("again").isEqualTo(200);
        assertThat(toldOfRetirement(server)).contains("\"lost\": false", "\"reason\": \"replaced\"");
        assertThat(service.activate(code, server, 1).problem()).isEqualTo("license-server-retired");
        assertThat(service.tryRequest(server, service.pool(1), 1).problem()).isEqualTo("license-server-retired");
    }

    @Test
    @Clause("L17")
    void whatADestroyedServerHeldIsLostUntilTheVendorGivesItBack() {
        var server = service.server();
        var code = service.pool(10);
        service.activate(code, server, 4);
        service.session(server, UUID.randomUUID(), "ann");
        assertThat(service.operator()
                        .post("/api/v1/license-servers/" + server + "/loss", "{\"reason\":\"x\"}")
                        .status())
                .as("an administrator's word is needed")
                .isEqualTo(403);
        var lost = admin.post("/api/v1/license-servers/" + server + "/loss", "{\"reason\":\"its disk burnt\"}");
        assertThat(lost.body().path("lost").asBoolean()).as("%s", lost.body()).isTrue();
        assertThat(service.session(server, UUID.randomUUID(), "bob").problem())
                .isEqualTo("license-server-not-counting");
        assertThat(service.operator()
                        .get("/api/v1/pools/" + code)
                        .body()
                        .path("available")
                        .asInt())
                .isEqualTo(6);
        var held = service.operator()
                .get("/api/v1/pools/" + code)
                .body()
                .path("activations")
                .path(0);
        assertThat(held.path("lost").asBoolean()).isTrue();
        assertThat(held.path("total").asInt()).isEqualTo(4);
        var told = service.kafka()
                .await(
                        "interlock.license.events.v1",
                        1,
                        m -> m.header("ce_type").contains("LicensesLost")
                                && server.toString().equals(m.key()));
        assertThat(told).hasSize(1);
        assertThat(String.valueOf(told.getFirst().value())).contains(code, "its disk burnt");
        assertThat(toldOfRetirement(server)).contains("\"lost\": true", "its disk burnt", "\"retiredBy\": \"ada\"");
        var ticket = service.operator()
                .get("/api/v1/license-servers/" + server + "/ticket?about=licenses-lost&contactName=Ann");
        assertThat(ticket.text("text")).contains("4 of " + code, "VM_UUID: ", "Contact: Ann");
    }

    @Test
    @Clause("L19")
    void whatIsCountedHereMovesInOneStepAllOrNothing() {
        var from = service.server();
        var to = service.server();
        var code = service.pool(10);
        service.activate(code, from, 6);
        service.activate(code, to, 1);
        var moved = move(code, from, to);
        assertThat(moved.text("state")).as("%s", moved.body()).isEqualTo("moved");
        assertThat(moved.body().path("total").asInt()).isEqualTo(7);
        assertThat(move(code, from, to).problem()).isEqualTo("nothing-to-move");
        service.session(to, UUID.randomUUID(), "ann");
        assertThat(move(code, to, from).problem()).isEqualTo("licenses-in-use");
        assertThat(move(code, to, to).status()).isEqualTo(400);
        assertThat(move(code, to, UUID.randomUUID()).status()).isIn(404, 409);
        assertThat(service.operator()
                        .get("/api/v1/pools/" + code)
                        .body()
                        .path("active")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    @Clause("L7")
    void aRegistrationCodeOfCloudLicensingIsNoActivationCode() {
        var cloud = "ABCDEFGH1234@5678-9ABC-DEF0-1234";
        var registered =
                service.operator().post("/api/v1/pools", """
                {"activationCode":"%s","seats":1,"feature":"x","expiresAt":"%s"}
                """.formatted(cloud, Instant.parse("2099-01-01T00:00:00Z")));
        assertThat(registered.problem()).isEqualTo("registration-code");
        assertThat(registered.text("detail")).contains("cloud licensing");
        assertThat(service.tryRequest(service.server(), cloud, 1).problem()).isEqualTo("registration-code");
    }

    @Test
    @Clause("L91")
    void noLicenceIsTheUrlThePortOrThePool() {
        var server = service.server();
        var nothing = service.session(server, UUID.randomUUID(), "ann");
        assertThat(nothing.text("reason")).isEqualTo("nothing-activated");
        assertThat(nothing.text("next")).contains("Activate licences", "URL and port");
        service.activate(service.pool(1), server, 1);
        service.session(server, UUID.randomUUID(), "ann");
        var used = service.session(server, UUID.randomUUID(), "bob");
        assertThat(used.text("reason")).isEqualTo("no-license");
        assertThat(used.text("next")).contains("Wait for a session to end", "activate more licences");
    }

    /** Told once, whatever was refused before or asked again. */
    private String toldOfRetirement(UUID server) {
        var told = service.kafka()
                .await(
                        "interlock.license.events.v1",
                        1,
                        m -> m.header("ce_type").contains("LicenseServerRetired")
                                && server.toString().equals(m.key()));
        assertThat(told).hasSize(1);
        return String.valueOf(told.getFirst().value());
    }

    private ApiClient.Answer retire(UUID server) {
        return service.operator()
                .post("/api/v1/license-servers/" + server + "/retirement", "{\"reason\":\"replaced\"}");
    }

    private ApiClient.Answer move(String code, UUID from, UUID to) {
        return service.operator()
                .post("/api/v1/pools/" + code + "/moves", "{\"from\":\"%s\",\"to\":\"%s\"}".formatted(from, to));
    }
}
