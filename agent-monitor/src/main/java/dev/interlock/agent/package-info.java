/** Agents, their licence validations and grace periods. Read it from {@code app}. */
@Configuration
@Requires(property = "interlock.service", value = "agent")
@NullMarked
package dev.interlock.agent;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
