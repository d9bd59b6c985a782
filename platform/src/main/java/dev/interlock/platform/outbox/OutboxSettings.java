package dev.interlock.platform.outbox;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * @param maxEventBytes the largest event's data; below what a broker takes by default (1 MiB with all headers)
 * @param relay sends the rows to Kafka
 */
@ConfigurationProperties("interlock.outbox")
record OutboxSettings(
        @Bindable(defaultValue = "524288") @Min(1024) int maxEventBytes, Relay relay) {

    /**
     * @param enabled false where Debezium reads the table instead
     * @param batch rows sent and acknowledged before they are deleted and the next are read
     * @param pollInterval how often an idle relay looks without having been woken, and how often one that waits for its turn
     *     tries
     */
    @ConfigurationProperties("relay")
    record Relay(
            @Bindable(defaultValue = "true") boolean enabled,

            @Bindable(defaultValue = "1000") @Min(1) @Max(100_000)
            int batch,

            @Bindable(defaultValue = "2s") Duration pollInterval) {}
}
