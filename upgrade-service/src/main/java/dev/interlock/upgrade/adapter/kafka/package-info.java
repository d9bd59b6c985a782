/** What is heard from inventory. */
@NullMarked
package dev.interlock.upgrade.adapter.kafka;

import org.jspecify.annotations.NullMarked;
