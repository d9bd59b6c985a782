package dev.interlock.platform.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.interlock.platform.http.RunningService;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestInfrastructure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PasswordRefusalsTest {

    private static final Credential.Password WRONG = new Credential.Password("ums-prod", "1", new Secret("wrong"));
    private static final String PLACE = "fleet@10.0.0.7:22";

    @Test
    @Clause("L43")
    void areRememberedOverARestartUntilAnAdminClearsThem() {
        var same = ServiceUnderTest.properties("example", TestInfrastructure.get(), "t_password_refusals");
        try (var service = new RunningService(Map.of("datasources.default.url", url(same)))) {
            var attempts = service.context.getBean(PasswordAttempts.class);
            attempts.check(WRONG, PLACE);
            attempts.failed(WRONG, PLACE);
        }
        try (var service = new RunningService(Map.of("datasources.default.url", url(same)))) {
            var attempts = service.context.getBean(PasswordAttempts.class);
            assertThatExceptionOfType(CredentialException.class).isThrownBy(() -> attempts.check(WRONG, PLACE));
            attempts.check(WRONG, "fleet@10.0.0.8:22");
            attempts.check(new Credential.Password("ums-prod", "2", new Secret("right")), PLACE);

            var listed = service.get("/api/v1/credential-refusals", "viewer");
            assertThat(listed.json().get("items").get(0).get("place").asText()).isEqualTo(PLACE);
            assertThat(listed.raw().body()).doesNotContain("wrong");
            assertThat(clear(service, "operator")).isEqualTo(403);
            assertThat(clear(service, "admin")).isEqualTo(204);
            attempts.check(WRONG, PLACE);
            assertThat(clear(service, "admin")).isEqualTo(404);
        }
    }

    private static int clear(RunningService service, String role) {
        return service.send(service.request(
                        "DELETE", "/api/v1/credential-refusals/ums-prod", null, RunningService.token(role)))
                .status();
    }

    private static Object url(Map<String, Object> properties) {
        return properties.getOrDefault("datasources.default.url", "");
    }
}
