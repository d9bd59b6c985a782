package dev.interlock.edge;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real HTTP server in place of a service: remembers what it was asked, answers as a test says. As a registered extension it is closed
 * after the tests of a class.
 */
public final class Service implements AutoCloseable, AfterAllCallback {

    /** What it was asked, with its body. */
    public record Asked(String method, URI uri, Headers headers, ByteBuffer body) {}

    /** How it answers. */
    public interface Answer {
        void to(HttpExchange exchange, byte[] body) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private volatile Answer answer = (exchange, body) -> json(exchange, 200, "{}");

    public Service() {
        this(0);
    }

    public Service(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders(),
                    ByteBuffer.wrap(body)));
            answer.to(exchange, body);
        });
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public Service answers(Answer how) {
        answer = how;
        return this;
    }

    /** The next request that came. */
    public Asked asked() {
        try {
            var next = asked.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the service was not asked");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public boolean wasAsked() {
        return !asked.isEmpty();
    }

    public static void json(HttpExchange exchange, int status, String json) throws IOException {
        send(exchange, status, "application/json", json.getBytes(StandardCharsets.UTF_8), headers -> {});
    }

    public static void send(HttpExchange exchange, int status, String type, byte[] body, Consumer<Headers> more)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        more.accept(exchange.getResponseHeaders());
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void afterAll(ExtensionContext ofTheClass) {
        close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
