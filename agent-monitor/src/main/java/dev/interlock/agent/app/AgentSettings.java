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
 */
@ConfigurationProperties("interlock.agent")
public record AgentSettings(
        @Bindable(defaultValue = "72h,24h,4h,1h") @NotNull List<Duration> notices,
        @Bindable(defaultValue = "5m") @NotNull Duration clockTolerance) {}
