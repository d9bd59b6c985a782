/** Events leave in the transaction of the state they tell of: the outbox table, and the relay that empties it into Kafka. */
@NullMarked
package dev.interlock.platform.outbox;

import org.jspecify.annotations.NullMarked;
