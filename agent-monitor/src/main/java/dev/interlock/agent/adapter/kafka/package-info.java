/** What license-service tells of sessions. */
@NullMarked
package dev.interlock.agent.adapter.kafka;

import org.jspecify.annotations.NullMarked;
