/** Rows of PostgreSQL. */
@NullMarked
package dev.interlock.inventory.adapter.jdbc;

import org.jspecify.annotations.NullMarked;
