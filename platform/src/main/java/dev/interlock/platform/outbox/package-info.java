/** Events leave in the transaction of the state they tell of: the outbox table, and the relay that empties it into Kafka. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.outbox;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
