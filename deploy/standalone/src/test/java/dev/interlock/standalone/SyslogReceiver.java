package dev.interlock.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Reads each connection to its end, then closes it, as syslog receivers do. What a real one makes of it is tested with rsyslog. */
final class SyslogReceiver implements AutoCloseable {
    private final ServerSocket socket;
    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();

    SyslogReceiver() throws IOException {
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("syslog-receiver").start(this::receive);
    }

    private void receive() {
        while (!socket.isClosed()) {
            try (var connection = socket.accept()) {
                received.add(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                // the sender's process was killed, or the test is over
            }
        }
    }

    String address() {
        return "syslog://127.0.0.1:" + socket.getLocalPort();
    }

    String received() {
        return String.join("", received);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
