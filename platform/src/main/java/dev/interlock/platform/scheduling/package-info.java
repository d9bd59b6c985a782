/** Timers and durable work as rows of the service's own database. */
@NullMarked
package dev.interlock.platform.scheduling;

import org.jspecify.annotations.NullMarked;
