/** SSH with pinned host keys, bounded output and a time limit on everything. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.ssh;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
