package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Procedures;
import dev.interlock.upgrade.domain.Product;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Step;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** How long runs and steps take, and how they end. */
@Singleton
public final class RunMetrics {
    private static final Duration[] RUN_BUCKETS = minutes(1, 5, 15, 30, 60, 120, 240, 480);
    private static final Duration[] STEP_BUCKETS =
            Stream.of(1, 5, 15, 30, 60, 300, 900, 3600).map(Duration::ofSeconds).toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final AtomicInteger carried = new AtomicInteger();

    RunMetrics(MeterRegistry registry, Procedures procedures) {
        this.registry = registry;
        Gauge.builder("interlock.upgrade.runs.carried", carried, AtomicInteger::get)
                .description("Runs that this instance carries")
                .register(registry);
        // there from the start: the first one could not be seen as an increase otherwise
        Arrays.stream(Product.values())
                .filter(product -> procedures.of(product).isPresent())
                .map(Product::id)
                .forEach(product -> {
                    breaches(product);
                    List.of(Run.Status.COMPLETED, Run.Status.FAILED, Run.Status.ABORTED)
                            .forEach(outcome -> run(product, outcome));
                });
    }

    private static Duration[] minutes(long... minutes) {
        return Arrays.stream(minutes).mapToObj(Duration::ofMinutes).toArray(Duration[]::new);
    }

    void carries(int runs) {
        carried.set(runs);
    }

    void step(Step step, StepOutcome outcome, Duration took) {
        Failure failure = outcome.failure();
        Timer.builder("interlock.upgrade.step")
                .description("Time to carry a step out, and why it failed")
                .tag("action", step.action().word())
                .tag("outcome", failure == null ? "succeeded" : failure.reason())
                .serviceLevelObjectives(STEP_BUCKETS)
                .register(registry)
                .record(took);
    }

    /** Every one of them is a defect of Interlock: alert on it. */
    void breached(String product, int breaches) {
        breaches(product).increment(breaches);
    }

    void moved(Run before, Run after) {
        Instant started = after.startedAt();
        Instant ended = after.endedAt();
        if (before.status() != after.status() && started != null && ended != null) {
            run(after.plan().product(), after.status()).record(Duration.between(started, ended));
        }
    }

    private Counter breaches(String product) {
        return Counter.builder("interlock.upgrade.invariant.breaches")
                .description("Breaches of a procedure's invariants, found when a run ended")
                .tag("product", product)
                .register(registry);
    }

    private Timer run(String product, Run.Status outcome) {
        return Timer.builder("interlock.upgrade.run")
                .description("Time from a run's start to its end")
                .tag("product", product)
                .tag("outcome", outcome.word())
                .serviceLevelObjectives(RUN_BUCKETS)
                .register(registry);
    }
}
