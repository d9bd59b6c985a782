/** The SSH server that plays all hosts. */
@NullMarked
package dev.interlock.lab.ssh;

import org.jspecify.annotations.NullMarked;
