/** Rows of the service's own database. */
@NullMarked
package dev.interlock.upgrade.adapter.jdbc;

import org.jspecify.annotations.NullMarked;
