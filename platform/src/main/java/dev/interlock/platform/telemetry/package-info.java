/** Structured logs, metrics and W3C trace context. */
@NullMarked
package dev.interlock.platform.telemetry;

import org.jspecify.annotations.NullMarked;
