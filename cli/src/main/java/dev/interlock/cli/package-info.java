/** The operators' command line over the REST APIs of the four services. */
@NullMarked
package dev.interlock.cli;

import org.jspecify.annotations.NullMarked;
