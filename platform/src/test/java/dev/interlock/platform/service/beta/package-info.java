@NullMarked
@Configuration
@Requires(property = "interlock.service", value = "beta")
package dev.interlock.platform.service.beta;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
