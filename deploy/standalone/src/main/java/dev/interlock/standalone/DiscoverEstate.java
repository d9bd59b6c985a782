package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import dev.interlock.standalone.Estate.DemoHost;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The first chapter: hosts are imported, logged in at, and recognised. */
final class DiscoverEstate {
    private final Telling story;

    DiscoverEstate(Telling story) {
        this.story = story;
    }

    Estate tell() {
        story.narrator.chapter("Discover the estate", """
                Pat imports a list of hosts, each with the SSH host key it must show. The inventory logs in at
                each one, looks what runs there, and tells everybody on Kafka.""");
        var pat = story.api("inventory", "operator");
        var report = pat.postText("/imports?format=csv", "text/csv", story.lab("/inventory.csv"));
        int imported = report.path("created").asInt();
        story.narrator.tell("pat imports the lab's hosts: " + imported + " new, "
                + report.path("deployments").asInt() + " deployments, "
                + report.path("rejected").size() + " lines refused");
        var listed = Telling.await("every host is reachable and its product known", Duration.ofSeconds(60), () -> {
            var all = Telling.items(pat.get("/hosts?limit=100"));
            boolean known = all.size() == imported
                    && all.stream()
                            .allMatch(h -> h.path("status").asText().equals("reachable")
                                    && !h.path("components").isEmpty());
            return known ? all : null;
        });
        var hosts = new LinkedHashMap<String, DemoHost>();
        for (var host : listed) {
            var found = host(host);
            hosts.put(found.id().toString(), found);
            story.lines.name(found.id(), found.name());
            story.expected.add(
                    Channel.INVENTORY_EVENTS, "HostDiscovered", found.id().toString(), found.name());
            story.expected.add(Channel.INVENTORY_HOSTS, "HostState", found.id().toString(), found.name());
        }
        var estate = new Estate();
        for (var deployment : Telling.items(pat.get("/deployments"))) {
            var id = deployment.path("deploymentId").asText();
            var name = deployment.path("name").asText();
            estate.add(
                    name,
                    UUID.fromString(id),
                    StreamSupport.stream(deployment.path("members").spliterator(), false)
                            .map(m -> hosts.get(m.path("hostId").asText()))
                            .toList());
            story.expected.add(Channel.INVENTORY_EVENTS, "DeploymentRegistered", id, name);
            story.expected.add(Channel.INVENTORY_DEPLOYMENTS, "DeploymentState", id, name);
        }
        story.check(
                estate.hosts().size() == imported,
                "all " + imported + " hosts are recognised: "
                        + estate.hosts().stream()
                                .collect(Collectors.groupingBy(
                                        h -> h.product() + " " + h.version(),
                                        LinkedHashMap::new,
                                        Collectors.counting()))
                                .entrySet()
                                .stream()
                                .map(e -> e.getValue() + " × " + e.getKey())
                                .collect(Collectors.joining(", ")));
        return estate;
    }

    private static DemoHost host(JsonNode host) {
        var component = host.path("components").path(0);
        return new DemoHost(
                UUID.fromString(host.path("hostId").asText()),
                host.path("name").asText(),
                host.path("address").asText(),
                host.path("port").asInt(),
                host.path("user").asText(),
                host.path("credential").asText(),
                host.path("hostKey").asText(),
                component.path("product").asText(),
                component.path("version").asText(),
                component.path("variant").asText());
    }
}
