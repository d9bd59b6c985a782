/** The service's rows. */
@NullMarked
package dev.interlock.agent.adapter.jdbc;

import org.jspecify.annotations.NullMarked;
