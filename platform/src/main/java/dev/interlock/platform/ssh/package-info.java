/** SSH with pinned host keys, bounded output and a time limit on everything. */
@NullMarked
package dev.interlock.platform.ssh;

import org.jspecify.annotations.NullMarked;
