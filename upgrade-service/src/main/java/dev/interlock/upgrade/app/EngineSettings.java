package dev.interlock.upgrade.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * How runs are carried out.
 *
 * @param lease how long an instance has a run without saying so again; after it another instance takes over
 * @param scan how often each instance looks for runs that nobody carries
 * @param mostRuns how many runs may be going on at once, over all instances; others wait in line
 * @param mostHosts how many hosts one instance works on at once, over all its runs
 * @param concurrency hosts at once within a run, when a plan's order does not say
 */
@ConfigurationProperties("interlock.upgrade.engine")
public record EngineSettings(
        @Bindable(defaultValue = "9s") Duration lease,
        @Bindable(defaultValue = "1s") Duration scan,
        @Bindable(defaultValue = "20") @Min(1) int mostRuns,
        @Bindable(defaultValue = "200") @Min(1) int mostHosts,
        @Bindable(defaultValue = "10") @Min(1) @Max(1000) int concurrency) {}
