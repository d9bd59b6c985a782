/** Secrets by name: looked up when needed, never logged, never stored by a service. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.credentials;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
