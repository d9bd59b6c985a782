package dev.interlock.platform.messaging;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * How topics are made. Topics that exist are left as they are.
 *
 * @param create false where others make the topics
 * @param partitions bounds how many instances of a consumer work at once
 * @param replicationFactor 3 in an estate of more than one broker
 * @param retention how long events stay; compacted topics keep the last state of each key for ever
 */
@ConfigurationProperties("interlock.topics")
record TopicSettings(
        @Bindable(defaultValue = "true") boolean create,
        @Bindable(defaultValue = "3") @Min(1) int partitions,
        @Bindable(defaultValue = "1") @Min(1) @Max(32767) short replicationFactor,
        @Bindable(defaultValue = "30d") Duration retention) {}
