/** The one source of the current time. */
@NullMarked
package dev.interlock.platform.time;

import org.jspecify.annotations.NullMarked;
