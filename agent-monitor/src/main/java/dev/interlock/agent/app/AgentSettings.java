package dev.interlock.agent.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;

/**
 * {@code interlock.agent.*}.
 *
 * @param notices GracePeriodEnding is told this long before a grace period ends
 * @param clockTolerance a validation may be this far in the future: clocks differ
 * @param outageAfter agents of one license server that fail for this long make an incident
 * @param silentAfter an agent of which nothing was heard for this long is told as silent
 * @param minimumVersion of agents (L4)
 */
@ConfigurationProperties("interlock.agent")
public record AgentSettings(
        @Bindable(defaultValue = "72h,24h,4h,1h") @NotNull List<Duration> notices,
        @Bindable(defaultValue = "5m") @NotNull Duration clockTolerance,
        @Bindable(defaultValue = "10s") @NotNull Duration outageAfter,
        @Bindable(defaultValue = "30d") @NotNull Duration silentAfter,
        @Bindable(defaultValue = "2.11") @NotNull String minimumVersion) {}
