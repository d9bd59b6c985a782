/** Interlock on one machine: the process tree, its commands, and the demo. */
@NullMarked
package dev.interlock.standalone;

import org.jspecify.annotations.NullMarked;
