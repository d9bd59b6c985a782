package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.edge.Edge;
import dev.interlock.embedded.Ports;
import dev.interlock.inventory.InventoryService;
import dev.interlock.testkit.ServiceUnderTest;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signing in and out at an identity provider as people do: {@code console/e2e/sign-in} clicks in Chromium, at the edge with the console's
 * page, a service behind it, and a certified OpenID provider of its own process, which insists on PKCE.
 */
class BrowserSignInTest {
    private static final Path SCRIPTS =
            Path.of("../../console/e2e/sign-in").toAbsolutePath().normalize();
    private static final String SECRET = "only-the-edge-knows-this-secret-of-its-own";

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void whoSignsInAtTheProviderIsSignedOutThereToo() throws Exception {
        NodeScript.assumeBrowserAndPage();
        NodeScript.install(SCRIPTS, folder);
        int port = Ports.free();
        var console = "http://localhost:" + port;
        var provider = new ProcessBuilder("node", "provider.mjs", console, SECRET)
                .directory(SCRIPTS.toFile())
                .redirectError(folder.resolve("provider.txt").toFile())
                .start();
        try {
            var issuer = issuer(provider);
            try (var inventory = InventoryService.start(trusting(issuer, ServiceUnderTest.properties("inventory")));
                    var edge = Edge.start(trusting(
                            issuer,
                            Map.of(
                                    "micronaut.server.port",
                                    port,
                                    "interlock.edge.services.inventory",
                                    inventory
                                            .getBean(EmbeddedServer.class)
                                            .getURI()
                                            .toString(),
                                    "interlock.edge.oidc.issuer",
                                    issuer,
                                    "interlock.edge.oidc.client-secret",
                                    SECRET)))) {
                assertThat(edge.isRunning()).isTrue();
                var said = NodeScript.run(List.of("node", "sign-in.mjs", console), SCRIPTS, folder, 180);
                System.out.println(said);
                var result = new ObjectMapper().readTree(said.lines().toList().getLast());
                assertThat(result.path("ok").asBoolean()).isTrue();
                assertThat(result.path("held").asInt()).isGreaterThan(10);
            }
        } finally {
            provider.destroyForcibly().waitFor();
        }
    }

    /** It says so in its first line; what it complains of is in the test's folder. */
    private static String issuer(Process provider) throws IOException {
        var line = provider.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(line).as("the provider starts").isNotNull();
        return new ObjectMapper().readTree(line).path("issuer").asText();
    }

    private static Map<String, Object> trusting(String issuer, Map<String, Object> more) {
        var properties = new HashMap<>(more);
        properties.put("interlock.security.jwks", "");
        properties.put("interlock.security.jwks-url", issuer + "/jwks");
        properties.put("interlock.security.issuer", issuer);
        properties.put("interlock.security.audience", "interlock");
        return properties;
    }
}
