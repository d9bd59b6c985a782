package dev.interlock.platform.http;

import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.CurrentActor;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.json.JsonMapper;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Keeps first answers in the database. Two requests with one key meet at an advisory lock: the second is told to wait. */
@Singleton
@Requires(beans = DataSource.class)
final class JdbcIdempotency implements Idempotency {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final List<String> KEPT = List.of(HttpHeaders.LOCATION, HttpHeaders.ETAG, HttpHeaders.CONTENT_TYPE);
    private static final Argument<Map<String, String>> HEADERS = Argument.mapOf(String.class, String.class);

    private final TransactionOperations<Connection> transactions;
    private final CurrentActor actor;
    private final JsonMapper json;
    private final Clock clock;

    JdbcIdempotency(TransactionOperations<Connection> transactions, CurrentActor actor, JsonMapper json, Clock clock) {
        this.transactions = transactions;
        this.actor = actor;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public HttpResponse<?> once(
            HttpRequest<?> request, @Nullable Object body, Supplier<? extends HttpResponse<?>> work) {
        var key = request.getHeaders().get(HEADER);
        if (key == null) {
            return transactions.executeWrite(status -> work.get());
        }
        if (!KEY.matcher(key).matches()) {
            throw ProblemException.invalid(
                    HEADER + " is not 1 to 255 visible ASCII characters", "Use a random UUID for each creation.");
        }
        var who = actor.orSystem().name();
        var hash = hash(request, body);
        return transactions.executeWrite(status -> {
            var connection = status.getConnection();
            lock(connection, who, key);
            var before = find(connection, who, key, hash);
            if (before != null) {
                return before;
            }
            var answer = work.get();
            if (answer.code() < 500) {
                keep(connection, who, key, hash, answer);
            }
            return answer;
        });
    }

    private static void lock(Connection connection, String who, String key) throws SQLException {
        try (var lock = connection.prepareStatement(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('interlock idempotency ' || ? || ' ' || ?, 0))")) {
            lock.setString(1, who);
            lock.setString(2, key);
            try (var rows = lock.executeQuery()) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    throw ProblemException.conflict(
                            "request-in-flight",
                            "The same request is being handled",
                            "A request with this " + HEADER + " has not ended yet.",
                            "Wait a moment, then send it again with the same key to get its answer.");
                }
            }
        }
    }

    private @Nullable HttpResponse<?> find(Connection connection, String who, String key, byte[] hash)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT request, status, headers, body FROM idempotency WHERE actor = ? AND key = ?")) {
            select.setString(1, who);
            select.setString(2, key);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                if (!MessageDigest.isEqual(rows.getBytes(1), hash)) {
                    throw Problem.of("idempotency-key-reused", 422, "The Idempotency-Key was used for another request")
                            .detail("A request with this key, but another path or body, was answered before.")
                            .next("Use a new key for each new request.")
                            .exception();
                }
                MutableHttpResponse<String> answer = HttpResponse.status(rows.getInt(2), "");
                json.readValue(rows.getString(3), HEADERS).forEach(answer::header);
                answer.header("Idempotency-Replayed", "true");
                var text = rows.getString(4);
                return text == null ? answer : answer.body(text);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    private void keep(Connection connection, String who, String key, byte[] hash, HttpResponse<?> answer)
            throws SQLException {
        try (var insert = connection.prepareStatement("""
                INSERT INTO idempotency (actor, key, request, status, headers, body, created_at)
                VALUES (?, ?, ?, ?, ?::json, ?, ?)
                """)) {
            var headers = new LinkedHashMap<String, String>();
            for (String name : KEPT) {
                var value = answer.header(name);
                if (value != null) {
                    headers.put(name, value);
                }
            }
            var body = answer.body();
            if (body != null) {
                headers.putIfAbsent(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
            }
            insert.setString(1, who);
            insert.setString(2, key);
            insert.setBytes(3, hash);
            insert.setInt(4, answer.code());
            insert.setString(5, json.writeValueAsString(headers));
            insert.setString(
                    6, body == null ? null : body instanceof String text ? text : json.writeValueAsString(body));
            insert.setTimestamp(7, Timestamp.from(clock.instant()));
            insert.executeUpdate();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private byte[] hash(HttpRequest<?> request, @Nullable Object body) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update((request.getMethodName() + " " + request.getUri() + "\n").getBytes(StandardCharsets.UTF_8));
            if (body instanceof String text) {
                sha.update(text.getBytes(StandardCharsets.UTF_8));
            } else if (body != null) {
                sha.update(json.writeValueAsBytes(body));
            }
            return sha.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
