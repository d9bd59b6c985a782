/** upgrade-service: an upgrade is planned, approved by another person, carried out and proven. */
@NullMarked
@Configuration
@Requires(property = "interlock.service", value = "upgrade")
package dev.interlock.upgrade;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
