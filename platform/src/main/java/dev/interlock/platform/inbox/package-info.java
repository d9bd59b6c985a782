/** Each event has its effect once for each consumer, however often it is delivered. */
@NullMarked
package dev.interlock.platform.inbox;

import org.jspecify.annotations.NullMarked;
