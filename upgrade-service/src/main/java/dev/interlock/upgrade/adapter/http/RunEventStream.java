package dev.interlock.upgrade.adapter.http;

import dev.interlock.upgrade.app.Runs;
import dev.interlock.upgrade.app.Runs.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A run's story as server-sent events, read from its rows as they come; so it is the same from every instance, and after a restart.
 * Blocks where there is nothing new; a comment line now and then keeps the wire alive.
 */
final class RunEventStream extends InputStream {
    private static final long LOOK_MILLIS = 200;
    private static final long HEARTBEAT_MILLIS = 10_000;
    private static final int AT_ONCE = 200;

    private final Runs runs;
    private final UUID runId;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long after;
    private byte[] piece = ": follows the run\n\n".getBytes(StandardCharsets.UTF_8);
    private int at;

    RunEventStream(Runs runs, UUID runId, long after) {
        this.runs = runs;
        this.runId = runId;
        this.after = after;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (at == piece.length) {
            piece = next();
            at = 0;
            if (piece.length == 0) {
                return -1;
            }
        }
        int n = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public int available() {
        return piece.length - at;
    }

    /** What comes next; empty at the end. */
    private byte[] next() throws IOException {
        long waited = 0;
        while (true) {
            // Asked before the events are read: what is over then has told all of its story.
            boolean over = runs.statusOf(runId).map(s -> !s.active()).orElse(true);
            List<Event> events = runs.events(runId, after, AT_ONCE);
            if (!events.isEmpty()) {
                var text = new StringBuilder();
                for (Event event : events) {
                    text.append("id: ").append(event.seq()).append("\nevent: ").append(event.type());
                    text.append("\ndata: {\"type\":\"")
                            .append(event.type())
                            .append("\",\"at\":\"")
                            .append(event.at());
                    text.append("\",\"data\":").append(event.data()).append("}\n\n");
                    after = event.seq();
                }
                return text.toString().getBytes(StandardCharsets.UTF_8);
            }
            if (over) {
                return new byte[0];
            }
            try {
                if (closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return new byte[0];
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped");
            }
            waited += LOOK_MILLIS;
            if (waited >= HEARTBEAT_MILLIS) {
                return ": still here\n\n".getBytes(StandardCharsets.UTF_8);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
