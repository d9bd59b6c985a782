package dev.interlock.lab.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** An open file description: shared by the processes that inherited it, closed when the last of them has closed it. */
public abstract class OpenFile {
    private int references = 1;

    public final synchronized OpenFile retain() {
        references++;
        return this;
    }

    public final void release() {
        synchronized (this) {
            if (--references != 0) {
                return;
            }
        }
        closed();
    }

    /** @return bytes read, or -1 at the end */
    public int read(byte[] into, int offset, int length) throws IOException {
        throw Errno.EBADF.at("");
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        throw Errno.EBADF.at("");
    }

    protected void closed() {}

    /** Anything in the file system. */
    public static OpenFile file(FileSystem files, FileSystem.Node node, boolean write, boolean append) {
        return new OpenFile() {
            private long position;

            @Override
            public synchronized int read(byte[] into, int offset, int length) throws IOException {
                int n = files.read(node, position, into, offset, length);
                position += Math.max(n, 0);
                return n;
            }

            @Override
            public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
                if (!write) {
                    throw Errno.EBADF.at("");
                }
                position = files.write(node, append ? files.size(node) : position, bytes, offset, length);
            }
        };
    }

    /** A fixed text to read: a here-document. */
    public static OpenFile text(String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        return new OpenFile() {
            private int position;

            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                int n = Math.min(length, data.length - position);
                if (n <= 0) {
                    return -1;
                }
                System.arraycopy(data, position, into, offset, n);
                position += n;
                return n;
            }
        };
    }

    /** A stream outside the machine, such as an SSH channel; {@code onClose} runs when no process holds it any more. */
    public static OpenFile outside(OutputStream out, Runnable onClose) {
        return new OpenFile() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    out.write(bytes, offset, length);
                    out.flush();
                } catch (IOException e) {
                    var broken = Errno.EPIPE.at("");
                    broken.addSuppressed(e);
                    throw broken;
                }
            }

            @Override
            protected void closed() {
                onClose.run();
            }
        };
    }

    /** A pipe of 64 KiB with its two ends. */
    public static final class Pipe {
        private static final int CAPACITY = 65_536;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final byte[] ring = new byte[CAPACITY];
        private int head;
        private int count;
        private boolean writerGone;
        private boolean readerGone;

        public final OpenFile reader = new OpenFile() {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                lock.lock();
                try {
                    awaitWhile(() -> count == 0 && !writerGone);
                    if (count == 0) {
                        return -1;
                    }
                    int n = Math.min(length, count);
                    for (int i = 0; i < n; i++) {
                        into[offset + i] = ring[(head + i) % CAPACITY];
                    }
                    head = (head + n) % CAPACITY;
                    count -= n;
                    changed.signalAll();
                    return n;
                } finally {
                    lock.unlock();
                }
            }

            @Override
            protected void closed() {
                lock.lock();
                try {
                    readerGone = true;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        };

        public final OpenFile writer = new OpenFile() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                lock.lock();
                try {
                    int done = 0;
                    while (done < length) {
                        awaitWhile(() -> count == CAPACITY && !readerGone);
                        if (readerGone) {
                            throw Errno.EPIPE.at("");
                        }
                        int n = Math.min(length - done, CAPACITY - count);
                        for (int i = 0; i < n; i++) {
                            ring[(head + count + i) % CAPACITY] = bytes[offset + done + i];
                        }
                        count += n;
                        done += n;
                        changed.signalAll();
                    }
                } finally {
                    lock.unlock();
                }
            }

            @Override
            protected void closed() {
                lock.lock();
                try {
                    writerGone = true;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        };

        private void awaitWhile(BooleanSupplier condition) {
            try {
                while (condition.getAsBoolean()) {
                    changed.await();
                }
            } catch (InterruptedException e) {
                throw new Killed(e);
            }
        }
    }

    /** Collects what is written, for a command substitution; {@link #await} waits until nobody can write any more. */
    public static final class Collector extends OpenFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean done;

        @Override
        public synchronized void write(byte[] data, int offset, int length) {
            bytes.write(data, offset, length);
        }

        @Override
        protected synchronized void closed() {
            done = true;
            notifyAll();
        }

        public synchronized String await() {
            while (!done) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new Killed(e);
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
