/** Liveness and readiness that ask the database and the broker. */
@NullMarked
package dev.interlock.platform.health;

import org.jspecify.annotations.NullMarked;
