/** The lab's admin HTTP API. */
@NullMarked
package dev.interlock.lab.api;

import org.jspecify.annotations.NullMarked;
