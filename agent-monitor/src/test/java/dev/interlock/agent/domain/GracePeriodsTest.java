package dev.interlock.agent.domain;

import static dev.interlock.agent.domain.Histories.at;
import static dev.interlock.agent.domain.Histories.failed;
import static dev.interlock.agent.domain.Histories.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GracePeriodsTest {

    @Test
    void sevenDaysFromTheFirstFailureNotFromALaterOne() {
        var periods = GracePeriods.of(List.of(succeeded(0), failed(10), failed(20), failed(100)));
        assertThat(periods).containsExactly(new GracePeriod(succeeded(0), failed(10), null));
        assertThat(periods.getFirst().endsAt()).isEqualTo(at(10).plus(Duration.ofDays(7)));
    }

    @Test
    void thereIsNoGraceWithoutAnEarlierLicensedSession() {
        assertThat(GracePeriods.of(List.of(failed(1), failed(2)))).isEmpty();
        assertThat(GracePeriods.of(List.of(failed(1), succeeded(2), failed(3))))
                .containsExactly(new GracePeriod(succeeded(2), failed(3), null));
    }

    @Test
    void aSuccessResetsItAndTheNextFailureStartsNewSevenDays() {
        assertThat(GracePeriods.of(List.of(succeeded(0), failed(10), succeeded(20), failed(30))))
                .containsExactly(
                        new GracePeriod(succeeded(0), failed(10), succeeded(20)),
                        new GracePeriod(succeeded(20), failed(30), null));
    }

    @Test
    void anyCauseOfFailureStartsIt() {
        for (String cause : List.of("unreachable", "no-license", "certificate error", "unknown")) {
            var failure = new Validation("f", at(10), Validation.Outcome.FAILED, cause, Validation.Source.API);
            assertThat(GracePeriods.of(List.of(succeeded(0), failure)))
                    .as(cause)
                    .containsExactly(new GracePeriod(succeeded(0), failure, null));
        }
    }

    @Test
    void anExpiredPeriodIsNotProlongedByFurtherFailures() {
        int eightDays = 8 * 24;
        var periods = GracePeriods.of(List.of(succeeded(0), failed(10), failed(10 + eightDays)));
        assertThat(periods).containsExactly(new GracePeriod(succeeded(0), failed(10), null));
        assertThat(periods.getFirst().state(at(10 + eightDays))).isEqualTo(GracePeriod.State.EXPIRED);
    }

    @Test
    void theStateOfAPeriodFollowsFromItsEndAndItsReset() {
        int week = 7 * 24;
        var open = new GracePeriod(succeeded(0), failed(10), null);
        assertThat(open.state(open.endsAt().minusNanos(1000))).isEqualTo(GracePeriod.State.OPEN);
        assertThat(open.state(open.endsAt())).isEqualTo(GracePeriod.State.EXPIRED);
        var inTime = new GracePeriod(succeeded(0), failed(10), succeeded(10 + week - 1));
        assertThat(inTime.state(at(5000))).isEqualTo(GracePeriod.State.ENDED);
        var tooLate = new GracePeriod(succeeded(0), failed(10), succeeded(10 + week));
        assertThat(tooLate.state(at(5000))).isEqualTo(GracePeriod.State.EXPIRED);
    }
}
