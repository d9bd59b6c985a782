package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.testkit.Clause;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the gauges say of purchases and sessions that are known. */
class LicenseGaugesTest {

    @Test
    @Clause({"L10", "L17"})
    void everyLicenseOfAPurchaseIsFreeInFlightActiveOrLost() {
        try (var service = LicenseServiceUnderTest.with(Map.of("interlock.metrics.interval", "200ms"))) {
            var code = service.pool(10);
            var returning = service.server();
            service.activateByRequest(returning, code, 4);
            var destroyed = service.server();
            service.activateByRequest(destroyed, code, 2);
            var loss = service.nobody()
                    .as("ada", "admin")
                    .post("/api/v1/license-servers/" + destroyed + "/loss", "{\"reason\":\"its disk burnt\"}");
            assertThat(loss.status()).as("%s", loss.body()).isEqualTo(200);
            service.request(returning, code, 1);
            service.request(service.server(), code, 2);
            assertThat(service.session(returning, UUID.randomUUID(), "ann").status())
                    .isEqualTo(201);
            assertThat(service.session(returning, UUID.randomUUID(), "bob").status())
                    .isEqualTo(409);

            var meters = service.bean(MeterRegistry.class);

            await("the gauges")
                    .ignoreException(MeterNotFoundException.class)
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(List.of("free", "in-flight", "active", "lost"))
                            .extracting(state ->
                                    value(meters, "interlock.license.pool.seats", "pool", code, "state", state))
                            .containsExactly(2.0, 5.0, 1.0, 2.0));
            assertThat(value(meters, "interlock.license.requests", "state", "open"))
                    .isEqualTo(2);
            await("ann's session")
                    .ignoreException(MeterNotFoundException.class)
                    .untilAsserted(() -> assertThat(value(meters, "interlock.license.server.in.use", "pool", code))
                            .isOne());
            assertThat(List.of("authorized", "no-license", "expired"))
                    .extracting(outcome -> meters.get("interlock.license.session.requests")
                            .tags("outcome", outcome)
                            .counter()
                            .count())
                    .containsExactly(1.0, 1.0, 0.0);
        }
    }

    private static double value(MeterRegistry meters, String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }
}
