package dev.interlock.platform.messaging;

import dev.interlock.contracts.EventCodec;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

@Factory
final class MessagingFactory {

    @Singleton
    EventCodec eventCodec() {
        return new EventCodec();
    }
}
