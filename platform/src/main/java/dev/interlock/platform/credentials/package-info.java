/** Secrets by name: looked up when needed, never logged, never stored by a service. */
@NullMarked
package dev.interlock.platform.credentials;

import org.jspecify.annotations.NullMarked;
