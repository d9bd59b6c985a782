package dev.interlock.upgrade.app;

import dev.interlock.contracts.UpgradeEvent.Check;
import dev.interlock.upgrade.domain.Failure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How carrying out a step ended.
 *
 * @param failure null when the step did what it is for
 * @param output what the host's own tools said, bounded
 * @param findings for the events and for later steps on the same host; see {@link dev.interlock.upgrade.domain.Findings}
 * @param phases seconds spent in each phase, by the host's own clock
 */
public record StepOutcome(
        List<Check> checks,
        @Nullable Failure failure,
        String output,
        Map<String, Double> phases,
        Map<String, String> findings) {
    public StepOutcome(List<Check> checks, @Nullable Failure failure, String output, Map<String, Double> phases) {
        this(checks, failure, output, phases, Map.of());
    }

    public StepOutcome {
        checks = List.copyOf(checks);
        phases = Map.copyOf(phases);
        findings = Map.copyOf(findings);
    }

    public static StepOutcome failed(Failure failure) {
        return new StepOutcome(List.of(), failure, "", Map.of());
    }
}
