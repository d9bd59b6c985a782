/** License servers, pools, activation, session authorization. Read it from {@code app}. */
@Configuration
@Requires(property = "interlock.service", value = "license")
@NullMarked
package dev.interlock.license;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
