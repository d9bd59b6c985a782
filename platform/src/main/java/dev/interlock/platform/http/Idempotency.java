package dev.interlock.platform.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a creation safe to send twice. A controller wraps its work:
 *
 * <pre>{@code
 * @Post
 * HttpResponse<?> register(@Body @Valid NewHost body, HttpRequest<?> request) {
 *     return idempotency.once(request, body, () -> HttpResponse.created(…));
 * }
 * }</pre>
 *
 * Without an {@code Idempotency-Key} header the work is simply done. With one: the same key, actor, path and body get the first
 * answer again (header {@code Idempotency-Replayed: true}); another body or path under that key is a 422 problem; a request whose
 * twin is still being worked on is a 409 problem. The answer is stored in the transaction of the creation, so there is never one
 * without the other; answers of 500 and above and thrown problems are not stored, a client may try again. Kept for 24 hours
 * ({@code interlock.http.idempotency.keep}).
 */
public interface Idempotency {

    /** The header that carries the key: 1 to 255 visible ASCII characters. */
    String HEADER = "Idempotency-Key";

    /**
     * Does the work once; opens or joins the transaction.
     *
     * @param body what the client sent, for telling the same request from another one under the same key
     */
    HttpResponse<?> once(HttpRequest<?> request, @Nullable Object body, Supplier<? extends HttpResponse<?>> work);
}
