/** Hosts, components, deployments and what is known of them. */
@Configuration
@Requires(property = "interlock.service", value = "inventory")
@NullMarked
package dev.interlock.inventory;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
