package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.testkit.Clause;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the gauges say of agents whose standing is known. */
class AgentGaugesTest {

    @Test
    @Clause({"L33", "L38"})
    void agentsAreCountedByStandingAndThoseInGraceByTheHoursThatAreLeft() {
        try (var service = new AgentMonitorUnderTest(Map.of("interlock.metrics.interval", "200ms"))) {
            var server = UUID.randomUUID();
            var now = Instant.now();
            register(service, server, "never");
            var licensed = register(service, server, "licensed");
            service.report(licensed, "ok", now.minus(Duration.ofHours(1)), "succeeded");
            // the grace of 168 h is over for the last; 0.5, 3 and 100 h are left to the others
            for (double hoursAgo : new double[] {167.5, 165, 68, 200}) {
                var id = register(service, server, "failing-" + hoursAgo);
                service.report(id, "ok", now.minus(Duration.ofHours(300)), "succeeded");
                service.report(id, "f", now.minus(Duration.ofMinutes((long) (hoursAgo * 60))), "failed");
            }
            var meters = service.bean(MeterRegistry.class);
            await("the gauges")
                    .ignoreException(MeterNotFoundException.class)
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> {
                        assertThat(standing(meters, server, "licensed")).isOne();
                        assertThat(standing(meters, server, "in-grace")).isEqualTo(3);
                        assertThat(standing(meters, server, "expired")).isOne();
                        assertThat(standing(meters, server, "never-licensed")).isOne();
                    });
            assertThat(List.of("0-1", "1-4", "4-24", "24-72", "72-168"))
                    .extracting(hours -> value(meters, "interlock.agent.grace.agents", "hours", hours))
                    .containsExactly(1.0, 1.0, 0.0, 0.0, 1.0);
            assertThat(value(meters, "interlock.agent.grace.shortest", "server", server.toString()))
                    .isBetween(29.0 * 60, 30.0 * 60);
        }
    }

    private static String register(AgentMonitorUnderTest service, UUID server, String name) {
        var answer = service.operator()
                .post("/api/v1/agents", "{\"name\":\"%s\",\"licenseServerId\":\"%s\"}".formatted(name, server));
        assertThat(answer.status()).isEqualTo(201);
        return answer.text("agentId");
    }

    private static double standing(MeterRegistry meters, UUID server, String standing) {
        return value(meters, "interlock.agent.agents", "server", server.toString(), "standing", standing);
    }

    private static double value(MeterRegistry meters, String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }
}
