/** What a host is: files, processes, units, packages, a clock. Knows no shell, no product and no SSH. */
@NullMarked
package dev.interlock.lab.machine;

import org.jspecify.annotations.NullMarked;
