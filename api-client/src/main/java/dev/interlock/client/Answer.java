package dev.interlock.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a service answered to something that it did.
 *
 * @param json the whole answer, with what the value's type does not know; missing if there was no JSON
 */
public record Answer<T extends @Nullable Object>(int status, HttpHeaders headers, JsonNode json, T value) {

    /** The version that was read or made, for the {@code If-Match} of a change. */
    public Optional<String> etag() {
        return headers.firstValue("ETag");
    }

    /** Where what was made, or is being done, can be read. */
    public Optional<String> location() {
        return headers.firstValue("Location");
    }

    /** Whether this is the answer to an earlier request with the same key, and nothing was done now. */
    public boolean replayed() {
        return headers.firstValue("Idempotency-Replayed").filter("true"::equals).isPresent();
    }
}
