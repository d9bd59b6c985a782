/** A run's story as a signed hash chain. */
@NullMarked
package dev.interlock.upgrade.adapter.trace;

import org.jspecify.annotations.NullMarked;
