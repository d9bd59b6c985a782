package dev.interlock.platform.service;

import io.micronaut.context.annotation.Requires;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a package whose beans need the service's own database or Kafka. A service that has neither says {@code interlock.stateful: false}
 * and gets what is left: security, problems, telemetry, the clock.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PACKAGE)
@Requires(property = "interlock.stateful", notEquals = "false", defaultValue = "true")
public @interface KeepsState {}
