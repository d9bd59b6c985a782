/** The REST API. */
@NullMarked
package dev.interlock.inventory.adapter.http;

import org.jspecify.annotations.NullMarked;
