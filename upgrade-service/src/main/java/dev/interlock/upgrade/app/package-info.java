/** What upgrade-service does: one use case a class, and the keeper that carries runs out. */
@NullMarked
package dev.interlock.upgrade.app;

import org.jspecify.annotations.NullMarked;
