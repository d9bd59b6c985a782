package dev.interlock.platform.messaging;

import io.micronaut.configuration.kafka.annotation.ErrorStrategy;
import io.micronaut.configuration.kafka.annotation.ErrorStrategyValue;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.OffsetReset;
import io.micronaut.configuration.kafka.annotation.OffsetStrategy;
import io.micronaut.context.annotation.AliasFor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A {@link KafkaListener} that never skips a record: it starts at the beginning of a topic, commits after the work is
 * done, and comes back to a record whose delivery was postponed, for ever. A listener declared in any other way keeps a
 * service from starting (see docs/adr/0004).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@KafkaListener(
        offsetReset = OffsetReset.EARLIEST,
        offsetStrategy = OffsetStrategy.SYNC,
        errorStrategy =
                @ErrorStrategy(
                        value = ErrorStrategyValue.RETRY_ON_ERROR,
                        retryDelay = EventsListener.RETRY_DELAY,
                        retryCount = Integer.MAX_VALUE),
        threadsValue = "${interlock.deliveries.threads:1}")
public @interface EventsListener {

    /** How long a postponed record waits. */
    String RETRY_DELAY = "500ms";

    /** The Kafka group: the name of the consuming service. */
    @AliasFor(annotation = KafkaListener.class, member = "groupId")
    String value();
}
