/** A Kafka Connect plugin: Interlock's events as OCSF or CEF. */
@NullMarked
package dev.interlock.siem;

import org.jspecify.annotations.NullMarked;
