/** What the tests of every module share: real PostgreSQL and Kafka, tokens, clause marks. */
@NullMarked
package dev.interlock.testkit;

import org.jspecify.annotations.NullMarked;
