/** Kafka's two ends: the topics, and the delivery of records to handlers with retries, dead letters and replay. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.messaging;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
