package dev.interlock.platform.messaging;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * @param attempts how often a handler that fails gets the same record before it goes to the dead letters
 * @param pause before the second attempt; four times as long before each further one
 */
@ConfigurationProperties("interlock.deliveries")
record DeliverySettings(
        @Bindable(defaultValue = "3") @Min(1) int attempts,
        @Bindable(defaultValue = "200ms") Duration pause) {}
