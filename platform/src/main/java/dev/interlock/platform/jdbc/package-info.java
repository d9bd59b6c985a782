/** Between PostgreSQL's columns and Java's types. */
@NullMarked
package dev.interlock.platform.jdbc;

import org.jspecify.annotations.NullMarked;
