/** The REST API: parses, calls one use case, translates its outcome. */
@NullMarked
package dev.interlock.license.adapter.http;

import org.jspecify.annotations.NullMarked;
