/** Interlock contracts. */
@NullMarked
package dev.interlock.contracts;

import org.jspecify.annotations.NullMarked;
