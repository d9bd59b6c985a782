/** How a step is done on a host: scripts, claims, and the sentences for what went wrong. */
@NullMarked
package dev.interlock.upgrade.adapter.ssh;

import org.jspecify.annotations.NullMarked;
