package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.agent.app.Agents;
import dev.interlock.agent.app.AnnounceKnownAgents;
import dev.interlock.agent.app.LicenseServers;
import dev.interlock.agent.app.RecordValidation;
import dev.interlock.agent.app.WatchOutages;
import dev.interlock.agent.app.WatchSilence;
import dev.interlock.agent.domain.Recording;
import dev.interlock.agent.domain.Validation;
import dev.interlock.agent.domain.Validation.Outcome;
import dev.interlock.agent.domain.Validation.Source;
import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.AgentEvent.AgentHeard;
import dev.interlock.contracts.AgentEvent.AgentSilent;
import dev.interlock.contracts.AgentEvent.AgentVersionUnsupported;
import dev.interlock.contracts.AgentEvent.AlertCleared;
import dev.interlock.contracts.AgentEvent.AlertRaised;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.LicenseEvent.LicenseServerHealthChanged;
import dev.interlock.contracts.LicenseEvent.LicenseServerRetired;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.EventPublisher;
import dev.interlock.testkit.KafkaProbe;
import dev.interlock.testkit.MovableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One outage is one incident; agents that fall silent; servers whose health is told by their own service. */
class OutagesTest {
    private static final EventCodec CODEC = new EventCodec();

    @SuppressWarnings("NullAway.Init")
    private static AgentMonitorUnderTest service;

    private final UUID server = UUID.randomUUID();

