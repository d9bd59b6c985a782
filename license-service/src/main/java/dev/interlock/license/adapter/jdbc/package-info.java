/** The service's rows. */
@NullMarked
package dev.interlock.license.adapter.jdbc;

import org.jspecify.annotations.NullMarked;
