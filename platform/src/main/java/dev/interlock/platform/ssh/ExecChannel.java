package dev.interlock.platform.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.ChannelInputStream;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.connection.channel.direct.Signal;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * One command. Output is taken on the connection's reader thread straight into bounded buffers, so a command needs no thread of its
 * own, a flood cannot fill the memory, and output that comes after we have lost interest does no harm (through sshj's streams it
 * would end the whole connection).
 */
final class ExecChannel extends SessionChannel {

    /** How far a finished command's output may lag behind its exit status: a daemon it left behind may hold it open for ever. */
    static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Output that waits for a slow {@link SshSession.Output}; more is not shown live. */
    private static final int LIVE_BYTES = 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CapturedOutput out;
    private final CapturedOutput err;
    private final @Nullable ByteArrayOutputStream live;
    private final Runnable whenOver;
    private volatile boolean abandoned;
    private boolean eof;
    private boolean exited;
    private boolean over;
    private @Nullable SSHException error;

    /** @param whenOver called once when the channel is gone for both sides */
    ExecChannel(Connection connection, int limit, boolean live, Runnable whenOver) {
        super(connection);
        this.out = new CapturedOutput(limit);
        this.err = new CapturedOutput(limit);
        this.live = live ? new ByteArrayOutputStream() : null;
        this.whenOver = whenOver;
    }

    void open(long nanos) throws ConnectionException, TransportException {
        trans.write(buildOpenReq());
        openEvent.await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), TimeUnit.MILLISECONDS);
    }

    /** Asks for the command; a refusal comes as {@link #error}. */
    void start(String command, long nanos) throws ConnectionException, TransportException {
        sendChannelRequest("exec", true, new Buffer.PlainBuffer().putString(command, StandardCharsets.UTF_8))
                .await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), TimeUnit.MILLISECONDS);
    }

    /** The command reads an end of file. */
    void noInput() throws TransportException {
        trans.write(newBuffer(Message.CHANNEL_EOF));
    }

    /**
     * Waits for the end and hands on output meanwhile.
     *
     * @param deadline in {@link System#nanoTime}
     * @return false if the deadline came first
     * @throws SSHException when the connection broke
     */
    boolean await(long deadline, SshSession.Output listener) throws InterruptedException, SSHException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        var rest = ByteBuffer.allocate(0);
        long until = deadline;
        while (true) {
            byte[] piece = null;
            boolean done = false;
            lock.lockInterruptibly();
            try {
                while (true) {
                    if (live != null && live.size() > 0) {
                        piece = live.toByteArray();
                        live.reset();
                        break;
                    }
                    if (error != null && !(exited && eof)) {
                        throw error;
                    }
                    if (over || (exited && eof)) {
                        done = true;
                        break;
                    }
                    if (exited) {
                        until = Math.min(until, System.nanoTime() + LINGER_NANOS);
                    }
                    long left = changed.awaitNanos(until - System.nanoTime());
                    if (left <= 0 && !over && !eof && error == null) {
                        return exited;
                    }
                }
            } finally {
                lock.unlock();
            }
            if (piece != null) {
                rest = show(decoder, rest, piece, listener);
            }
            if (done) {
                return true;
            }
        }
    }

    private static ByteBuffer show(CharsetDecoder decoder, ByteBuffer rest, byte[] piece, SshSession.Output listener) {
        var bytes = ByteBuffer.allocate(rest.remaining() + piece.length)
                .put(rest)
                .put(piece)
                .flip();
        var text = CharBuffer.allocate(bytes.remaining());
        decoder.decode(bytes, text, false);
        text.flip();
        if (text.hasRemaining()) {
            listener.out(text.toString());
        }
        return bytes.slice();
    }

    /** Nobody waits any more for the host to open this channel; should it still do so, it is closed at once. */
    void abandon() {
        abandoned = true;
    }

    @Override
    protected void init(int recipient, long remoteWindow, long remoteMaxPacket) {
        super.init(recipient, remoteWindow, remoteMaxPacket);
        if (abandoned) {
            try {
                sendClose();
            } catch (TransportException gone) {
                notifyError(gone);
            }
        }
    }

    /** Ends our side; what the host still sends is read and dropped until it closes too. */
    void hangUp() throws TransportException {
        sendClose();
    }

    /** Kills the command (sshd signals its process group) and ends our side. */
    void kill() throws TransportException {
        try {
            signal(Signal.KILL);
        } finally {
            sendClose();
        }
    }

    String out() {
        lock.lock();
        try {
            return out.text();
        } finally {
            lock.unlock();
        }
    }

    String err() {
        lock.lock();
        try {
            return err.text();
        } finally {
            lock.unlock();
        }
    }

    boolean truncated() {
        lock.lock();
        try {
            return out.truncated() || err.truncated();
        } finally {
            lock.unlock();
        }
    }

    boolean over() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void receiveInto(ChannelInputStream stream, SSHPacket packet) throws SSHException {
        int length;
        try {
            length = packet.readUInt32AsInt();
        } catch (Buffer.BufferException malformed) {
            throw new ConnectionException(malformed);
        }
        if (length < 0 || length > packet.available()) {
            throw new ConnectionException("a data packet is shorter than it says");
        }
        lock.lock();
        try {
            if (stream == getInputStream()) {
                int kept = out.add(packet.array(), packet.rpos(), length);
                if (live != null && live.size() + kept <= LIVE_BYTES) {
                    live.write(packet.array(), packet.rpos(), kept);
                    changed.signalAll();
                }
            } else {
                int ignored = err.add(packet.array(), packet.rpos(), length);
            }
        } finally {
            lock.unlock();
        }
        lwin.consume(length);
        long more = lwin.neededAdjustment();
        if (more > 0) {
            trans.write(newBuffer(Message.CHANNEL_WINDOW_ADJUST).putUInt32(more));
            lwin.expand(more);
        }
    }

    @Override
    public void handleRequest(String request, SSHPacket packet) throws ConnectionException, TransportException {
        super.handleRequest(request, packet);
        if (getExitStatus() != null || getExitSignal() != null) {
            change(() -> exited = true);
        }
    }

    @Override
    protected void eofInputStreams() {
        super.eofInputStreams();
        change(() -> eof = true);
    }

    @Override
    public void notifyError(SSHException broken) {
        if (lock != null) { // the superclass's constructor attaches us before our fields are set
            change(() -> error = broken);
        }
        super.notifyError(broken);
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        if (lock != null && change(() -> over = true)) {
            whenOver.run();
        }
    }

    /** Returns whether this was the change that ended the channel. */
    private boolean change(Runnable what) {
        lock.lock();
        try {
            boolean before = over;
            what.run();
            changed.signalAll();
            return over && !before;
        } finally {
            lock.unlock();
        }
    }
}
