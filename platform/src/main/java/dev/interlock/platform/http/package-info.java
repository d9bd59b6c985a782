/** What every HTTP API shares: keyset pages, entity tags, idempotency keys, the OpenAPI document. */
@NullMarked
package dev.interlock.platform.http;

import org.jspecify.annotations.NullMarked;
