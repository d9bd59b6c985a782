package dev.interlock.platform.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.platform.http.RunningService;
import dev.interlock.testkit.PrivateInfrastructure;
import dev.interlock.testkit.ServiceUnderTest;
import io.micronaut.health.HealthStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthTest {

    @Test
    void isNotReadyWhileDatabaseOrBrokerIsGoneButAliveAllTheTime() {
        try (var infrastructure = PrivateInfrastructure.start();
                var service = new RunningService(ServiceUnderTest.properties("example", infrastructure))) {
            awaitReadiness(service, 200);

            infrastructure.stopKafka();
            awaitReadiness(service, 503);
            assertThat(probe(service, "liveness")).isEqualTo(200);
            infrastructure.startKafka();
            awaitReadiness(service, 200);

            infrastructure.stopPostgres();
            awaitReadiness(service, 503);
            assertThat(probe(service, "liveness")).isEqualTo(200);
            infrastructure.startPostgres();
            awaitReadiness(service, 200);
        }
    }

    @Test
    void answersInTimeAndAsksOnlyOnceWhileTheOtherSideHangs() throws Exception {
        var settings = new HealthSettings(Duration.ofMillis(100), Duration.ZERO);
        var asked = new AtomicInteger();
        var hang = new CountDownLatch(1);
        var question = new Question("database", settings, () -> {
            asked.incrementAndGet();
            hang.await();
            return Map.of();
        });

        assertThat(question.now().getStatus()).isEqualTo(HealthStatus.DOWN);
        assertThat(question.now().getDetails()).isEqualTo(Map.of("reason", "no answer within 100 ms"));
        assertThat(asked).hasValue(1);
        hang.countDown();
        await().untilAsserted(() -> assertThat(question.now().getStatus()).isEqualTo(HealthStatus.UP));
    }

    private static void awaitReadiness(RunningService service, int status) {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(probe(service, "readiness")).isEqualTo(status));
    }

    private static int probe(RunningService service, String kind) {
        return service.send(service.request("GET", "/health/" + kind, null, null))
                .status();
    }
}
