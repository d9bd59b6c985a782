package dev.interlock.platform.health;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * @param timeout after which a database or broker that says nothing counts as down
 * @param keep for how long an answer is good, so that probes and curious people cannot load the database
 */
@ConfigurationProperties("interlock.health")
public record HealthSettings(
        @Bindable(defaultValue = "2s") Duration timeout,
        @Bindable(defaultValue = "1s") Duration keep) {}
