package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long a plan takes, by what its steps took before. */
class ForecastTest {
    private static Map<String, Took> took(Plan plan, long samples, long p50, long p95) {
        var took = new HashMap<String, Took>();
        plan.steps()
                .forEach(s -> took.put(s.kind(), new Took(samples, Duration.ofSeconds(p50), Duration.ofSeconds(p95))));
        return took;
    }

    @Test
    void eachWaveOfHostsTakesAsLongAsItsStepsTookBefore() {
        Plan plan = Estate.plan(5, 2);
        Stage last = plan.stages().getLast();
        int steps = last.lanes().getFirst().steps().size();
        assertThat(last.lanes()).hasSize(5);
        assertThat(Forecast.of(last, took(plan, 30, 10, 40)))
                .contains(new Forecast(Duration.ofSeconds(3L * steps * 10), Duration.ofSeconds(3L * steps * 40), 30));
    }

    @Test
    void aPlanIsTheSumOfItsStagesAndNoBetterKnownThanTheRarestOfItsSteps() {
        Plan plan = Estate.plan(2, 2);
        Map<String, Took> took = took(plan, 30, 10, 40);
        String rare =
                plan.stages().getLast().lanes().getFirst().steps().getLast().kind();
        took.put(rare, new Took(3, Duration.ofSeconds(1), Duration.ofSeconds(2)));
        Duration p50 = plan.stages().stream()
                .map(s -> Forecast.of(s, took).orElseThrow().p50())
                .reduce(Duration.ZERO, Duration::plus);
        Forecast forecast = Forecast.of(plan, took).orElseThrow();
        assertThat(forecast.p50()).isEqualTo(p50);
        assertThat(forecast.samples()).isEqualTo(3);
    }

    @Test
    void nothingIsForetoldOfAStepThatWasNeverDone() {
        Plan plan = Estate.plan(2, 2);
        Map<String, Took> took = took(plan, 30, 10, 40);
        Stage last = plan.stages().getLast();
        took.remove(last.lanes().getFirst().steps().getLast().kind());
        assertThat(Forecast.of(last, took)).isEmpty();
        assertThat(Forecast.of(plan, took)).isEmpty();
        assertThat(Forecast.of(plan.stages().getFirst(), took)).isPresent();
    }
}
