/** Proves inventory-service: pure rules, files, the probe on real shells, the API and its events on real PostgreSQL and Kafka. */
@NullMarked
package dev.interlock.inventory;

import org.jspecify.annotations.NullMarked;
