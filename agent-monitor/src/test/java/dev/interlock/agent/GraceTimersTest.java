package dev.interlock.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.agent.app.RecordValidation;
import dev.interlock.agent.app.WatchGrace;
import dev.interlock.agent.domain.Agent;
import dev.interlock.agent.domain.Recording;
import dev.interlock.agent.domain.Validation;
import dev.interlock.agent.domain.Validation.Outcome;
import dev.interlock.agent.domain.Validation.Source;
import dev.interlock.contracts.AgentState;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe.Message;
import dev.interlock.testkit.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Grace periods near their end and reach it: told by timers in the database, each thing once. */
class GraceTimersTest {
    private static final List<String> WHOLE_STORY = List.of(
            "GracePeriodStarted",
            "GracePeriodEnding",
            "GracePeriodEnding",
            "GracePeriodEnding",
            "GracePeriodEnding",
            "GracePeriodExpired");

    private static final ObjectMapper JSON = new ObjectMapper();

    @SuppressWarnings("NullAway.Init")
    private static AgentMonitorUnderTest service;

    @BeforeAll
    static void start() {
        service = new AgentMonitorUnderTest(Map.of(MovableClock.WANTED, true));
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
                outcome == Outcome.FAILED ? "unreachable" : null,
                Source.API);
        assertThat(service.bean(RecordValidation.class).handle(agent, validation))
                .isInstanceOf(Recording.Recorded.class);
    }

    /** @return when the outage began */
    private static Instant outage(UUID agent) {
        var now = clock().instant();
        report(agent, Outcome.SUCCEEDED, now.minusSeconds(60));
        report(agent, Outcome.FAILED, now);
        return now;
    }

    @Test
    @Clause("L33")
    void theTimerTellsOfEachNoticeAtItsTimeAndOfTheEndAndOfNothingTwice() {
        var agent = service.agent(UUID.randomUUID()).id();
        var end = outage(agent).plus(Duration.ofDays(7));
        assertThat(AgentMonitorUnderTest.grace(agent, 1)).containsExactly("GracePeriodStarted");
        int told = 1;
        for (int hours : List.of(72, 24, 4, 1)) {
            clock().moveTo(end.minus(Duration.ofHours(hours)).minusSeconds(30));
            service.bean(WatchGrace.class).handle();
            assertThat(AgentMonitorUnderTest.grace(agent, told)).hasSize(told);
            clock().moveTo(end.minus(Duration.ofHours(hours)));
            told++;
            // no call: the timer itself does it
            assertThat(AgentMonitorUnderTest.grace(agent, told)).hasSize(told);
        }
        clock().moveTo(end);
        assertThat(AgentMonitorUnderTest.grace(agent, 6)).isEqualTo(WHOLE_STORY);
        var remaining = AgentMonitorUnderTest.events(agent, 9).stream()
                .filter(message -> AgentMonitorUnderTest.type(message).equals("GracePeriodEnding"))
                .map(message -> Long.parseLong(field(message, "remainingSeconds")) / 60)
                .toList();
        // told within a minute of its time
        assertThat(remaining).containsExactly(72 * 60L - 1, 24 * 60L - 1, 4 * 60L - 1, 59L);
        var notices = AgentMonitorUnderTest.events(agent, 9).stream()
                .filter(message -> AgentMonitorUnderTest.type(message).equals("GracePeriodEnding"))
                .map(message -> field(message, "noticeHours"))
                .toList();
        assertThat(notices).containsExactly("72", "24", "4", "1");
    }

    @Test
    void aClockThatJumpsOverEverythingOrBackOrARestartTellsEachThingOnceAndInOrder() {
        var agent = service.agent(UUID.randomUUID()).id();
        var start = outage(agent);
        clock().move(Duration.ofDays(5));
        assertThat(AgentMonitorUnderTest.grace(agent, 2)).isEqualTo(WHOLE_STORY.subList(0, 2));
        clock().move(Duration.ofDays(-4));
        service.bean(WatchGrace.class).handle();
        service.restart();
        clock().moveTo(start.plus(Duration.ofDays(30)));
        assertThat(AgentMonitorUnderTest.grace(agent, 6)).isEqualTo(WHOLE_STORY);
        service.restart();
        clock().moveTo(start.plus(Duration.ofDays(31)));
        service.bean(WatchGrace.class).handle();
        service.bean(WatchGrace.class).handle();
        var witness = service.agent(UUID.randomUUID()).id();
        outage(witness);
        assertThat(AgentMonitorUnderTest.grace(witness, 1)).hasSize(1);
        assertThat(AgentMonitorUnderTest.grace(agent, 6)).isEqualTo(WHOLE_STORY);
    }

    @Test
    @Clause({"L33", "L34", "L35"})
    void theTopicOfStatesSaysWhereAnAgentStandsAfterEachChange() {
        var agent = service.agent(UUID.randomUUID());
        var id = agent.id();
        var start = clock().instant();
        report(id, Outcome.FAILED, start.minusSeconds(20));
        report(id, Outcome.SUCCEEDED, start.minusSeconds(10));
        report(id, Outcome.FAILED, start);
        report(id, Outcome.FAILED, start.plusSeconds(1));
        clock().moveTo(start.plus(Duration.ofDays(7)));
        AgentMonitorUnderTest.states(id, AgentState::expired);
        var back = clock().instant();
        report(id, Outcome.SUCCEEDED, back);
        assertThat(AgentMonitorUnderTest.states(id, last -> back.equals(last.lastSuccessAt())))
                .containsExactly(
                        state(agent, false, null, null, false),
                        state(agent, true, start.minusSeconds(10), null, false),
                        state(agent, true, start.minusSeconds(10), start, false),
                        state(agent, true, start.minusSeconds(10), start, true),
                        state(agent, true, back, null, false));
    }

    private static AgentState state(
            Agent agent, boolean ever, @Nullable Instant success, @Nullable Instant failing, boolean expired) {
        return new AgentState(
                agent.id(),
                agent.name(),
                agent.licenseServerId(),
                agent.hostId(),
                agent.version(),
                ever,
                success,
                failing,
                failing == null ? null : failing.plus(Duration.ofDays(7)),
                expired);
    }

    @Test
    @Clause("L35")
    void aSuccessInTimeStopsTheTimer() {
        var agent = service.agent(UUID.randomUUID()).id();
        var start = outage(agent);
        clock().moveTo(start.plus(Duration.ofDays(4)).plusSeconds(1));
        assertThat(AgentMonitorUnderTest.grace(agent, 2)).hasSize(2);
        report(agent, Outcome.SUCCEEDED, clock().instant());
        clock().move(Duration.ofDays(10));
        service.bean(WatchGrace.class).handle();
        report(agent, Outcome.FAILED, clock().instant());
        assertThat(AgentMonitorUnderTest.grace(agent, 4))
                .containsExactly("GracePeriodStarted", "GracePeriodEnding", "GracePeriodEnded", "GracePeriodStarted");
    }

    @Test
    void aLateReportCorrectsTheStoryWithoutContradiction() {
        var agent = service.agent(UUID.randomUUID()).id();
        var start = outage(agent);
        clock().move(Duration.ofDays(2));
        // the outage turns out to have begun ten seconds earlier: the same period, an earlier end
        report(agent, Outcome.FAILED, start.minusSeconds(10));
        // and to have been interrupted: the told period ended then, what fails since is a new one
        report(agent, Outcome.FAILED, start.plus(Duration.ofHours(20)));
        report(agent, Outcome.SUCCEEDED, start.plus(Duration.ofHours(10)));
        assertThat(AgentMonitorUnderTest.grace(agent, 4))
                .containsExactly("GracePeriodStarted", "GracePeriodStarted", "GracePeriodEnded", "GracePeriodStarted");
        var ids = AgentMonitorUnderTest.events(agent, 10).stream()
                .filter(message -> AgentMonitorUnderTest.type(message).startsWith("Grace"))
                .map(message -> field(message, "gracePeriodId"))
                .toList();
        assertThat(ids.get(0)).isEqualTo(ids.get(1)).isEqualTo(ids.get(2)).isNotEqualTo(ids.get(3));
        // an outage that was over before it was heard of is shown, not told
        var quiet = service.agent(UUID.randomUUID()).id();
        var now = clock().instant();
        report(quiet, Outcome.SUCCEEDED, now.minusSeconds(300));
        report(quiet, Outcome.SUCCEEDED, now.minusSeconds(100));
        report(quiet, Outcome.FAILED, now.minusSeconds(200));
        var events = AgentMonitorUnderTest.events(quiet, 4);
        assertThat(events)
                .extracting(AgentMonitorUnderTest::type)
                .containsExactly("AgentRegistered", "AgentValidated", "AgentValidated", "AgentValidationFailed");
    }

    @Test
    void manyAgentsDueAtOnceAreToldEachOnceThoughSeveralWatchersLook() throws Exception {
        var server = UUID.randomUUID();
        var agents = new ArrayList<UUID>();
        for (int i = 0; i < 40; i++) {
            agents.add(service.agent(server).id());
        }
        agents.forEach(GraceTimersTest::outage);
        clock().move(Duration.ofDays(8));
        var watchers = Collections.<Callable<Integer>>nCopies(
                4, () -> service.bean(WatchGrace.class).handle());
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (var result : pool.invokeAll(watchers)) {
                assertThat(result.get()).isNotNegative();
            }
        }
        var told = AgentMonitorUnderTest.graceOf(agents, 6 * agents.size());
        assertThat(told.keySet()).containsExactlyInAnyOrderElementsOf(agents);
        assertThat(told.values()).containsOnly(WHOLE_STORY);
    }

    private static String field(Message message, String name) {
        try {
            return JSON.readTree(Objects.requireNonNull(message.value()))
                    .path(name)
                    .asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
