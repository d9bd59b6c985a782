package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.LicenseEvent.SessionAuthorized;
import dev.interlock.contracts.LicenseEvent.SessionDenied;
import dev.interlock.contracts.LicenseEvent.SessionReleased;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.EventPublisher;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What license-service tells of sessions becomes validations, whatever order and repetition Kafka brings. */
class LicenseSessionsListenerTest {
    @SuppressWarnings("NullAway.Init")
    private static AgentMonitorUnderTest service;

    private final UUID server = UUID.randomUUID();

    @BeforeAll
    static void start() {
        service = new AgentMonitorUnderTest();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** A published event: its id travels with it however often it is delivered. */
    private record Published(UUID id, LicenseEvent event, Instant at) {
        static Published of(LicenseEvent event, Instant at) {
            return new Published(UUID.randomUUID(), event, at);
        }

        void deliver() {
            EventPublisher.shared().publish(id, event, at);
        }
    }

    private Published authorized(UUID agent, Instant at) {
        return Published.of(
                new SessionAuthorized(UUID.randomUUID(), server, agent, "ann", "CODE-1", "pcoip-session", 1, 5, at),
                at);
    }

    private Published denied(UUID agent, Instant at) {
        return Published.of(new SessionDenied(server, agent, "ann", "no-license", 5, 5, at), at);
    }

    private Published released(UUID agent, Instant at) {
        return Published.of(
                new SessionReleased(UUID.randomUUID(), server, agent, "ann", "CODE-1", "pcoip-session", 0, 5, at), at);
    }

    private static Instant ago(long hours) {
        return Instant.now().truncatedTo(ChronoUnit.MICROS).minus(Duration.ofHours(hours));
    }

    private String agent() {
        return service.operator()
                .post("/api/v1/agents", "{\"name\":\"ws\",\"licenseServerId\":\"%s\"}".formatted(server))
                .text("agentId");
    }

    private static String state(Object agent) {
        return service.operator().get("/api/v1/agents/" + agent).text("state");
    }

    @Test
    @Clause({"L34", "L35"})
    void anAuthorizedSessionValidatesAndADeniedOneStartsGrace() throws Exception {
        var agent = UUID.fromString(agent());
        authorized(agent, ago(5)).deliver();
        await().untilAsserted(() -> assertThat(state(agent)).isEqualTo("licensed"));
        denied(agent, ago(4)).deliver();
        await().untilAsserted(() -> assertThat(state(agent)).isEqualTo("in-grace"));
        released(agent, ago(3)).deliver();
        authorized(agent, ago(2)).deliver();
        await().untilAsserted(() -> assertThat(state(agent)).isEqualTo("licensed"));
        assertThat(AgentMonitorUnderTest.events(agent, 6))
                .extracting(AgentMonitorUnderTest::type)
                .containsExactly(
                        "AgentRegistered",
                        "AgentValidated",
                        "AgentValidationFailed",
                        "GracePeriodStarted",
                        "AgentValidated",
                        "GracePeriodEnded");
    }

    @Test
    void aSessionOfAnAgentNobodyRegisteredRegistersIt() throws Exception {
        var agent = UUID.randomUUID();
        authorized(agent, ago(5)).deliver();
        await().untilAsserted(() -> assertThat(state(agent)).isEqualTo("licensed"));
        var shown = service.operator().get("/api/v1/agents/" + agent);
        assertThat(shown.text("licenseServerId")).isEqualTo(server.toString());
        assertThat(AgentMonitorUnderTest.events(agent, 2))
                .extracting(AgentMonitorUnderTest::type)
                .containsExactly("AgentRegistered", "AgentValidated");
    }

    @Test
    @Clause({"L33", "L34", "L35"})
    void duplicatesAndAnyOrderOnKafkaGiveTheSamePeriodsAndEachFactOnce() throws Exception {
        var random = new Random(11);
        var expected = UUID.randomUUID();
        var outcomes = List.of(true, false, false, true, false, true, true, false, false, false);
        for (int i = 0; i < outcomes.size(); i++) {
            (outcomes.get(i) ? authorized(expected, at(i)) : denied(expected, at(i))).deliver();
        }
        var shuffled = UUID.randomUUID();
        var deliveries = new ArrayList<Published>();
        for (int i = 0; i < outcomes.size(); i++) {
            var published = outcomes.get(i) ? authorized(shuffled, at(i)) : denied(shuffled, at(i));
            deliveries.addAll(Collections.nCopies(1 + random.nextInt(3), published));
        }
        Collections.shuffle(deliveries, random);
        for (Published published : deliveries) {
            published.deliver();
        }
        // when the last one has had its effect, all before it in its partition have
        var last = UUID.randomUUID();
        authorized(last, ago(1)).deliver();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(state(last)).isEqualTo("licensed"));
        assertThat(periods(shuffled)).isEqualTo(periods(expected)).hasSize(3);
        assertThat(state(shuffled)).isEqualTo(state(expected)).isEqualTo("in-grace");
        long facts = AgentMonitorUnderTest.events(shuffled, 1 + outcomes.size()).stream()
                .filter(message -> AgentMonitorUnderTest.type(message).startsWith("AgentValid"))
                .count();
        assertThat(facts).isEqualTo(outcomes.size());
    }

    private static Instant at(int i) {
        return Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(100 - 3L * i));
    }

    private static List<String> periods(UUID agent) {
        var periods = new ArrayList<String>();
        service.operator()
                .get("/api/v1/agents/" + agent + "/grace-periods")
                .body()
                .path("items")
                .forEach(period -> periods.add(period.toString()));
        return periods;
    }
}
