package dev.interlock.license.app.broken;

import io.micronaut.configuration.kafka.annotation.KafkaListener;

/** Breaks: Kafka listeners live in adapter.kafka. */
@KafkaListener
class Listens {}
