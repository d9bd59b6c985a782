/** Timers and durable work as rows of the service's own database. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.scheduling;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
