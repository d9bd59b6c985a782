/** What can be made to go wrong on a host. */
@NullMarked
package dev.interlock.lab.faults;

import org.jspecify.annotations.NullMarked;
