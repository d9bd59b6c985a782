/** What every HTTP API shares: keyset pages, entity tags, idempotency keys, the OpenAPI document. */
@NullMarked
@Configuration
@KeepsState
package dev.interlock.platform.http;

import dev.interlock.platform.service.KeepsState;
import io.micronaut.context.annotation.Configuration;
import org.jspecify.annotations.NullMarked;
