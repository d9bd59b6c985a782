/** What the service does: one use case a class, a verb. */
@NullMarked
package dev.interlock.agent.app;

import org.jspecify.annotations.NullMarked;
