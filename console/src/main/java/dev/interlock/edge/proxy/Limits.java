package dev.interlock.edge.proxy;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long a service may take, and how many streams there may be.
 *
 * @param connect until a service has taken the connection
 * @param answer until the head of its answer is there, and between two pieces of an answer that is no stream of events
 * @param streamsPerSession of server-sent events, of one session or one token
 * @param streams of server-sent events in all
 */
@ConfigurationProperties("interlock.edge.limits")
record Limits(
        @Bindable(defaultValue = "3s") Duration connect,
        @Bindable(defaultValue = "60s") Duration answer,
        @Bindable(defaultValue = "32") int streamsPerSession,
        @Bindable(defaultValue = "4000") int streams) {}
