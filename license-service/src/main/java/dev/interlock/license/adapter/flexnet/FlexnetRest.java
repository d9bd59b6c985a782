package dev.interlock.license.adapter.flexnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.interlock.license.app.FlexnetSettings;
import dev.interlock.license.app.ServerTrouble;
import dev.interlock.license.app.ServerTrouble.Kind;
import dev.interlock.license.domain.HealthReading;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The REST API of a local license server. The root key of its health document differs between versions: any single one will do. */
@Singleton
final class FlexnetRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_ANSWER = 1 << 20;

    private final HttpClient http;
    private final FlexnetSettings settings;
    private final Administrators administrators;
    private final Map<ServerId, String> tokens = new ConcurrentHashMap<>();

    FlexnetRest(FlexnetSettings settings, Administrators administrators) {
        this.settings = settings;
        this.administrators = administrators;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .build();
    }

    HealthReading health(LicenseServer server) {
        var base = Managed.of(server).baseUrl();
        try {
            var answer = send(request(base, "/api/1.0/health").GET().build());
            var root = answer.body();
            var document =
                    root.size() == 1 && !root.has("database") ? root.elements().next() : root;
            if (answer.status() != 200 || !document.isObject() || !document.has("database")) {
                return new HealthReading.NotAHealthDocument(answer.status());
            }
            var check = document.at("/database/connectionCheck");
            return new HealthReading.Answered(
                    check.isTextual() ? check.asText() : null,
                    document.path("version").isTextual()
                            ? document.path("version").asText()
                            : null);
        } catch (IOException e) {
            return reading(e, URI.create(base));
        }
    }

    /** Authorises when it has no token; once more when the token is not taken, because a restart forgets them; then it stops. */
    JsonNode get(LicenseServer server, String path) {
        var base = Managed.of(server).baseUrl();
        try {
            var token = tokens.get(server.id());
            if (token != null) {
                var answer = send(request(base, path)
                        .header("Authorization", "Bearer " + token)
                        .GET()
                        .build());
                if (answer.status() != 401) {
                    return body(answer, path);
                }
                tokens.remove(server.id());
            }
            var answer = send(request(base, path)
                    .header("Authorization", "Bearer " + authorise(server, base))
                    .GET()
                    .build());
            if (answer.status() == 401) {
                tokens.remove(server.id());
                throw new ServerTrouble(
                        Kind.REFUSED,
                        server.name() + " let the administrator in, but then did not take its token.",
                        "Look at the server's log; the clocks of both sides may differ.");
            }
            return body(answer, path);
        } catch (IOException e) {
            var health = reading(e, URI.create(base)).health();
            throw new ServerTrouble(
                    Kind.UNREACHABLE, server.name() + ": " + health.cause() + ".", String.valueOf(health.next()));
        }
    }

    private String authorise(LicenseServer server, String base) throws IOException {
        var password = administrators.password(server);
        var body = JSON.createObjectNode()
                .put("user", settings.user())
                .put("password", password.password().reveal());
        var answer = send(request(base, "/api/1.0/instances/~/authorize")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
        if (answer.status() == 200 && answer.body().path("token").isTextual()) {
            administrators.letIn(server, password);
            var token = answer.body().path("token").asText();
            tokens.put(server.id(), token);
            return token;
        }
        if (answer.body().path("key").asText().toLowerCase(Locale.ROOT).contains("locked")) {
            throw administrators.lockedOut(server);
        }
        // 500 instead of 401 on a wrong password has been seen
        if (answer.status() == 401 || answer.status() == 403 || answer.status() == 500) {
            throw administrators.refused(server, password);
        }
        throw new ServerTrouble(
                Kind.REFUSED,
                server.name() + " answered " + answer.status() + " to the administrator.",
                "Look at the server's log.");
    }

    private static JsonNode body(Answer answer, String path) {
        if (answer.status() != 200) {
            throw new ServerTrouble(
                    Kind.REFUSED,
                    "The license server answered " + answer.status() + " to " + path + ".",
                    "Look at the server's log.");
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String base, String path) {
        return HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
                .timeout(settings.timeout())
                .header("Accept", "application/json");
    }

    private record Answer(int status, JsonNode body) {}

    private Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return new Answer(answer.statusCode(), json(body.readNBytes(LARGEST_ANSWER)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            var read = JSON.readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private HealthReading reading(IOException failure, URI base) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return new HealthReading.NameUnknown(base.getHost());
            }
            if (cause instanceof NoRouteToHostException
                    || cause instanceof HttpConnectTimeoutException
                    || String.valueOf(cause.getMessage()).contains("unreachable")) {
                return new HealthReading.Unreachable();
            }
            if (cause instanceof SSLException) {
                return String.valueOf(cause.getMessage()).contains("certif")
                        ? new HealthReading.Broken("its certificate is not trusted: " + cause.getMessage())
                        : new HealthReading.NotHttps();
            }
        }
        if (failure instanceof ConnectException) {
            int port = base.getPort();
            return new HealthReading.Refused(port >= 0 ? port : "https".equals(base.getScheme()) ? 443 : 80);
        }
        if (failure instanceof HttpTimeoutException) {
            return new HealthReading.TooSlow(settings.timeout());
        }
        return new HealthReading.Broken(String.valueOf(failure.getMessage()));
    }
}
