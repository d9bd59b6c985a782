/** The products a host can be made to run; one file each. */
@NullMarked
package dev.interlock.lab.product;

import org.jspecify.annotations.NullMarked;
