/** The probe: one script over one SSH connection. */
@NullMarked
package dev.interlock.inventory.adapter.ssh;

import org.jspecify.annotations.NullMarked;
