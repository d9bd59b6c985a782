/** Each event has its effect once for each consumer, however often it is delivered. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.inbox;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
