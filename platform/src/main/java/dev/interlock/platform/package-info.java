/** Interlock platform. */
@NullMarked
package dev.interlock.platform;

import org.jspecify.annotations.NullMarked;
