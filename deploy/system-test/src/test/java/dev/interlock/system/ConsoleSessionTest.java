package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.edge.Edge;
import dev.interlock.inventory.InventoryService;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestInfrastructure;
import dev.interlock.testkit.TestTokens;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A person at the console's address and a real service behind it, in one JVM as in the standalone system. */
@Timeout(120)
class ConsoleSessionTest {

    private static final String HOST =
            "{\"name\":\"kcm-01\",\"address\":\"10.20.0.11\",\"port\":22,\"user\":\"root\",\"credential\":\"fleet\"}";

    @Test
    void onePersonSignsInWorksAndIsProtectedFromOtherSites() throws Exception {
        var properties = ServiceUnderTest.properties("inventory", TestInfrastructure.get());
        try (var inventory = InventoryService.start(properties)) {
            var service = inventory.getBean(EmbeddedServer.class).getURI().toString();
            try (var edge = Edge.start(Map.of(
                    "interlock.security.jwks",
                    TestTokens.jwksJson(),
                    "micronaut.server.port",
                    -1,
                    "interlock.edge.services.inventory",
                    service))) {
                var address = URI.create(
                        "http://localhost:" + edge.getBean(EmbeddedServer.class).getPort());
                var signedIn = send(
                        address,
                        "POST",
                        "/session",
                        "{\"token\":\"" + TestTokens.token("olga", "viewer", "operator") + "\"}",
                        "Origin",
                        address.toString());
                assertThat(signedIn.statusCode()).isEqualTo(200);
                var cookie = signedIn.headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow()
                        .split(";", 2)[0];

                var refused = send(
                        address,
                        "POST",
                        "/api/inventory/v1/hosts",
                        HOST,
                        "Cookie",
                        cookie,
                        "Origin",
                        "https://evil.example");
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(hosts(address, cookie)).isEmpty();

                var registered = send(
                        address,
                        "POST",
                        "/api/inventory/v1/hosts",
                        HOST,
                        "Cookie",
                        cookie,
                        "Origin",
                        address.toString());
                assertThat(registered.statusCode()).as(registered.body()).isEqualTo(201);
                var place = registered.headers().firstValue("Location").orElseThrow();
                assertThat(place).startsWith("/api/inventory/v1/hosts/");
                assertThat(send(address, "GET", place, null, "Cookie", cookie).statusCode())
                        .isEqualTo(200);
                assertThat(hosts(address, cookie))
                        .extracting(host -> host.path("name").asText())
                        .containsExactly("kcm-01");
            }
        }
    }

    private static JsonNode hosts(URI address, String cookie) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(send(address, "GET", "/api/inventory/v1/hosts", null, "Cookie", cookie)
                        .body())
                .path("items");
    }

    private static HttpResponse<String> send(
            URI address, String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .headers(headers)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}
