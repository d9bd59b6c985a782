/** What is heard from inventory. */
@NullMarked
package dev.interlock.license.adapter.kafka;

import org.jspecify.annotations.NullMarked;
