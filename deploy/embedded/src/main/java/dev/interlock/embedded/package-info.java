/** Real PostgreSQL and Kafka from Maven Central, started in a folder of this machine. */
@NullMarked
package dev.interlock.embedded;

import org.jspecify.annotations.NullMarked;
