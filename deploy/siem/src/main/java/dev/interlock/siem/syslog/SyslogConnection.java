package dev.interlock.siem.syslog;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the receiver. A receiver says nothing, but a thread reads nonetheless: the end of the connection, in
 * order or by a reset, is known at once and not at the next write; and it ends a write that gets nowhere.
 */
final class SyslogConnection {

    private static final int LOOK_MILLIS = 200;
    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final Socket socket;
    private final OutputStream out;
    private final Time time;
    private final long writeTimeoutNanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
    private volatile long writingSince = NOT_WRITING;
    private volatile boolean closing;

    private SyslogConnection(Socket socket, Duration writeTimeout, Time time) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.writeTimeoutNanos = writeTimeout.toNanos();
        this.time = time;
        var watch = new Thread(this::watch, "syslog-watch-" + socket.getPort());
        watch.setDaemon(true);
        watch.start();
    }

    static SyslogConnection open(SyslogConfig config, @Nullable SSLSocketFactory tls, Time time) throws IOException {
        int timeout = config.getInt(SyslogConfig.CONNECT_TIMEOUT);
        var plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(new InetSocketAddress(config.host(), config.port()), timeout);
            plain.setSoTimeout(timeout);
            var socket = tls == null ? plain : handshake(config, tls, plain);
            socket.setSoTimeout(LOOK_MILLIS);
            return new SyslogConnection(socket, config.writeTimeout(), time);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket handshake(SyslogConfig config, SSLSocketFactory tls, Socket plain) throws IOException {
        var socket = (SSLSocket) tls.createSocket(plain, config.host(), config.port(), true);
        if (config.getBoolean(SyslogConfig.TLS_CHECK_HOST)) {
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private void watch() {
        var answer = new byte[512];
        try {
            var in = socket.getInputStream();
            while (true) {
                try {
                    if (in.read(answer) < 0) {
                        if (!closing) {
                            broken.compareAndSet(null, "the receiver closed the connection");
                        }
                        return;
                    }
                } catch (SocketTimeoutException quiet) {
                    long since = writingSince;
                    if (since != NOT_WRITING && time.nanoseconds() - since > writeTimeoutNanos) {
                        broken.compareAndSet(
                                null,
                                "the receiver took nothing for " + TimeUnit.NANOSECONDS.toMillis(writeTimeoutNanos)
                                        + " ms");
                        return;
                    }
                }
            }
        } catch (IOException e) {
            broken.compareAndSet(null, String.valueOf(e.getMessage()));
        } finally {
            ended.countDown();
            if (broken.get() != null) {
                abort(); // also wakes a write
            }
        }
    }

    /** Why nothing more can be written; null while it can. */
    @Nullable
    String broken() {
        return broken.get();
    }

    void write(byte[] bytes, int length) throws IOException {
        writingSince = time.nanoseconds();
        try {
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException e) {
            broken.compareAndSet(null, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            writingSince = NOT_WRITING;
        }
    }

    /**
     * Tells the receiver that this was all, and waits until it has read everything and closes, too.
     *
     * @return null if it did, else why it cannot be told whether it has everything
     */
    @Nullable
    String close(Duration patience) {
        closing = true;
        try {
            socket.shutdownOutput();
            if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return "the receiver did not close within " + patience.toMillis() + " ms";
            }
            return broken.get();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "told to stop";
        } finally {
            abort();
        }
    }

    void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone in either case
        }
    }
}
