/** Tests across services, with the real servers between them taken away or killed. */
@NullMarked
package dev.interlock.system;

import org.jspecify.annotations.NullMarked;
