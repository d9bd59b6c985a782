/** The REST API. */
@NullMarked
package dev.interlock.upgrade.adapter.http;

import org.jspecify.annotations.NullMarked;
