package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * How long a plan or one of its stages takes if each step takes as long as such steps took before. The P95 of a sum is less than the
 * sum of the P95s: it is on the safe side.
 *
 * @param samples how many past steps the least known of them rests on
 */
public record Forecast(Duration p50, Duration p95, long samples) {
    /**
     * @param took by kind of step
     * @return empty if nothing is known of one of its steps
     */
    public static Optional<Forecast> of(Stage stage, Map<String, Took> took) {
        List<Took> known = stage.lanes().stream()
                .flatMap(lane -> lane.steps().stream())
                .map(Step::kind)
                .distinct()
                .filter(took::containsKey)
                .map(took::get)
                .toList();
        long kinds = stage.lanes().stream()
                .flatMap(lane -> lane.steps().stream())
                .map(Step::kind)
                .distinct()
                .count();
        if (known.size() < kinds || known.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Forecast(
                stage.lasting(step -> took(took, step).p50()),
                stage.lasting(step -> took(took, step).p95()),
                known.stream().mapToLong(Took::samples).min().orElseThrow()));
    }

    public static Optional<Forecast> of(Plan plan, Map<String, Took> took) {
        List<Optional<Forecast>> stages =
                plan.stages().stream().map(stage -> of(stage, took)).toList();
        if (stages.isEmpty() || !stages.stream().allMatch(Optional::isPresent)) {
            return Optional.empty();
        }
        List<Forecast> known = stages.stream().flatMap(Optional::stream).toList();
        return Optional.of(new Forecast(
                sum(known, Forecast::p50),
                sum(known, Forecast::p95),
                known.stream().mapToLong(Forecast::samples).min().orElseThrow()));
    }

    private static Took took(Map<String, Took> took, Step step) {
        return Objects.requireNonNull(took.get(step.kind()));
    }

    private static Duration sum(List<Forecast> stages, Function<Forecast, Duration> of) {
        return stages.stream().map(of).reduce(Duration.ZERO, Duration::plus);
    }
}
