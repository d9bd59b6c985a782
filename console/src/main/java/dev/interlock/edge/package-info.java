/** The edge: serves the operators' web page and the four APIs on one port, and keeps the session of a browser. */
@NullMarked
@Configuration
@Requires(property = "interlock.service", value = "edge")
package dev.interlock.edge;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
