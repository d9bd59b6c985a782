/** The append-only, hash-chained record of every command and of every refused one. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.audit;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
