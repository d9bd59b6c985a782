package dev.interlock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.lab.Lab;
import dev.interlock.lab.faults.Fault;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.TestInfrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The lab's IGEL UMS network, imported and probed: roles, registrations in its real database, an orphan. */
class UmsLabTest {

    private static final Map<String, Object> SELDOM = Map.of(
            "interlock.inventory.probe.every", "1h",
            "interlock.inventory.probe.first-retry", "1h",
            "interlock.inventory.probe.last-retry", "1h");

    private static List<String> orphans(JsonNode deployment) {
        var found = new ArrayList<String>();
        deployment.path("orphans").forEach(each -> found.add(each.path("kind").asText()));
        return found;
    }

    private static JsonNode await(InventoryUnderTest inventory, String path, Predicate<JsonNode> as) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> inventory.get(path).body(), as);
    }

    @Test
    @Clause("G2")
    void anImportedNetworkHasItsRolesAndAnOrphanInItsDatabaseIsFoundAndGoesAway() {
        var postgres = TestInfrastructure.get();
        var database = "ums_" + UUID.randomUUID().toString().replace("-", "");
        try (var lab = Lab.builder()
                .timeScale(50)
                .umsDatabase(postgres.jdbcUrl(database), postgres.username(), postgres.password())
                .start()) {
            lab.addUms("ums", 2, 1, 1);
            try (var inventory = InventoryUnderTest.start(lab.credentials(), SELDOM)) {
                inventory.importFile("csv", lab.inventoryCsv());
                var hosts = Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(
                                () -> inventory.all("/api/v1/hosts?limit=50"),
                                all -> all.size() == 4
                                        && all.stream()
                                                .allMatch(host -> host.path("status")
                                                        .asText()
                                                        .equals("reachable")));
                var variants = new HashMap<String, String>();
                var ids = new HashMap<String, String>();
                for (var host : hosts) {
                    var name = host.path("name").asText();
                    ids.put(name, host.path("hostId").asText());
                    variants.put(
                            name,
                            host.path("components").path(0).path("version").asText() + " "
                                    + host.path("components")
                                            .path(0)
                                            .path("variant")
                                            .asText());
                }
                assertThat(variants)
                        .containsOnly(
                                Map.entry("ums-server-1", "12.04.100 server"),
                                Map.entry("ums-server-2", "12.04.100 server"),
                                Map.entry("ums-balancer-1", "12.04.100 load-balancer"),
                                Map.entry("ums-console-1", "12.04.100 console"));
                var listed =
                        inventory.all("/api/v1/deployments?product=igel-ums").getFirst();
                var path = "/api/v1/deployments/" + listed.path("deploymentId").asText();
                var roles = new HashMap<String, String>();
                listed.path("members")
                        .forEach(member -> roles.put(
                                member.path("host").asText(),
                                member.path("role").asText()));
                assertThat(roles)
                        .containsOnly(
                                Map.entry("ums-server-1", "server"),
                                Map.entry("ums-server-2", "server"),
                                Map.entry("ums-balancer-1", "load-balancer"),
                                Map.entry("ums-console-1", "console"));
                var first = String.valueOf(ids.get("ums-server-1"));
                inventory.probe(first);
                var clean = await(inventory, path, each -> each.path("orphans").isArray());
                assertThat(orphans(clean)).isEmpty();
                assertThat(clean.path("registrations").path("registered").asInt())
                        .as("two servers, one balancer")
                        .isEqualTo(3);

                for (var kind : List.of("server", "load-balancer")) {
                    lab.host("ums-server-1").fail(Fault.ORPHAN, kind);
                    inventory.probe(first);
                    var found = await(inventory, path, each -> !orphans(each).isEmpty());
                    assertThat(orphans(found)).containsExactly(kind);
                    lab.host("ums-server-1").heal(Fault.ORPHAN);
                    inventory.probe(first);
                    await(inventory, path, each -> orphans(each).isEmpty());
                }
            }
        }
    }
}
