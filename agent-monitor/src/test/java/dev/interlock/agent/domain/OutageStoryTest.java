package dev.interlock.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.agent.domain.OutageStory.Agents;
import dev.interlock.agent.domain.OutageStory.Outage;
import dev.interlock.agent.domain.OutageStory.Severity;
import dev.interlock.agent.domain.OutageStory.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutageStoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration GATHER = Duration.ofSeconds(10);
    private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final Agents FINE = new Agents(200, 0, 0, null, NOON);

    private static Agents inGrace(int count, Instant since) {
        return new Agents(200, count, 0, since, since.minusSeconds(60));
    }

    private static Step next(@Nullable Outage before, Agents agents, Instant now) {
        return OutageStory.next(before, agents, GATHER, ID, now);
    }

    private static Outage raised(Severity severity) {
        return new Outage(ID, NOON, NOON.plus(GATHER), severity);
    }

    @Test
    void agentsThatFailForAMomentAreABlipOfWhichNobodyHears() {
        var first = next(null, inGrace(1, NOON), NOON);
        assertThat(first).isEqualTo(new Step.Quiet(new Outage(ID, NOON, null, null)));
        var outage = new Outage(ID, NOON, null, null);
        assertThat(next(outage, inGrace(9, NOON), NOON.plusSeconds(9))).isEqualTo(new Step.Quiet(outage));
        assertThat(next(outage, FINE, NOON.plusSeconds(9))).isEqualTo(new Step.Quiet(null));
    }

    @Test
    void agentsThatGoOnFailingAreOneIncidentHoweverManyTheyBecome() {
        var outage = new Outage(ID, NOON, null, null);
        assertThat(next(outage, inGrace(20, NOON), NOON.plus(GATHER)))
                .isEqualTo(new Step.Raise(raised(Severity.WARNING)));
        assertThat(next(raised(Severity.WARNING), inGrace(200, NOON), NOON.plusSeconds(60)))
                .isEqualTo(new Step.Quiet(raised(Severity.WARNING)));
    }

    @Test
    void itIsRaisedAgainWhenTheFirstAgentHasADayLeftAndNotTwice() {
        var dayLeft = NOON.plus(Duration.ofDays(6));
        assertThat(next(raised(Severity.WARNING), inGrace(5, NOON), dayLeft.minusSeconds(1)))
                .isEqualTo(new Step.Quiet(raised(Severity.WARNING)));
        assertThat(next(raised(Severity.WARNING), inGrace(5, NOON), dayLeft))
                .isEqualTo(new Step.Raise(raised(Severity.CRITICAL)));
        var later = inGrace(5, NOON.plus(Duration.ofDays(5)));
        assertThat(next(raised(Severity.CRITICAL), later, dayLeft))
                .as("it does not become less than it was")
                .isEqualTo(new Step.Quiet(raised(Severity.CRITICAL)));
    }

    @Test
    void itIsOverWhenNoneFails() {
        assertThat(next(raised(Severity.CRITICAL), FINE, NOON.plusSeconds(99)))
                .isEqualTo(new Step.Clear(raised(Severity.CRITICAL)));
    }

    @Test
    void itIsNotOverBecauseAllAreRefusedButWhenOthersAreLicensedAgain() {
        var refused = new Agents(200, 0, 200, NOON, NOON.minusSeconds(60));
        var back = new Agents(200, 0, 3, NOON, NOON.plus(Duration.ofDays(8)));
        var now = NOON.plus(Duration.ofDays(9));
        assertThat(next(raised(Severity.CRITICAL), refused, now)).isEqualTo(new Step.Quiet(raised(Severity.CRITICAL)));
        assertThat(next(raised(Severity.CRITICAL), back, now)).isEqualTo(new Step.Clear(raised(Severity.CRITICAL)));
        assertThat(next(null, back, now)).as("and is no new one").isEqualTo(new Step.Quiet(null));
    }
}
