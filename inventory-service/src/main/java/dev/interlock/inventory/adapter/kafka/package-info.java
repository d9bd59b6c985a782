/** What is heard from license-service. */
@NullMarked
package dev.interlock.inventory.adapter.kafka;

import org.jspecify.annotations.NullMarked;
