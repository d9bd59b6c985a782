/** The append-only, hash-chained record of every command and of every refused one. */
@NullMarked
package dev.interlock.platform.audit;

import org.jspecify.annotations.NullMarked;
