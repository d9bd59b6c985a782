package dev.interlock.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** An answer that is not JSON: a file, text, or a stream of events. It is read once, by one of these methods, and then closed. */
public final class Content implements AutoCloseable {

    private final Connection connection;
    private final InputStream stream;

    Content(Connection connection, InputStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** All of it. */
    public byte[] bytes() {
        var late = new AtomicBoolean();
        var limit = CompletableFuture.runAsync(
                () -> {
                    late.set(true);
                    close();
                },
                CompletableFuture.delayedExecutor(connection.answerTimeout().toNanos(), TimeUnit.NANOSECONDS));
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw late.get() ? new TimedOutException(connection, e) : new BrokenConnectionException(connection, e);
        } finally {
            limit.cancel(true);
        }
    }

    /** All of it. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** As server-sent events, which go on until the service ends them; the caller closes them. */
    public EventStream events() {
        return events(() -> {});
    }

    /** @param alive called for every line, heartbeats too: a stream on which nothing comes for long is broken */
    public EventStream events(Runnable alive) {
        return new EventStream(stream, alive);
    }

    /** As it comes; the caller closes it. */
    public InputStream stream() {
        return stream;
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // nobody reads it any more
        }
    }
}
