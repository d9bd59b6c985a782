/** What the inventory does: one use case a class. */
@NullMarked
package dev.interlock.inventory.app;

import org.jspecify.annotations.NullMarked;