    @BeforeAll
    static void start() {
        service = new AgentMonitorUnderTest(Map.of(MovableClock.WANTED, true, "interlock.agent.outage-after", "30s"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static MovableClock clock() {
        return service.bean(MovableClock.class);
    }

    private static void report(UUID agent, Outcome outcome, Instant at) {
        var validation = new Validation(
                UUID.randomUUID().toString(),
                at,
                outcome,
                outcome == Outcome.FAILED ? "connection refused" : null,
                Source.API);
        assertThat(service.bean(RecordValidation.class).handle(agent, validation))
                .isInstanceOf(Recording.Recorded.class);
    }

    private static <E extends AgentEvent> List<E> told(Object key, Class<E> kind) {
        return KafkaProbe.shared().ofKey(AgentMonitorUnderTest.TOPIC, key.toString()).stream()
                .map(message -> CODEC.parse(
                        AgentEvent.class,
                        message.header("ce_type"),
                        Objects.requireNonNull(message.value()).getBytes(StandardCharsets.UTF_8)))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static <E extends AgentEvent> List<E> awaitTold(Object key, Class<E> kind, int count) {
        return await().atMost(Duration.ofSeconds(30)).until(() -> told(key, kind), all -> all.size() >= count);
    }

    @Test
    @Clause({"L36", "L87"})
    void twoHundredAgentsThatFailBecauseOneServerIsAwayAreOneIncidentInTheWordsOfItsHealth() throws Exception {
        var other = UUID.randomUUID();
        var agents = new ArrayList<UUID>();
        var begin = clock().instant();
        for (int i = 0; i < 200; i++) {
            var agent = service.agent(server).id();
            agents.add(agent);
            report(agent, Outcome.SUCCEEDED, begin.minusSeconds(600));
        }
        report(service.agent(other).id(), Outcome.SUCCEEDED, begin);
        EventPublisher.shared()
                .publish(new LicenseServerHealthChanged(
                        server, "ls-paris", "up", "down", "connection refused: is it active?", begin));
        EventPublisher.shared()
                .publish(new LicenseServerHealthChanged(
                        server, "ls-paris", "unknown", "up", null, begin.minusSeconds(60)));
        agents.forEach(agent -> report(agent, Outcome.FAILED, begin));
        service.bean(WatchOutages.class).handle();
        assertThat(told(server, AlertRaised.class)).as("it may be a blip").isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                service.bean(LicenseServers.class).find(server).map(LicenseServers.Known::health))
                        .contains("down"));

        clock().moveTo(begin.plusSeconds(90));
        for (int i = 0; i < 3; i++) {
            service.bean(WatchOutages.class).handle();
        }
        var raised = awaitTold(server, AlertRaised.class, 1);
        assertThat(raised).singleElement().satisfies(alert -> {
            assertThat(alert.rule()).isEqualTo("license-server-outage");
            assertThat(alert.severity()).isEqualTo("warning");
            assertThat(alert.agentsInGrace()).isEqualTo(200);
            assertThat(alert.summary()).startsWith("200 of 200 agents cannot validate with ls-paris");
            assertThat(alert.next()).contains("ls-paris is down (connection refused: is it active?)");
        });
        service.restart();
        service.bean(WatchOutages.class).handle();

        clock().moveTo(begin.plus(Duration.ofDays(6)).plusSeconds(1));
        service.bean(WatchOutages.class).handle();
        assertThat(awaitTold(server, AlertRaised.class, 2))
                .extracting(AlertRaised::severity)
                .containsExactly("warning", "critical");

        var back = clock().instant();
        agents.subList(1, 200).forEach(agent -> report(agent, Outcome.SUCCEEDED, back));
        service.bean(WatchOutages.class).handle();
        assertThat(told(server, AlertCleared.class)).as("one is still failing").isEmpty();
        report(agents.getFirst(), Outcome.SUCCEEDED, back);
        service.bean(WatchOutages.class).handle();
        var cleared = awaitTold(server, AlertCleared.class, 1);
        assertThat(cleared)
                .singleElement()
                .satisfies(alert ->
                        assertThat(alert.alertId()).isEqualTo(raised.getFirst().alertId()));
        assertThat(told(server, AlertRaised.class)).hasSize(2);
        assertThat(told(other, AlertRaised.class)).isEmpty();
    }

    @Test
    void anIncidentSaysThatTheServerIsOutOfService() throws Exception {
        var agent = service.agent(server).id();
        var begin = clock().instant();
        report(agent, Outcome.SUCCEEDED, begin.minusSeconds(600));
        // events carry the time of the machine, which is not that of the clock under test
        var before = Instant.now().minusSeconds(3600);
        EventPublisher.shared()
                .publish(new LicenseServerHealthChanged(server, "ls-paris", "unknown", "up", null, before));
        EventPublisher.shared()
                .publish(new LicenseServerRetired(server, "ls-paris", "replaced by ls-lyon", false, "ada"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                service.bean(LicenseServers.class).find(server).map(LicenseServers.Known::health))
                        .contains("down"));
        report(agent, Outcome.FAILED, begin);
        service.bean(WatchOutages.class).handle();
        clock().moveTo(begin.plusSeconds(90));
        service.bean(WatchOutages.class).handle();

        assertThat(awaitTold(server, AlertRaised.class, 1))
                .singleElement()
                .satisfies(alert ->
                        assertThat(alert.next()).contains("ls-paris is down (out of service: replaced by ls-lyon)"));
    }

    @Test
    void anAgentOfWhichNothingIsHeardIsToldOnceAndAgainWhenItIsHeard() {
        var agent = service.agent(server).id();
        var silent = service.agent(server).id();
        var start = clock().instant();
        report(agent, Outcome.FAILED, start);
        clock().moveTo(start.plus(Duration.ofDays(29)));
        report(agent, Outcome.FAILED, clock().instant());
        service.bean(WatchSilence.class).handle();
        assertThat(told(silent, AgentSilent.class)).isEmpty();

        clock().moveTo(start.plus(Duration.ofDays(33)));
        service.bean(WatchSilence.class).handle();
        service.bean(WatchSilence.class).handle();
        assertThat(awaitTold(silent, AgentSilent.class, 1)).singleElement().satisfies(event -> {
            assertThat(event.lastHeardAt()).isNull();
            assertThat(event.expectedEverySeconds())
                    .isEqualTo(Duration.ofDays(30).toSeconds());
        });
        assertThat(told(agent, AgentSilent.class)).isEmpty();
        report(silent, Outcome.SUCCEEDED, clock().instant());
        assertThat(awaitTold(silent, AgentHeard.class, 1)).hasSize(1);
        report(silent, Outcome.SUCCEEDED, clock().instant());
        clock().move(Duration.ofDays(33));
        service.bean(WatchSilence.class).handle();
        assertThat(awaitTold(silent, AgentSilent.class, 2).get(1).lastHeardAt()).isNotNull();
        assertThat(told(silent, AgentHeard.class)).hasSize(1);
    }

    @Test
    @Clause("L4")
    void anAgentTooOldForAnyLicenseServerIsToldWhenItIsRegistered() {
        var api = new AgentMonitorUnderTest();
        try (api) {
            var body = "{\"name\":\"old\",\"licenseServerId\":\"%s\",\"version\":\"%s\"}";
            var old = api.operator().post("/api/v1/agents", body.formatted(server, "2.9.4"));
            assertThat(old.text("versionUnsupported")).contains("2.11");
            var fine = api.operator().post("/api/v1/agents", body.formatted(server, "2.11"));
            assertThat(fine.body().path("versionUnsupported").isTextual()).isFalse();
            assertThat(awaitTold(old.text("agentId"), AgentVersionUnsupported.class, 1))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.version()).isEqualTo("2.9.4");
                        assertThat(event.minimumVersion()).isEqualTo("2.11");
                    });
            AgentMonitorUnderTest.states(UUID.fromString(fine.text("agentId")), state -> true);
            assertThat(told(fine.text("agentId"), AgentVersionUnsupported.class))
                    .isEmpty();
        }
    }

    @Test
    void agentsFromBeforeTheTopicOfStatesComeOnIt() throws Exception {
        var agent = service.agent(server).id();
        AgentMonitorUnderTest.states(agent, state -> true);
        try (var database = service.database();
                var forget = database.createStatement()) {
            forget.executeUpdate("update agent set announced = false where id = '" + agent + "'");
        }
        assertThat(service.bean(AnnounceKnownAgents.class).handle()).isPositive();
        assertThat(service.bean(AnnounceKnownAgents.class).handle()).isZero();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(AgentMonitorUnderTest.states(agent, state -> true))
                        .hasSize(2));
        assertThat(service.bean(Agents.class).find(agent)).isPresent();
    }

    @Test
    void openIncidentsAreListedWithTheCountOfNow() {
        try (var api = new AgentMonitorUnderTest(Map.of("interlock.agent.outage-after", "0s"))) {
            var now = Instant.now();
            for (int i = 0; i < 3; i++) {
                var id = api.agent(server).id();
                api.report(id, "ok", now.minusSeconds(100), "succeeded");
                api.report(id, "f", now.minusSeconds(50), "failed");
            }
            var alerts = await().atMost(Duration.ofSeconds(30))
                    .until(() -> api.operator().get("/api/v1/alerts").body().path("items"), items -> items.size() == 1);
            JsonNode alert = alerts.get(0);
            assertThat(alert.path("agentsInGrace").asInt()).isEqualTo(3);
            assertThat(alert.path("subjectId").asText()).isEqualTo(server.toString());
            assertThat(alert.path("next").asText()).endsWith(".");
        }
    }
}
