package dev.interlock.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What the story has discovered: the lab's hosts by deployment. */
final class Estate {
    /** @param variant how the product is installed there, as the inventory recognised it */
    record DemoHost(
            UUID id,
            String name,
            String address,
            int port,
            String user,
            String credential,
            String hostKey,
            String product,
            String version,
            String variant) {}

    private final Map<String, UUID> deployments = new LinkedHashMap<>();
    private final Map<String, List<DemoHost>> members = new LinkedHashMap<>();

    void add(String deployment, UUID id, List<DemoHost> hosts) {
        deployments.put(deployment, id);
        members.put(deployment, List.copyOf(hosts));
    }

    UUID deployment(String name) {
        return Objects.requireNonNull(deployments.get(name), name);
    }

    List<DemoHost> hosts(String deployment) {
        return Objects.requireNonNull(members.get(deployment), deployment);
    }

    List<DemoHost> hosts() {
        var all = new ArrayList<DemoHost>();
        members.values().forEach(all::addAll);
        return all;
    }

    int deployments() {
        return deployments.size();
    }
}
