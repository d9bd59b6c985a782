package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.ProbeSchedule;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;

/**
 * {@code interlock.inventory.*}.
 *
 * @param clockSkewLimit how far a host's clock may be from ours (G5)
 * @param history how long former facts are kept
 */
@ConfigurationProperties("interlock.inventory")
public record InventorySettings(
        @Bindable(defaultValue = "1m") @NotNull Duration clockSkewLimit,
        @Bindable(defaultValue = "90d") @NotNull Duration history,
        @NotNull Probe probe) {

    /**
     * @param every between probes of a host that answers
     * @param firstRetry after the first failure; doubled with each further one
     * @param lastRetry the longest wait for a host that stays away
     * @param updatesEvery between looks at pending updates (K3)
     * @param concurrency probes at once in one instance
     */
    @ConfigurationProperties("probe")
    public record Probe(
            @Bindable(defaultValue = "5m") @NotNull Duration every,
            @Bindable(defaultValue = "30s") @NotNull Duration firstRetry,
            @Bindable(defaultValue = "30m") @NotNull Duration lastRetry,
            @Bindable(defaultValue = "6h") @NotNull Duration updatesEvery,

            @Bindable(defaultValue = "200") @Min(1) @Max(2000)
            int concurrency) {

        public ProbeSchedule schedule() {
            return new ProbeSchedule(every, firstRetry, lastRetry);
        }
    }
}
