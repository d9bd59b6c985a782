package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.inventory.InventoryService;
import dev.interlock.lab.Lab;
import dev.interlock.testkit.Infrastructure;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** All hosts of a lab, registered in a real inventory and probed by it. */
final class InventoriedLab implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApplicationContext inventory;
    private final Rest rest;

    InventoriedLab(Lab lab, Infrastructure servers) {
        var properties = ServiceUnderTest.properties("inventory", servers);
        properties.put("interlock.credentials.dir", lab.credentials().toString());
        inventory = InventoryService.start(properties);
        URI uri = inventory.getBean(EmbeddedServer.class).getURI();
        rest = new Rest(uri, TestTokens.token("pat", "operator"));
        importCsv(uri, lab.inventoryCsv());
        await("all hosts are probed").atMost(Duration.ofSeconds(60)).until(() -> {
            int reachable = 0;
            var hosts = rest.get("/hosts?limit=200").accepted().get("items");
            for (var host : hosts) {
                reachable += host.get("status").asText().equals("reachable") ? 1 : 0;
            }
            return !hosts.isEmpty() && reachable == hosts.size();
        });
    }

    Rest rest() {
        return rest;
    }

    /** The id of a deployment. */
    String deployment(String name) {
        for (var deployment : rest.get("/deployments").accepted().get("items")) {
            if (deployment.get("name").asText().equals(name)) {
                return deployment.get("deploymentId").asText();
            }
        }
        throw new AssertionError("no deployment " + name);
    }

    private static void importCsv(URI inventory, String csv) {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(inventory.resolve("/api/v1/imports?format=csv"))
                            .header("Authorization", "Bearer " + TestTokens.token("pat", "operator"))
                            .header("Content-Type", "text/csv")
                            .POST(HttpRequest.BodyPublishers.ofString(csv))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s", answer.body()).isBetween(200, 299);
            assertThat(JSON.readTree(answer.body()).get("rejected")).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        inventory.close();
    }
}
