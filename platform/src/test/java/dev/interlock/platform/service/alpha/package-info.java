@NullMarked
@Configuration
@Requires(property = "interlock.service", value = "alpha")
package dev.interlock.platform.service.alpha;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
