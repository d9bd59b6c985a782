package dev.interlock.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request as a generated operation puts it together; sent by what reads the answer. */
public final class Call {

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String PROBLEM = "application/problem+json";
    private static final int LARGEST_PROBLEM = 65_536;

    private final Connection connection;
    private final String method;
    private final HttpRequest.Builder request = HttpRequest.newBuilder();
    private final StringBuilder query = new StringBuilder();
    private String path;
    private HttpRequest.BodyPublisher body = BodyPublishers.noBody();

    Call(Connection connection, String method, String path) {
        this.connection = connection;
        this.method = method;
        this.path = path;
    }

    public Call path(String name, Object value) {
        String part = value.toString();
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
            throw new PathPartException(name, part);
        }
        path = path.replace("{" + name + "}", encode(part));
        return this;
    }

    /** Left out where it is null. */
    public Call query(String name, @Nullable Object value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(encode(value.toString()));
        }
        return this;
    }

    /** Left out where it is null; but a creation always has a key: sent twice by accident, it creates once. */
    public Call header(String name, @Nullable Object value) {
        if (value != null) {
            request.header(name, value.toString());
        } else if (name.equals(IDEMPOTENCY_KEY)) {
            request.header(name, UUID.randomUUID().toString());
        }
        return this;
    }

    public Call body(Value value) {
        value.insistOnRequired();
        return body("application/json", value.json().toString());
    }

    public Call body(String contentType, String text) {
        boolean charset = contentType.startsWith("text/");
        request.header("Content-Type", charset ? contentType + "; charset=utf-8" : contentType);
        body = BodyPublishers.ofString(text);
        return this;
    }

    public Call body(String contentType, byte[] bytes) {
        request.header("Content-Type", contentType);
        body = BodyPublishers.ofByteArray(bytes);
        return this;
    }

    public <T> Answer<T> json(Read<T> read) {
        HttpResponse<byte[]> answer = whole("application/json");
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new MalformedAnswerException(connection, "The answer of " + connection.address() + " is not JSON", e);
        }
        return new Answer<>(answer.statusCode(), answer.headers(), json, read.of(json));
    }

    public Answer<@Nullable Void> nothing() {
        HttpResponse<byte[]> answer = whole("application/json");
        return new Answer<>(answer.statusCode(), answer.headers(), Json.MISSING, null);
    }

    /** @param mediaTypes what the operation answers with */
    public Answer<Content> content(String mediaTypes) {
        HttpResponse<InputStream> answer = send(mediaTypes + ", " + PROBLEM + ";q=0.5", BodyHandlers.ofInputStream());
        if (answer.statusCode() / 100 != 2) {
            try (InputStream refusal = answer.body()) {
                throw refused(answer.statusCode(), refusal.readNBytes(LARGEST_PROBLEM));
            } catch (IOException e) {
                throw new BrokenConnectionException(connection, e);
            }
        }
        return new Answer<>(
                answer.statusCode(), answer.headers(), Json.MISSING, new Content(connection, answer.body()));
    }

    private HttpResponse<byte[]> whole(String accept) {
        HttpResponse<byte[]> answer = send(accept, BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw refused(answer.statusCode(), answer.body());
        }
        return answer;
    }

    private ProblemException refused(int status, byte[] body) {
        JsonNode problem;
        try {
            problem = Json.MAPPER.readTree(body);
        } catch (IOException e) {
            problem = Json.MISSING;
        }
        return new ProblemException(connection, status, new Problem(problem.isObject() ? problem : Json.MISSING));
    }

    private <B> HttpResponse<B> send(String accept, BodyHandler<B> handler) {
        request.uri(connection.resolve(path + query))
                .method(method, body)
                .header("Accept", accept)
                .header("Authorization", "Bearer " + connection.token());
        var answer = connection.http().sendAsync(request.build(), handler);
        try {
            // a request's own time-out ends with the headers in one JDK and with the body in another, which a stream
            // must not
            return answer.get(connection.answerTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new TimedOutException(connection, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(connection, e);
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private ClientException failed(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new UnreachableException(connection, cause);
        }
        return new BrokenConnectionException(connection, cause == null ? failure : cause);
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
