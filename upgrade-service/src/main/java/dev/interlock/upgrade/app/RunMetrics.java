package dev.interlock.upgrade.app;

import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Run;
import dev.interlock.upgrade.domain.Step;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** How long runs and steps take, and how they end. */
@Singleton
public final class RunMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger carried = new AtomicInteger();

    RunMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("interlock.upgrade.runs.carried", carried, AtomicInteger::get)
                .description("Runs that this instance carries")
                .register(registry);
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
                .register(registry)
                .record(took);
    }

    /** Every one of them is a defect of Interlock: alert on it. */
    void breached(String product, int breaches) {
        Counter.builder("interlock.upgrade.invariant.breaches")
                .description("Breaches of a procedure's invariants, found when a run ended")
                .tag("product", product)
                .register(registry)
                .increment(breaches);
    }

    void moved(Run before, Run after) {
        Instant started = after.startedAt();
        Instant ended = after.endedAt();
        if (before.status() != after.status() && started != null && ended != null) {
            Timer.builder("interlock.upgrade.run")
                    .description("Time from a run's start to its end")
                    .tag("product", after.plan().product())
                    .tag("outcome", after.status().word())
                    .register(registry)
                    .record(Duration.between(started, ended));
        }
    }
}
