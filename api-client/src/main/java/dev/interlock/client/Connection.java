package dev.interlock.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a service is, and as whom to speak to it. One connection serves many threads, and all the operations of the service. */
public final class Connection implements AutoCloseable {

    private static final Set<String> HTTP = Set.of("http", "https");
    private static final String API = "/api";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final URI address;
    private final String root;
    private final Supplier<String> token;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private @Nullable HttpClient http;

    private Connection(
            URI address, String root, Supplier<String> token, Duration connectTimeout, Duration answerTimeout) {
        if (address.getHost() == null || !HTTP.contains(String.valueOf(address.getScheme()))) {
            throw new IllegalArgumentException("'" + address + "' is no http address, such as http://localhost:8081.");
        }
        this.address = address;
        this.root = root;
        this.token = token;
        this.connectTimeout = connectTimeout;
        this.answerTimeout = answerTimeout;
    }

    /**
     * @param address of the service, as {@code http://localhost:8081}; the operations' paths follow it
     * @param token asked for before each request, so that it can be renewed
     */
    public static Connection to(URI address, Supplier<String> token) {
        return new Connection(address, API, token, CONNECT, ANSWER);
    }

    /**
     * Over the address that serves the console and all four APIs.
     *
     * @param api as there: {@code inventory}, {@code licenses}, {@code upgrades} or {@code agents}
     */
    public static Connection throughEdge(URI edge, String api, Supplier<String> token) {
        return new Connection(edge, API + "/" + api, token, CONNECT, ANSWER);
    }

    /** The same, with other time-outs. Usual are 5 s to connect and 60 s from the request's start to the answer's end. */
    public Connection within(Duration connectTimeout, Duration answerTimeout) {
        return new Connection(address, root, token, connectTimeout, answerTimeout);
    }

    public URI address() {
        return address;
    }

    /** What the generated operations are made of. */
    public Call call(String method, String path) {
        return new Call(this, method, path);
    }

    /** @param path as the documents have it, with its query */
    URI resolve(String path) {
        String base = address.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + root
                + path.substring(API.length()));
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
