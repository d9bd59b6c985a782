/** A tiny service for the tests of the platform: it remembers what it was told. */
@NullMarked
@Configuration
@Requires(property = "interlock.service", value = "probe")
package dev.interlock.platform.probe;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
