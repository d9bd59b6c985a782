package dev.interlock.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a service is, and as whom to speak to it. One connection serves many threads, and all the operations of the service. */
public final class Connection implements AutoCloseable {

    private final URI address;
    private final Supplier<String> token;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private @Nullable HttpClient http;

    private Connection(URI address, Supplier<String> token, Duration connectTimeout, Duration answerTimeout) {
        this.address = address;
        this.token = token;
        this.connectTimeout = connectTimeout;
        this.answerTimeout = answerTimeout;
    }

    /**
     * @param address of the service, as {@code http://localhost:8081}; the operations' paths follow it
     * @param token asked for before each request, so that it can be renewed
     */
    public static Connection to(URI address, Supplier<String> token) {
        return new Connection(address, token, Duration.ofSeconds(5), Duration.ofSeconds(60));
    }

    /** The same, with other time-outs. Usual are 5 s to connect and 60 s from the request's start to the answer's end. */
    public Connection within(Duration connectTimeout, Duration answerTimeout) {
        return new Connection(address, token, connectTimeout, answerTimeout);
    }

    public URI address() {
        return address;
    }

    /** What the generated operations are made of. */
    public Call call(String method, String path) {
        return new Call(this, method, path);
    }

    String token() {
        return token.get();
    }

    Duration answerTimeout() {
        return answerTimeout;
    }

    synchronized HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(connectTimeout)
                    .build();
        }
        return http;
    }

    /** Ends what is under way; event streams break. */
    @Override
    public synchronized void close() {
        if (http != null) {
            http.shutdownNow();
            http = null;
        }
    }
}
