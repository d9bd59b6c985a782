/** Kafka's two ends: the topics, and the delivery of records to handlers with retries, dead letters and replay. */
@NullMarked
package dev.interlock.platform.messaging;

import org.jspecify.annotations.NullMarked;
