package dev.interlock.platform.scheduling;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * @param pollingInterval how late a timer may be
 * @param threads how many tasks of this instance run at once
 * @param heartbeat how often an instance says of each running task that it is alive; after four are missed the task is taken
 *     over by another
 * @param stopWait how long a stopping service waits for its running tasks
 */
@ConfigurationProperties("interlock.scheduler")
record SchedulerSettings(
        @Bindable(defaultValue = "true") boolean enabled,
        @Bindable(defaultValue = "500ms") Duration pollingInterval,
        @Bindable(defaultValue = "10") @Min(1) int threads,
        @Bindable(defaultValue = "3s") Duration heartbeat,
        @Bindable(defaultValue = "10s") Duration stopWait) {}
