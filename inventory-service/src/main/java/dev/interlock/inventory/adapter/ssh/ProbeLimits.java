package dev.interlock.inventory.adapter.ssh;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Time-outs of the probe.
 *
 * @param total for the script that reads the host
 * @param updates for the list of pending updates, which asks the host's repositories
 * @param registrations for the product's list of its servers, which starts a program of its own
 */
@ConfigurationProperties("interlock.inventory.probe.timeout")
record ProbeLimits(
        @Bindable(defaultValue = "30s") Duration total,
        @Bindable(defaultValue = "2m") Duration updates,
        @Bindable(defaultValue = "30s") Duration registrations) {}
